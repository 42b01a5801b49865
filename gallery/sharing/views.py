"""The doors of the one who shares: all links of theirs, making one, switching one off."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import func
from sqlalchemy.orm import joinedload

from ..access import albums_visible_to
from ..accounts.guard import own_page, signed_in, user
from ..accounts.signing_in import hashed
from ..albums.models import Album, Collaborator
from ..albums.people import ROLES, guests_of
from ..albums.shelf import cards
from ..extensions import begin_writing, db, now, queue
from ..photos.models import Photo
from ..photos.picks import picked
from ..photos.wording import number_of, size_in_words, time_in_words
from ..secret_links import shown
from . import gifts, links
from .forms import AlbumLinkForm, LinkForm
from .links import Terms
from .models import SharedPhoto, ShareLink

bp = Blueprint("sharing", __name__)


@bp.get("/sharing")
@signed_in
def index() -> ResponseReturnValue:
    """All that I show by links, and the albums that I was asked into."""
    me = user()
    shared = albums_visible_to(me).where(Album.owner_id != me.id, Collaborator.is_of(me))
    newest = shared.order_by(Album.changed_at.desc(), Album.id.desc()).limit(60)
    return render_template(
        "sharing/index.html",
        rows=_rows(ShareLink.owned_by(me)),
        albums=cards(newest, viewer=me),
        waiting=gifts.number_waiting(me),
    )


@bp.get("/albums/<slug>/share")
@signed_in
def new(slug: str) -> ResponseReturnValue:
    return _album_page(_album(slug), AlbumLinkForm(formdata=None))


@bp.post("/albums/<slug>/share")
@signed_in
def create(slug: str) -> ResponseReturnValue:
    form = AlbumLinkForm()
    album = _album(slug)
    if not form.validate():
        return _album_page(album, form), 422
    terms = _terms(form)
    if form.takes_files.data or form.is_drop_only.data:
        terms = _with_box(terms, form)
    begin_writing()
    token = links.make(user(), album, terms)[1]
    db.session.commit()
    queue.wake()
    return _made(_album_page(album, AlbumLinkForm(formdata=None), token))


def _album_page(album: Album, form: LinkForm, token: str = "") -> str:
    mine = ShareLink.owned_by(user()).where(ShareLink.album_id == album.id)
    return _page(
        form,
        token,
        title=album.title,
        album=album,
        rows=_rows(mine),
        guests=guests_of(album),
        roles=ROLES,
        action=request.path,
    )


@bp.post("/photos/share")
@signed_in
def choose() -> ResponseReturnValue:
    """Make a link to chosen photos of one's own, by a form that comes twice."""
    picks = picked(request.form, user())
    number = picks.count()
    is_said = "step" in request.form
    form = LinkForm() if is_said else LinkForm(formdata=None)
    page: dict[str, Any] = {
        "title": ngettext("%(num)s photo", "%(num)s photos", number),
        "action": url_for(".choose"),
        "fields": picks.fields,
        "back": own_page(request.form.get("back")) or url_for("photos.index"),
    }
    if not is_said or not form.validate():
        return _page(form, "", **page), 422 if is_said else 200
    terms = _terms(form)
    begin_writing()
    ids = db.session.scalars(picks.photos.where(Photo.is_shown()).with_only_columns(Photo.id))
    token = links.make(user(), ids.all(), terms)[1]
    db.session.commit()
    queue.wake()
    return _made(_page(form, token, **page))


@bp.post("/sharing/<public_id>/end")
@signed_in
def end(public_id: str) -> ResponseReturnValue:
    """Switch a link off; one that is off or over already is forgotten."""
    begin_writing()
    link = db.one_or_404(ShareLink.owned_by(user()).where(ShareLink.public_id == public_id))
    if link.ended_at is not None or link.is_over:
        db.session.delete(link)
        flash(_("The link is off the list."))
    else:
        link.ended_at = now()
        flash(_("The link is off: whoever has it finds nothing there any more."))
    db.session.commit()
    return redirect(own_page(request.form.get("back")) or url_for(".index"), 303)


def _album(slug: str) -> Album:
    album: Album = db.one_or_404(Album.owned_by(user()).where(Album.slug == slug))
    return album


def _terms(form: LinkForm) -> Terms:
    return Terms(
        label=(form.label.data or "").strip(),
        password_hash=hashed(form.password.data) if form.password.data else None,
        days=int(form.days.data) if form.days.data else None,
        can_download=form.can_download.data,
        hides_places=form.hides_places.data,
    )


def _with_box(terms: Terms, form: AlbumLinkForm) -> Terms:
    return terms._replace(
        takes_files=True,
        shows_photos=not form.is_drop_only.data,
        asks_first=form.asks_first.data,
        file_limit=form.files.data,
        byte_limit=form.room.data,
    )


def _page(form: LinkForm, token: str, **page: Any) -> str:
    made = shown(url_for("shared.show", token=token)) if token else None
    return render_template("sharing/share.html", form=form, made=made, **page)


def _made(page: str) -> ResponseReturnValue:
    return page, 201, {"Cache-Control": "no-store"}


def _rows(scope: Any) -> Sequence[dict[str, Any]]:
    number = (
        db.select(func.count())
        .where(SharedPhoto.link_id == ShareLink.id)
        .correlate(ShareLink)
        .scalar_subquery()
    )
    newest = scope.add_columns(number).options(joinedload(ShareLink.album))
    found = db.session.execute(newest.order_by(ShareLink.id.desc()).limit(200))
    return [_row(link, count) for link, count in found]


def _row(link: ShareLink, count: int) -> dict[str, Any]:
    return {
        "link": link,
        "title": link.album.title
        if link.album
        else ngettext("%(num)s photo", "%(num)s photos", count),
        "state": _state(link),
        "views": ngettext("%(num)s view", "%(num)s views", link.view_count),
        "viewed": time_in_words(link.viewed_at) if link.viewed_at else "",
        "terms": [
            *([_("password")] if link.password_hash else []),
            *(_shown_by(link) if link.shows_photos else [_("to add photos only")]),
            *([_("guests may add")] if link.takes_files and link.shows_photos else []),
        ],
        "given": _given(link) if link.takes_files else "",
        "is_open": link.ended_at is None and not link.is_over,
    }


def _shown_by(link: ShareLink) -> list[str]:
    given = _("with downloads") if link.can_download else _("to look at")
    return [given, *([_("without places")] if link.hides_places else [])]


def _given(link: ShareLink) -> str:
    given = f"{number_of(link.file_count, 'file')} · {size_in_words(link.byte_count)}"
    return _("Guests gave %(files)s", files=given)


def _state(link: ShareLink) -> str:
    if link.ended_at is not None:
        return _("Switched off")
    if link.expires_at is None:
        return _("Until you switch it off")
    when = time_in_words(link.expires_at)
    return _("Ended %(when)s", when=when) if link.is_over else _("Until %(when)s", when=when)
