"""The doors of the one who was given something: what waits, letting it in, and turning it down."""

from collections.abc import Callable

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Select

from ..accounts.guard import own_page, signed_in, user
from ..accounts.models import User
from ..extensions import begin_writing, db
from ..languages import Plural
from ..photos import lists
from ..photos.grids import grid_page
from ..photos.models import Photo
from ..photos.picks import picked
from . import gifts

bp = Blueprint("gifts", __name__, url_prefix="/sharing/guests")

LET_IN = Plural("%(number)s photo let in.", "%(number)s photos let in.")
TURNED_DOWN = Plural(
    "%(number)s photo turned down: what was not yours before is in your trash.",
    "%(number)s photos turned down: what was not yours before is in your trash.",
)


@bp.get("")
@signed_in
def index() -> ResponseReturnValue:
    grid = grid_page(lists.mine("guests", user()), request.args)
    return render_template("sharing/guests.html", grid=grid)


@bp.post("/in")
@signed_in
def let_in() -> ResponseReturnValue:
    return _decide(gifts.let_in, LET_IN)


@bp.post("/down")
@signed_in
def turn_down() -> ResponseReturnValue:
    return _decide(gifts.turn_down, TURNED_DOWN)


def _decide(
    act: Callable[[User, Select[Photo]], int], words: Callable[[int], str]
) -> ResponseReturnValue:
    picks = picked(request.form, user())
    begin_writing()
    number = act(user(), picks.photos)
    db.session.commit()
    flash(words(number))
    return redirect(own_page(request.form.get("back")) or url_for(".index"), 303)
