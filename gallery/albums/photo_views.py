"""The doors of what is in an album: putting photos in, taking them out, moving them about."""

from dataclasses import replace
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_decimal, ngettext
from flask_babel import gettext as _
from sqlalchemy import Select

from ..access import albums_to_add_to, albums_to_edit, albums_visible_to
from ..accounts.guard import own_page, signed_in, user
from ..extensions import among, begin_writing, db
from ..languages import grouped
from ..photos import changes, lists, timeline
from ..photos.grids import grid_page
from ..photos.lists import Link
from ..photos.models import Change, Photo
from ..photos.picks import Picks, picked
from ..photos.preview import carried, is_many, preview
from .arranging import aim_at, sort
from .arranging import move as move_photos
from .choosing import offered
from .filling import put_in, take_out
from .forms import NewAlbumForm
from .making import make
from .models import Album, Entry, Order, Role

bp = Blueprint("album_photos", __name__, url_prefix="/albums")


@bp.post("/choose")
@signed_in
def choose() -> ResponseReturnValue:
    """Ask into which album some photos are to go."""
    return _ask(NewAlbumForm(formdata=None))


def _ask(form: NewAlbumForm) -> str:
    picks = picked(request.form, user())
    return render_template(
        "albums/choose.html",
        fields=picks.fields,
        number=picks.count(),
        albums=offered(user()),
        form=form,
        back=own_page(request.form.get("back")) or url_for("photos.index"),
    )


@bp.post("/new/add")
@signed_in
def add_to_new() -> ResponseReturnValue:
    """Make an album of some photos."""
    form, picks = NewAlbumForm(), picked(request.form, user())
    if not form.validate():
        return _ask(form), 422
    title = form.title.data.strip()
    if _is_much(picks):
        return _sure(picks, title)
    begin_writing()
    return _added(make(user(), title), picks)


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
    album, picks = _to_add_to(slug), picked(request.form, user())
    if _is_much(picks):
        return _sure(picks, album.title)
    begin_writing()
    return _added(_to_add_to(slug), picks)


def _is_much(picks: Picks) -> bool:
    return request.form.get("step") != "sure" and is_many(_shown(picks))


def _sure(picks: Picks, title: str) -> str:
    """Show how many photos are to go into an album, before they do."""

    def button(number: int) -> str:
        return str(
            ngettext(
                "Add %(number)s photo to “%(album)s”",
                "Add %(number)s photos to “%(album)s”",
                number,
                number=grouped(number),
                album=title,
            )
        )

    after = _("In “%(album)s”", album=title)
    return render_template(
        "photos/sure.html",
        preview=preview(_shown(picks), button, lambda photo: "", lambda photo: after),
        which=picks.title,
        fields=carried(request.form),
        back=own_page(request.form.get("back")) or url_for("photos.index"),
    )


def _shown(picks: Picks) -> Select[Photo]:
    return picks.photos.where(Photo.is_shown())


def _added(album: Album, picks: Picks) -> ResponseReturnValue:
    asked, mine = picks.number_asked, _shown(picks).with_only_columns(Photo.id)
    ids = db.session.scalars(mine).all()
    within = db.select(Entry.photo_id).where(Entry.album_id == album.id)
    new = db.session.scalars(mine.where(Photo.id.not_in(within))).all()
    change = changes.keep_entries(user(), "add", album, new) if new else None
    number = put_in(album, user(), among(new))
    db.session.commit()
    there, others = len(ids) - number, asked - len(ids)
    flash(
        _added_in_words(album, number, there, others),
        _undo(change, own_page(request.form.get("back"))) if change else "message",
    )
    return redirect(url_for("albums.show", slug=album.slug), 303)


def _added_in_words(album: Album, number: int, there: int, others: int) -> str:
    said = [
        ngettext(
            "%(count)s photo added to “%(album)s”.",
            "%(count)s photos added to “%(album)s”.",
            number,
            count=format_decimal(number),
            album=album.title,
        )
    ]
    if there:
        said.append(
            ngettext(
                "%(count)s photo had been in it.",
                "%(count)s photos had been in it.",
                there,
                count=format_decimal(there),
            )
        )
    if others:
        said.append(
            ngettext(
                "%(count)s photo left out: not in your library.",
                "%(count)s photos left out: not in your library.",
                others,
                count=format_decimal(others),
            )
        )
    return " ".join(said)


def _undo(change: Change, back: str | None) -> str:
    """Return what makes Undo of a message, and then leads to a page."""
    return "undo:" + url_for("changes.undo", public_id=change.public_id, back=back)


@bp.post("/<slug>/take-out")
@signed_in
def remove(slug: str) -> ResponseReturnValue:
    """Take photos out: an editor any, everybody their own, also after they have left."""
    begin_writing()
    picks = picked(request.form, user())
    mine = picks.photos.with_only_columns(Photo.id)
    album = db.session.scalar(albums_to_edit(user()).where(Album.slug == slug))
    which = db.select(Photo.id).where(picks.is_chosen) if album else mine
    if album is None:
        has_mine = Entry.album_id == Album.id, Entry.photo_id.in_(mine)
        holding = db.select(Album).where(
            Album.slug == slug, db.select(Entry).where(*has_mine).exists()
        )
        album = db.one_or_404(holding)
    within = db.select(Entry.photo_id).where(Entry.album_id == album.id, Entry.photo_id.in_(mine))
    own = db.session.scalars(within).all()
    change = changes.keep_entries(user(), "take-out", album, own)
    number, back = take_out(album, which), _back_to(album)
    can_undo = number == len(own) > 0 and _is_open(album)
    if not can_undo:  # others can put theirs back themselves
        db.session.delete(change)
    db.session.commit()
    sentence = ngettext(
        "%(count)s photo taken out of “%(album)s”.",
        "%(count)s photos taken out of “%(album)s”.",
        number,
        count=format_decimal(number),
        album=album.title,
    )
    flash(sentence, _undo(change, back) if can_undo else "message")
    return redirect(back, 303)


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
    flash(_("The album has a new cover."))
    return redirect(url_for("albums.show", slug=album.slug), 303)


@bp.get("/<slug>/arrange")
@signed_in
def arrange(slug: str) -> ResponseReturnValue:
    album = _to_edit(slug)
    photos = lists.of_album(album, user(), Role.EDIT, {})
    here = Link(url_for(".arrange", slug=slug), photos.back.label)
    grid = grid_page(replace(photos, back=here), request.args)
    rows, first = grid.page.rows, 1
    if grid.previous:
        first += timeline.number_before(photos.scope, rows[0].public_id, order=photos.order)
    return render_template(
        "albums/arrange.html",
        album=album,
        action=url_for(".move", slug=slug, **_position()),
        grid=grid,
        first=grouped(first),
        last=grouped(first + len(rows) - 1),
        count=grouped(album.photo_count),
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
    if aims["to"] == "number":
        number = request.form.get("number", type=int)
        aims = {} if number is None else aim_at(album, _ids(), number)
    if sum(map(bool, aims.values())) != 1:
        abort(400, _("Say before or after which photo, or to which end."))
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
    ids = request.form.getlist("id")
    if not ids:
        abort(400, _("Choose at least one photo first."))
    return list(dict.fromkeys(ids))


def _to_add_to(slug: str) -> Album:
    album: Album = db.one_or_404(albums_to_add_to(user()).where(Album.slug == slug))
    return album


def _to_edit(slug: str) -> Album:
    album: Album = db.one_or_404(albums_to_edit(user()).where(Album.slug == slug))
    return album
