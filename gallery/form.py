"""The forms of this application: what WTForms says of its own accord, in our words."""

from typing import Any

from flask_wtf import FlaskForm

from .languages import N_, said

# Fields with sentences of their own say those; these are of what only a bent request sends,
# or a browser that checks nothing.
WORDS = {
    "This field is required.": N_("This is missing."),
    "Not a valid choice.": N_("Choose one of those that are offered."),
    "Not a valid date value.": N_("Write a day as 2026-07-31."),
}


class Form(FlaskForm):
    class Meta(FlaskForm.Meta):
        def get_translations(self, _form: Any) -> "Words":
            return Words()


class Words:
    """What WTForms takes for a catalogue; it asks for no plural that we do not give it."""

    def gettext(self, text: str) -> str:
        return said(WORDS.get(text, text))

    def ngettext(self, singular: str, plural: str, number: int) -> str:
        return singular if number == 1 else plural
