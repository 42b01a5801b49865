"""The door of the search: one page, whose address says all of it."""

from typing import NamedTuple

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from ..accounts.guard import signed_in, user
from ..extensions import now
from ..photos import lists, looking
from ..photos.grids import Grid, grid_page
from ..photos.wording import number_of
from .documenting import EXAMPLES
from .echo import phrase_of, sentence_of
from .finding import Search
from .grammar import LONGEST
from .suggestions import suggestions_for

bp = Blueprint("search", __name__)


class Chip(NamedTuple):
    url: str
    label: str


@bp.get("/search")
@signed_in
def index() -> ResponseReturnValue:
    search = Search(
        request.args.get("q", "").strip()[: LONGEST + 1],
        user(),
        is_all=request.args.get("whose") == "all",
        is_best=request.args.get("order") == "best",
    )
    grid = grid_page(lists.of_search(search), request.args) if search.query.said else None
    return render_template(
        "search/index.html",
        search=search,
        grid=grid,
        number=_number(grid) if grid else "",
        sentence=sentence_of(search.query, is_all=search.is_all),
        terms=_chips(search),
        quick=_quick(search),
        suggestions=suggestions_for(user(), search.known.albums),
        examples=[(search.url(each.text), each) for each in EXAMPLES],
        longest=LONGEST,
        pending=looking.hasten(grid.page.pending) if grid else False,
    )


def _number(grid: Grid) -> str:
    """Return how many were found, as far as the page knows without counting."""
    if grid.previous or not grid.page.rows:
        return ""
    number = number_of(len(grid.page.rows), "photo")
    return _("more than %(photos)s", photos=number) if grid.next else number


def _chips(search: Search) -> list[Chip]:
    """Each term, with the address of the search without it."""
    return [
        Chip(search.url(search.query.without(said)), phrase_of(said.term))
        for said in search.query.said
    ]


def _quick(search: Search) -> list[Chip]:
    """Filters that are not in the query yet, with the address of the search with them."""
    year = now().year
    filters = {
        "is:favourite": _("Favourites"),
        "is:video": _("Videos"),
        f"from:{year}": _("From %(year)s", year=year),
        "rating:>=4": _("4 stars or more"),
        "is:untagged": _("Without tags"),
    }
    said = search.query.text
    return [
        Chip(search.url(f"{said} {text}".strip()), label)
        for text, label in filters.items()
        if text not in said.split()
    ]
