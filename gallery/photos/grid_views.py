"""The doors behind every grid: the shape of a list, and its sections one by one."""

from flask import Blueprint, Response, abort, jsonify, render_template, request
from flask.typing import ResponseReturnValue

from ..accounts.guard import is_as_visitor, viewer, viewers
from ..extensions import now, told_moment
from ..headers import asked_again
from . import lists, sections, timeline
from .documents import document
from .lists import PhotoList

bp = Blueprint("grid", __name__, url_prefix="/photos")


@bp.get("/shape")
@viewers
def shape() -> ResponseReturnValue:
    """Answer with all sections of a list's document, each with a letter for every photo.

    And with how many came `since` a moment, which an answer before this one has given.
    """
    photos, moment = _list(), now()
    shown = document(photos, request.args).as_json()
    if since := told_moment(request.args.get("since")):
        shown["came"] = timeline.number_since(photos.scope, since)
    answer = asked_again(request, jsonify(shown))
    answer.headers["As-Of"] = moment.isoformat()
    return answer


@bp.get("/section")
@viewers
def section() -> ResponseReturnValue:
    """Answer with the tiles of a section, as a part of a page."""
    photos = _list()
    rows = sections.rows_from(photos, request.args)
    if not rows:  # it has gone meanwhile: the page asks for the shape again
        abort(404)
    part = render_template(
        "photos/_section.html",
        tiles=sections.tiles_in(photos, rows),
        places=sections.places_of(photos, rows),
    )
    return asked_again(request, Response(part))


def _list() -> PhotoList:
    kept = {"as": "visitor"} if is_as_visitor() else {}
    found = lists.of(request.args.get("in", ""), viewer(), **kept)
    if found is None:
        abort(404)
    return found
