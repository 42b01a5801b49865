"""The doors of the lists that a photo is put on by a word: favourites, and the archive."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from ..accounts.guard import signed_in, user
from . import lists
from .grids import grid_page

bp = Blueprint("lists", __name__)


@bp.get("/favourites")
@signed_in
def favourites() -> ResponseReturnValue:
    grid = grid_page(lists.mine("favourites", user()), request.args)
    return render_template("photos/favourites.html", grid=grid)


@bp.get("/archive")
@signed_in
def archive() -> ResponseReturnValue:
    grid = grid_page(lists.mine("archive", user()), request.args)
    return render_template("photos/archive.html", grid=grid)
