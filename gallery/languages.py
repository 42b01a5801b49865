"""In which language the pages speak: English stands in its place, other languages in catalogues."""

import functools
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from babel import Locale, negotiate_locale
from babel.numbers import format_decimal
from babel.support import NullTranslations
from flask import Flask, Response, current_app, g, has_request_context, request
from flask_babel import Babel, force_locale, get_locale, get_translations
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup

ENGLISH = Locale("en")


def init_app(app: Flask) -> None:
    """Speak each language that has a catalogue, in the package or in the instance folder."""
    own = os.path.join(app.instance_path, "translations")
    app.config.setdefault("BABEL_TRANSLATION_DIRECTORIES", f"translations;{own}")
    babel = Babel(app, locale_selector=_liked_best)
    app.jinja_env.globals["locale"] = spoken
    app.jinja_env.policies["ext.i18n.trimmed"] = True
    _speak_quickly(app)
    with app.app_context():
        known = {str(locale).replace("_", "-") for locale in babel.list_translations()}
    app.config["LANGUAGES"] = sorted({"en", *known})


def _speak_quickly(app: Flask) -> None:
    """Let templates look for the catalogue once: a page has two hundred texts."""

    @pass_eval_context
    def text_of(context: EvalContext, text: str, /, **values: object) -> str:
        found = catalogue().gettext(text)
        return (Markup(found) if context.autoescape else found) % values  # as Jinja's own does

    app.jinja_env.globals.update(_=text_of, gettext=text_of)


def _liked_best() -> str | None:
    """Return the one of our languages that the browser likes best; None for the usual one."""
    if not has_request_context():
        return None
    liked = [language for language, quality in request.accept_languages if quality > 0]
    found = negotiate_locale(liked, current_app.config["LANGUAGES"], sep="-")
    return found and found.replace("-", "_")


def spoken() -> Locale:
    """Return the language of this request; beside one, as on the command line, it is English."""
    if not g:
        return ENGLISH
    found: Locale | None = g.get("spoken")
    if found is None:
        found = g.spoken = get_locale() or ENGLISH
    return found


def catalogue() -> NullTranslations:
    """Return the texts of the language of this request, looked for once."""
    if not g:
        return NullTranslations()
    found: NullTranslations | None = g.get("catalogue")
    if found is None:
        found = g.catalogue = get_translations()
    return found


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Speak a language, whatever the request or the job speaks."""
    kept = {name: g.pop(name, None) for name in ("catalogue", "spoken")}
    try:
        with force_locale(language):
            yield
    finally:
        for name, value in kept.items():
            setattr(g, name, value)


def N_(text: str) -> str:
    """Mark a text that is kept in English, and said in other languages where it is shown."""
    return text


def said(text: str) -> str:
    """Return a text that was kept in English, as pages say it."""
    return (
        str(catalogue().gettext(text)) if text else ""
    )  # the empty text is the head of a catalogue


def say(answer: Response) -> Response:
    """Say the sentence of a refusal in the sender's language; the engine has it in English."""
    if answer.status_code >= 400 and answer.mimetype == "text/plain":
        answer.set_data(said(answer.get_data(as_text=True)))
    return answer


def grouped(number: int) -> str:
    """Return a number as people write it: 2,000."""
    return _grouped(number, spoken())


@functools.lru_cache(2000)  # Babel takes a hundred times as long
def _grouped(number: int, locale: Locale) -> str:
    return str(format_decimal(number, locale=locale))


@dataclass(frozen=True)
class Plural:
    """A sentence about a number, `%(number)s`, said when that is known."""

    one: str
    many: str

    def __call__(self, number: int) -> str:
        said = catalogue().ungettext(self.one, self.many, number)
        return str(said % {"number": grouped(number), "num": number})
