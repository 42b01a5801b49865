"""The doors of what is in an album: putting photos in, taking them out, moving them about."""

from dataclasses import replace
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Select

from ..access import albums_to_add_to, albums_to_edit, albums_visible_to
from ..accounts.guard import signed_in, user
from ..extensions import begin_writing, db
from ..photos import lists
from ..photos.grids import grid_page
from ..photos.lists import Link
from ..photos.models import Photo
from ..photos.wording import number_of
from .arranging import move as move_photos
from .arranging import sort
from .choosing import offered
from .filling import put_in, take_out
from .forms import NewAlbumForm
from .making import make
from .models import Album, Entry, Order, Role

bp = Blueprint("album_photos", __name__, url_prefix="/albums")

UNDONE = 100  # photos at most that Undo can bring back: their ids travel in a cookie


@bp.post("/choose")
@signed_in
def choose() -> ResponseReturnValue:
    """Ask into which album some photos are to go."""
    return _ask(NewAlbumForm(formdata=None))


def _ask(form: NewAlbumForm) -> str:
    ids = _ids()
    return render_template(
        "albums/choose.html",
        ids=ids,
        number=number_of(len(ids), "photo"),
        albums=offered(user()),
        form=form,
    )


@bp.post("/new/add")
@signed_in
def add_to_new() -> ResponseReturnValue:
    """Make an album of some photos."""
    form = NewAlbumForm()
    if not form.validate():
        return _ask(form), 422
    begin_writing()
    album = make(user(), form.title.data.strip())
    return _added(album)


@bp.get("/<slug>/add")
@signed_in
def pick(slug: str) -> ResponseReturnValue:
    """Show one's own photos, to choose which go into the album."""
    album = _to_add_to(slug)
    # The timeline, on a page of another address.
    photos = lists.mine("", user())
    here = Link(url_for(".pick", slug=slug), photos.back.label)
    grid = grid_page(replace(photos, back=here), request.args)
    return render_template("albums/pick.html", album=album, grid=grid)


@bp.post("/<slug>/add")
@signed_in
def add(slug: str) -> ResponseReturnValue:
    begin_writing()
    return _added(_to_add_to(slug))


def _added(album: Album) -> ResponseReturnValue:
    asked = _ids()
    mine = Photo.shown_of(user()).where(Photo.public_id.in_(asked)).with_only_columns(Photo.id)
    own = len(db.session.scalars(mine).all())
    number = put_in(album, user(), mine)
    db.session.commit()
    there, others = own - number, len(asked) - own
    flash(
        f"{number_of(number, 'photo')} added to “{album.title}”."
        + (f" {number_of(there, 'photo')} had been in it." if there else "")
        + (f" {number_of(others, 'photo')} left out: not in your library." if others else "")
    )
    return redirect(url_for("albums.show", slug=album.slug), 303)


@bp.post("/<slug>/take-out")
@signed_in
def remove(slug: str) -> ResponseReturnValue:
    """Take photos out: an editor any, everybody their own, also after they have left."""
    begin_writing()
    asked = _ids()
    mine = Photo.owned_by(user()).where(Photo.public_id.in_(asked)).with_only_columns(Photo.id)
    own = db.session.scalars(mine).all()
    album = db.session.scalar(albums_to_edit(user()).where(Album.slug == slug))
    which = _named(asked) if album else mine
    if album is None:
        has_mine = Entry.album_id == Album.id, Entry.photo_id.in_(mine)
        holding = db.select(Album).where(
            Album.slug == slug, db.select(Entry).where(*has_mine).exists()
        )
        album = db.one_or_404(holding)
    number = take_out(album, which)
    db.session.commit()
    can_undo = number == len(own) == len(asked) <= UNDONE and _is_open(album)
    undo = "undo:" + url_for(".add", slug=slug, id=asked) if can_undo else "message"
    flash(f"{number_of(number, 'photo')} taken out of “{album.title}”.", undo)
    return redirect(_back_to(album), 303)


def _is_open(album: Album) -> bool:
    open_to_me = albums_to_add_to(user()).where(Album.id == album.id)
    return db.session.scalar(open_to_me) is not None


@bp.post("/<slug>/cover")
@signed_in
def cover(slug: str) -> ResponseReturnValue:
    begin_writing()
    album = _to_edit(slug)
    within = album.photos.where(Photo.public_id.in_(_ids())).with_only_columns(Photo.id)
    album.cover_id = db.session.scalar(within.limit(1))
    if album.cover_id is None:
        abort(404)
    db.session.commit()
    flash("The album has a new cover.")
    return redirect(url_for("albums.show", slug=album.slug), 303)


@bp.get("/<slug>/arrange")
@signed_in
def arrange(slug: str) -> ResponseReturnValue:
    album = _to_edit(slug)
    photos = lists.of_album(album, user(), Role.EDIT, {})
    here = Link(url_for(".arrange", slug=slug), photos.back.label)
    return render_template(
        "albums/arrange.html",
        album=album,
        action=url_for(".move", slug=slug, **_position()),
        grid=grid_page(replace(photos, back=here), request.args),
    )


@bp.post("/<slug>/arrange")
@signed_in
def begin_arranging(slug: str) -> ResponseReturnValue:
    """Order the album by hand from now on, beginning with what is seen."""
    begin_writing()
    sort(_to_edit(slug), Order.HAND)
    db.session.commit()
    return redirect(url_for(".arrange", slug=slug), 303)


@bp.post("/<slug>/move")
@signed_in
def move(slug: str) -> ResponseReturnValue:
    begin_writing()
    album = _to_edit(slug)
    aims = {name: request.form.get(name, "") for name in ("before", "after", "to")}
    if sum(map(bool, aims.values())) != 1:
        abort(400, "Say before or after which photo, or to which end.")
    move_photos(album, _ids(), **aims)
    db.session.commit()
    return redirect(_back_to(album, "album_photos.arrange"), 303)


def _back_to(album: Album, endpoint: str = "albums.show") -> str:
    """Return the page of the album that the form stood on; of one that is not to be seen, home."""
    if db.session.scalar(albums_visible_to(user()).where(Album.id == album.id)) is None:
        return url_for("photos.index")
    return url_for(endpoint, slug=album.slug, **_position())


def _position() -> dict[str, Any]:
    return {name: request.args[name] for name in ("before", "after") if name in request.args}


def _ids() -> list[str]:
    ids = request.form.getlist("id") or request.args.getlist("id")
    if not ids:
        abort(400, "Choose at least one photo first.")
    return list(dict.fromkeys(ids))


def _named(public_ids: list[str]) -> Select[int]:
    return db.select(Photo.id).where(Photo.public_id.in_(public_ids))


def _to_add_to(slug: str) -> Album:
    album: Album = db.one_or_404(albums_to_add_to(user()).where(Album.slug == slug))
    return album


def _to_edit(slug: str) -> Album:
    album: Album = db.one_or_404(albums_to_edit(user()).where(Album.slug == slug))
    return album
