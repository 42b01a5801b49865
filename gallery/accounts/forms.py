"""The forms of sign-in, sign-up and tokens."""

from flask_wtf import FlaskForm
from wtforms import BooleanField, EmailField, HiddenField, PasswordField, StringField
from wtforms.validators import InputRequired, Length, Regexp

# Lenient on purpose: a home network has addresses that no standard lists.
_is_email = Regexp(r"^\s*[^@\s]+@[^@\s]+\s*$", message="This does not look like an email address.")


class LoginForm(FlaskForm):
    email = EmailField("Email", [InputRequired("Your email is missing."), _is_email])
    password = PasswordField("Password", [InputRequired("Your password is missing.")])
    remember = BooleanField("Keep me signed in", default=True)
    next = HiddenField()


class RegisterForm(FlaskForm):
    name = StringField(
        "Name",
        [
            InputRequired("Your name is missing."),
            Regexp(r"\s*\S", message="Your name is missing."),
            Length(max=80, message="80 characters are enough for a name here."),
        ],
    )
    email = EmailField(
        "Email",
        [
            InputRequired("Your email is missing."),
            _is_email,
            Length(max=254, message="This email is longer than any address can be."),
        ],
    )
    password = PasswordField(
        "Password",
        [
            InputRequired("Choose a password."),
            Length(min=8, message="Use 8 characters or more."),
            Length(max=1000, message="1,000 characters are the most."),
        ],
    )


class TokenForm(FlaskForm):
    name = StringField(
        "What is it for?",
        [
            InputRequired("Say what it is for, so that you know it again."),
            Regexp(r"\s*\S", message="Say what it is for, so that you know it again."),
            Length(max=80, message="80 characters are enough here."),
        ],
    )
