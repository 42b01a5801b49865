"""The forms of sign-in, sign-up, settings and tokens."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    EmailField,
    HiddenField,
    PasswordField,
    RadioField,
    StringField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Regexp, StopValidation, ValidationError

from ..extensions import db
from ..form import Form
from . import identities, passkeys, provider
from .guard import is_proven
from .models import SecondStep, User, normal_email
from .signing_in import fits

# Lenient on purpose: a home network has addresses that no standard lists.
_is_email = Regexp(
    r"^\s*[^@\s]+@[^@\s]+\s*$", message=_l("This does not look like an email address.")
)


class LoginForm(Form):
    email = EmailField(_l("Email"), [InputRequired(_l("Your email is missing.")), _is_email])
    password = PasswordField(_l("Password"), [InputRequired(_l("Your password is missing."))])
    remember = BooleanField(_l("Keep me signed in"), default=True)
    next = HiddenField()


def _name() -> StringField:
    return StringField(
        _l("Name"),
        [
            InputRequired(_l("Your name is missing.")),
            Regexp(r"\s*\S", message=_l("Your name is missing.")),
            Length(max=80, message=_l("80 characters are enough for a name here.")),
        ],
    )


def _email(label: str) -> EmailField:
    return EmailField(
        label,
        [
            InputRequired(_l("Your email is missing.")),
            _is_email,
            Length(max=254, message=_l("This email is longer than any address can be.")),
        ],
    )


def _new_password(label: str) -> PasswordField:
    return PasswordField(
        label,
        [
            InputRequired(_l("Choose a password.")),
            Length(min=8, message=_l("Use 8 characters or more.")),
            Length(max=1000, message=_l("1,000 characters are the most.")),
        ],
    )


class RegisterForm(Form):
    name = _name()
    email = _email(_l("Email"))
    password = _new_password(_l("Password"))


class NameForm(Form):
    name = _name()


def _only_by_proof(_form: Form, _field: PasswordField) -> None:
    raise StopValidation(_("Show first who you are."))


class SureForm(Form):
    """What wants to know once more who is there: by the password, or by a proof just before."""

    current = PasswordField(
        _l("Your password"), [InputRequired(_l("Your password is missing."))], id="current"
    )
    is_by_passkey = False

    def __init__(self, user: User, **options: Any) -> None:
        super().__init__(**options)
        self.user = user
        if is_proven(by_passkey=self.is_by_passkey):
            del self.current
        elif not self.takes_password:
            self.current.validators = [_only_by_proof]

    @property
    def takes_password(self) -> bool:
        return self.user.has_password and not self.is_by_passkey

    @property
    def way(self) -> str:
        """Where they can show a passkey instead."""
        return passkeys.way_of(self.user)

    @property
    def is_known_elsewhere(self) -> bool:
        """Whether the provider can tell instead."""
        return not self.is_by_passkey and identities.of(self.user, provider.issuer()) is not None

    def validate_current(self, field: PasswordField) -> None:
        if not fits(self.user.password_hash, field.data):
            raise ValidationError(_("This is not your password."))


class ByPasskeyForm(SureForm):
    """What takes a passkey alone, which shows that one works: the gallery may have moved since."""

    is_by_passkey = True


class EmailForm(SureForm):
    email = _email(_l("New email"))


class PasswordForm(SureForm):
    password = _new_password(_l("New password"))


class LeaveForm(SureForm):
    email = EmailField(_l("Type your email"), [InputRequired(_l("Your email is missing."))])

    def validate_email(self, field: EmailField) -> None:
        if normal_email(field.data) != self.user.email:
            raise ValidationError(_("This is not the email of this account."))


def _code(label: str) -> StringField:
    return StringField(
        label,
        [
            InputRequired(_l("The code is missing.")),
            Length(max=100, message=_l("No code is as long as that.")),
        ],
    )


class CodeForm(Form):
    """A code of the app, or one kept for the day it is lost."""

    code = _code(_l("Code"))


class FirstCodeForm(CodeForm):
    # Who asked for the secret, and the secret: nothing is kept of it before it is known to work.
    begun = HiddenField()


class SureCodeForm(SureForm):
    code = _code(_l("Code"))

    def __init__(self, user: User, **options: Any) -> None:
        super().__init__(user, **options)
        if is_proven(by_passkey=True):  # which stands for both
            del self.code


class PasskeyForm(SureCodeForm):
    """A passkey asks for no code later, so that one is asked for here."""

    name = StringField(
        _l("Name"),
        [
            InputRequired(_l("Give it a name, so that you know it again.")),
            Regexp(r"\s*\S", message=_l("Give it a name, so that you know it again.")),
            Length(max=80, message=_l("80 characters are enough here.")),
        ],
    )

    def __init__(self, user: User, **options: Any) -> None:
        super().__init__(user, **options)
        if "code" in self and db.session.get(SecondStep, user.id) is None:
            del self.code


class MadePasskeyForm(Form):
    """What a browser made, and the name that was given to it."""

    name = HiddenField(validators=[InputRequired(), Length(max=80)])
    passkey = HiddenField(validators=[InputRequired()])


class ForgotForm(Form):
    email = _email(_l("Email"))


class ResetForm(Form):
    password = _new_password(_l("New password"))


class AppearanceForm(Form):
    theme = RadioField(
        _l("Theme"),
        choices=[
            SelectChoice("", _l("As the system has it")),
            SelectChoice("light", _l("Light")),
            SelectChoice("dark", _l("Dark")),
        ],
        default="",
    )
    rows = RadioField(
        _l("Rows of photos"),
        choices=[
            SelectChoice("s", _l("Small")),
            SelectChoice("", _l("Medium")),
            SelectChoice("l", _l("Large")),
        ],
        default="",
    )


class TokenForm(Form):
    name = StringField(
        _l("What is it for?"),
        [
            InputRequired(_l("Say what it is for, so that you know it again.")),
            Regexp(r"\s*\S", message=_l("Say what it is for, so that you know it again.")),
            Length(max=80, message=_l("80 characters are enough here.")),
        ],
    )
