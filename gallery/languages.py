"""In which language the pages speak: English stands in its place, other languages in catalogues."""

import os

from flask import Flask, current_app, has_request_context, request
from flask_babel import Babel, get_locale

babel = Babel()


def init_app(app: Flask) -> None:
    """Speak each language that has a catalogue, in the package or in the instance folder."""
    own = os.path.join(app.instance_path, "translations")
    app.config.setdefault("BABEL_TRANSLATION_DIRECTORIES", f"translations;{own}")
    babel.init_app(app, locale_selector=_liked_best)
    app.jinja_env.globals["locale"] = get_locale
    app.jinja_env.policies["ext.i18n.trimmed"] = True
    with app.app_context():
        known = sorted(str(locale).replace("_", "-") for locale in babel.list_translations())
    app.config["LANGUAGES"] = known


def _liked_best() -> str | None:
    """Return the one of our languages that the browser likes best; None for the usual one."""
    if not has_request_context():
        return None
    liked = request.accept_languages.best_match(current_app.config["LANGUAGES"])
    return liked and liked.replace("-", "_")
