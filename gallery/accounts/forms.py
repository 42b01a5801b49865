"""The forms of sign-in, sign-up and tokens."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, EmailField, HiddenField, PasswordField, StringField
from wtforms.validators import InputRequired, Length, Regexp

# Lenient on purpose: a home network has addresses that no standard lists.
_is_email = Regexp(
    r"^\s*[^@\s]+@[^@\s]+\s*$", message=_l("This does not look like an email address.")
)


class LoginForm(FlaskForm):
    email = EmailField(_l("Email"), [InputRequired(_l("Your email is missing.")), _is_email])
    password = PasswordField(_l("Password"), [InputRequired(_l("Your password is missing."))])
    remember = BooleanField(_l("Keep me signed in"), default=True)
    next = HiddenField()


class RegisterForm(FlaskForm):
    name = StringField(
        _l("Name"),
        [
            InputRequired(_l("Your name is missing.")),
            Regexp(r"\s*\S", message=_l("Your name is missing.")),
            Length(max=80, message=_l("80 characters are enough for a name here.")),
        ],
    )
    email = EmailField(
        _l("Email"),
        [
            InputRequired(_l("Your email is missing.")),
            _is_email,
            Length(max=254, message=_l("This email is longer than any address can be.")),
        ],
    )
    password = PasswordField(
        _l("Password"),
        [
            InputRequired(_l("Choose a password.")),
            Length(min=8, message=_l("Use 8 characters or more.")),
            Length(max=1000, message=_l("1,000 characters are the most.")),
        ],
    )


class TokenForm(FlaskForm):
    name = StringField(
        _l("What is it for?"),
        [
            InputRequired(_l("Say what it is for, so that you know it again.")),
            Regexp(r"\s*\S", message=_l("Say what it is for, so that you know it again.")),
            Length(max=80, message=_l("80 characters are enough here.")),
        ],
    )
