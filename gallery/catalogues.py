"""What the pages' scripts say in other languages than English."""

import json
from typing import Any

from babel import Locale
from flask import Blueprint, abort, current_app, jsonify, request
from flask.typing import ResponseReturnValue

from .accounts.guard import everyone
from .assets import DIST
from .languages import catalogue, speaking

bp = Blueprint("catalogues", __name__)

NUMBERS = 200  # of which each language uses all its plural forms below that


@bp.get("/words/<language>.json")
@everyone
def show(language: str) -> ResponseReturnValue:
    if language not in current_app.config["LANGUAGES"]:
        abort(404)
    with speaking(language.replace("-", "_")):
        known: Any = catalogue()
    locale = Locale.parse(language, sep="-")
    forms = {locale.plural_form(number): known.plural(number) for number in range(NUMBERS)}
    answer = jsonify(texts=_texts(known), forms=forms)
    answer.headers["Cache-Control"] = "no-cache"
    answer.add_etag()
    return answer.make_conditional(request)


def _texts(known: Any) -> dict[str, Any]:
    """Return what scripts say, by what it is in English; all forms of what has a plural."""
    forms: dict[str, list[str]] = {}
    plural = (pair for pair in known._catalog.items() if isinstance(pair[0], tuple))
    for (text, _), said in sorted(plural):
        forms.setdefault(text, []).append(said)
    spoken = json.loads((DIST / "words.json").read_text("utf-8"))
    found = {text: known._catalog.get(text) or forms.get(text) for text in spoken}
    return {text: said for text, said in found.items() if said}
