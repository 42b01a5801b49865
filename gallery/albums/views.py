"""The doors of albums: all of them, one of them, making, changing and deleting."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import tuple_
from wtforms.fields.choices import SelectChoice

from ..access import albums_to_edit, albums_visible_to, is_looking_into
from ..accounts.guard import is_as_visitor, signed_in, user, viewer, viewers
from ..accounts.models import User
from ..errors import NotPossible
from ..extensions import begin_writing, db
from ..photos import lists, looking
from ..photos.grids import grid_page
from ..photos.lists import Link
from ..photos.models import Visibility
from ..photos.pages import AS_VISITOR, looked_at
from .arranging import sort
from .forms import AlbumForm, NewAlbumForm
from .making import delete as delete_album
from .making import make, nest, rename
from .models import Album, Collaborator, Order, Slug
from .pages import album_page
from .shelf import Card, cards

bp = Blueprint("albums", __name__, url_prefix="/albums")

SHELF = 60  # albums on one page
TITLES = {
    "mine": _l("Your albums"),
    "shared": _l("Shared with you"),
    "others": _l("For everybody here"),
}


@bp.get("")
@signed_in
def index() -> ResponseReturnValue:
    wanted = request.args.get("of")
    shelves = [_shelf(of) for of in TITLES if wanted in (None, of)]
    if not shelves:
        abort(404)
    filled = [shelf for shelf in shelves if shelf["cards"]]
    return render_template("albums/index.html", shelves=filled)


def _shelf(of: str) -> dict[str, object]:
    """One row of albums, those that changed last first, and the address of more of them."""
    me = user()
    visible = albums_visible_to(me).where(Album.owner_id != me.id)
    scope = {
        "mine": Album.owned_by(me).where(Album.parent_id.is_(None)),
        "shared": visible.where(Collaborator.is_of(me)),
        "others": visible.where(~Collaborator.is_of(me), Album.visibility != Visibility.PRIVATE),
    }[of]
    last = request.args.get("after")
    key = tuple_(Album.changed_at, Album.id)
    if last:
        # Only of an album on this shelf, or the page would tell of one that nobody may see.
        place = scope.where(Album.slug == last).with_only_columns(Album.changed_at, Album.id)
        row = db.session.execute(place).one_or_none()
        scope = scope if row is None else scope.where(key < tuple_(*row))
    ordered = scope.order_by(Album.changed_at.desc(), Album.id.desc())
    found = cards(ordered.limit(SHELF + 1), viewer=me)
    more = url_for(".index", of=of, after=found[SHELF - 1].album.slug) if len(found) > SHELF else ""
    return {"of": of, "title": str(TITLES[of]), "cards": found[:SHELF], "more": more}


@bp.get("/recent")
@signed_in
def recent() -> ResponseReturnValue:
    """What came in last, whenever it was taken."""
    grid = grid_page(lists.mine("recent", user()), request.args)
    return render_template(
        "albums/recent.html", grid=grid, pending=looking.hasten(grid.page.pending)
    )


@bp.get("/new")
@signed_in
def new() -> ResponseReturnValue:
    return render_template("albums/new.html", form=NewAlbumForm())


@bp.post("/new")
@signed_in
def create() -> ResponseReturnValue:
    form = NewAlbumForm()
    if not form.validate():
        return render_template("albums/new.html", form=form), 422
    begin_writing()
    album = make(user(), form.title.data.strip())
    db.session.commit()
    return redirect(url_for(".show", slug=album.slug), 303)


@bp.get("/<slug>")
@viewers
def show(slug: str) -> ResponseReturnValue:
    card = _card(slug, viewer())
    if card is None:
        return _elsewhere(slug)
    page = album_page(card, viewer=viewer(), kept=_kept(), at=request.args)
    return render_template(
        "albums/show.html",
        page=page,
        parent=_parent(page.album),
        banner=_banner(page.album),
        pending=looking.hasten(page.grid.page.pending),
    )


def _kept() -> dict[str, str]:
    return {"as": "visitor"} if is_as_visitor() else {}


def _card(slug: str, viewer: User | None) -> Card | None:
    found = cards(albums_visible_to(viewer).where(Album.slug == slug), viewer=viewer)
    return found[0] if found else None


def _elsewhere(slug: str) -> ResponseReturnValue:
    """Lead on from an address that the album had before; or say that visitors see nothing."""
    before = albums_visible_to(viewer()).join(Slug, Slug.album_id == Album.id)
    album = db.session.scalar(before.where(Slug.slug == slug))
    if album is not None:
        return redirect(url_for(".show", slug=album.slug))
    if is_as_visitor() and _card(slug, user()):
        back = url_for(".show", slug=slug)
        return render_template("unseen.html", what="album", back=back)
    abort(404)


def _parent(album: Album) -> Album | None:
    if album.parent_id is None:
        return None
    above = albums_visible_to(viewer()).where(Album.id == album.parent_id)
    return db.session.scalar(above)


def _banner(album: Album) -> Link | None:
    if is_looking_into(album.owner_id, viewer()):
        return looked_at(album.owner)
    if is_as_visitor():
        return Link(url_for(".show", slug=album.slug), AS_VISITOR)
    return None


@bp.get("/<slug>/edit")
@signed_in
def edit(slug: str) -> ResponseReturnValue:
    album = _to_edit(slug)
    form = AlbumForm(
        title=album.title,
        description=album.description,
        order=album.order.value,
        parent=album.parent.slug if album.parent else "",
    )
    _offer_parents(form, album)
    return render_template("albums/edit.html", form=form, album=album, is_owner=_is_mine(album))


@bp.post("/<slug>/edit")
@signed_in
def update(slug: str) -> ResponseReturnValue:
    form = AlbumForm()
    begin_writing()
    album = _to_edit(slug)
    parents = _offer_parents(form, album)
    if not form.validate():
        return _edit_again(form, album)
    try:
        if _is_mine(album):
            nest(album, parents.get(form.parent.data))
    except NotPossible as error:
        form.parent.errors = [error.description]
        return _edit_again(form, album)
    rename(album, form.title.data.strip())
    album.description = (form.description.data or "").strip()
    sort(album, Order(form.order.data))
    db.session.commit()
    return redirect(url_for(".show", slug=album.slug), 303)


def _edit_again(form: AlbumForm, album: Album) -> ResponseReturnValue:
    page = render_template("albums/edit.html", form=form, album=album, is_owner=_is_mine(album))
    db.session.rollback()
    return page, 422


def _offer_parents(form: AlbumForm, album: Album) -> dict[str, Album]:
    """Offer the other albums of its owner, who alone may nest it."""
    if not _is_mine(album):
        del form.parent
        return {}
    others = Album.owned_by(album.owner).where(Album.id != album.id).order_by(Album.title)
    found = {each.slug: each for each in db.session.scalars(others)}
    form.parent.choices = [
        SelectChoice("", _("None")),
        *(SelectChoice(slug, each.title) for slug, each in found.items()),
    ]
    return found


@bp.get("/<slug>/delete", endpoint="delete")
@signed_in
def confirm_delete(slug: str) -> ResponseReturnValue:
    return render_template("albums/delete.html", album=_mine(slug))


@bp.post("/<slug>/delete", endpoint="deleted")
@signed_in
def delete(slug: str) -> ResponseReturnValue:
    begin_writing()
    album = _mine(slug)
    delete_album(album)
    db.session.commit()
    flash(
        _(
            "The album “%(album)s” is deleted. Its photos are where they were.",
            album=album.title,
        )
    )
    return redirect(url_for(".index"), 303)


def _mine(slug: str) -> Album:
    album: Album = db.one_or_404(Album.owned_by(user()).where(Album.slug == slug))
    return album


def _is_mine(album: Album) -> bool:
    return album.owner_id == user().id


def _to_edit(slug: str) -> Album:
    album: Album = db.one_or_404(albums_to_edit(user()).where(Album.slug == slug))
    return album
