"""The doors of photos: the timeline, a photo's page, and its files."""

import datetime as dt
import functools
import posixpath
from typing import Any
from urllib.parse import urlencode

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    redirect,
    render_template,
    request,
    send_from_directory,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import Select, bindparam

from ..access import is_looking_into, originals_for, visible_to, visible_to_holder
from ..accounts.guard import is_as_visitor, session_token, signed_in, user, viewer, viewers
from ..accounts.models import Session, User
from ..albums import audience
from ..at_once import at_once
from ..extensions import Question, begin_writing, db, queue
from ..jobs.models import Job, Priority
from ..sharing.models import Gift
from . import lists, looking, timeline
from .grids import grid_page
from .lists import Link, PhotoList
from .models import FULL, Derivative, Kind, Photo, State
from .pages import AS_VISITOR, Way, looked_at, photo_page
from .tiles import Links
from .waiting import KIND

bp = Blueprint("photos", __name__)


@bp.get("/photos")
@bp.get("/photos/<int:year>", endpoint="year")
@bp.get("/photos/<int:year>/<int:month>", endpoint="month")
@bp.get("/photos/<int:year>/<int:month>/<int:day>", endpoint="day")
@signed_in
def index(
    year: int | None = None, month: int | None = None, day: int | None = None
) -> ResponseReturnValue:
    photos = lists.mine("", user())
    until = _last_day(year, month, day) if year is not None else None
    grid = grid_page(photos, request.args, until=until)
    return render_template(
        "photos/index.html", grid=grid, pending=looking.hasten(grid.page.pending)
    )


def _last_day(year: int, month: int | None, day: int | None) -> dt.date:
    try:
        return timeline.last_day(year, month, day)
    except (ValueError, OverflowError):
        abort(404)


@bp.get("/p/<public_id>")
@viewers
def show(public_id: str) -> ResponseReturnValue:
    photo = _seen(public_id, viewer())
    if photo is None:
        return _unseen(public_id)
    return render_template("photos/show.html", banner=_banner(photo), **_page(photo))


@bp.get("/p/<public_id>/info")
@viewers
def about(public_id: str) -> ResponseReturnValue:
    """Answer with what the viewer shows besides the picture, as a part of a page."""
    photo = _seen(public_id, viewer())
    if photo is None:
        abort(404)
    return render_template("photos/_about.html", **_page(photo))


def _page(photo: Photo) -> dict[str, Any]:
    is_mine = viewer() is not None and photo.owner_id == user().id
    if is_mine and photo.state is State.PENDING:
        looking.hasten([photo.id])
    page = photo_page(
        photo,
        links=_links(),
        way=_way(photo, is_mine),
        can_edit=is_mine,
        is_private=not is_mine,
    )
    return {
        "page": page,
        "audience": audience.of_photo(photo)[0].sentence if is_mine else "",
        "gift": db.session.scalars(Gift.of(photo)).first() if is_mine else None,
    }


def _seen(public_id: str, viewer: User | None) -> Photo | None:
    return db.session.scalar(visible_to(viewer).where(Photo.public_id == public_id))


def _unseen(public_id: str) -> ResponseReturnValue:
    if is_as_visitor() and _seen(public_id, user()):
        back = url_for(".show", public_id=public_id)
        return render_template("unseen.html", what="photo", back=back)
    abort(404)


def _banner(photo: Photo) -> Link | None:
    if is_looking_into(photo.owner_id, viewer()):
        return looked_at(photo.owner)
    if is_as_visitor():
        return Link(url_for(".show", public_id=photo.public_id), AS_VISITOR)
    return None


def _way(photo: Photo, is_mine: bool) -> Way:
    files = originals_for(viewer()).where(Photo.id == photo.id).with_only_columns(Photo.id)
    can_have = is_mine or db.session.scalar(files) is not None
    download = url_for(".download", public_id=photo.public_id) if can_have else None
    is_made = can_have and any(each.variant == FULL for each in photo.derivatives)
    jpeg = url_for(".download_jpeg", public_id=photo.public_id) if is_made else None
    if photo.still is not None:
        still = Link(_links().photo(photo.still.public_id), _("Back to the photo"))
        return Way(back=still, previous=None, next=None, download=download, jpeg=jpeg)
    photos = _list_of(photo, is_mine)
    if photos is None:
        home = Link(url_for("accounts.home"), _("To the gallery"))
        return Way(back=home, previous=None, next=None, download=download, jpeg=jpeg)
    return Way.within(photos, photo, download=download, jpeg=jpeg)


def _list_of(photo: Photo, is_mine: bool) -> PhotoList | None:
    """Return the list that a photo page was opened from, or else the one that it is in."""
    named = request.args.get("in", "")
    found = _listed(named) if named else None
    if found is not None or not is_mine:
        return found
    return _listed("trash" if photo.trashed_at is not None else "")


def _listed(name: str) -> PhotoList | None:
    return lists.of(name, viewer(), **({"as": "visitor"} if is_as_visitor() else {}))


@bp.get("/p/<public_id>/download")
@viewers
def download(public_id: str) -> ResponseReturnValue:
    photo = db.one_or_404(originals_for(viewer()).where(Photo.public_id == public_id))
    options = {"as_attachment": True, "download_name": photo.download_name}
    response = _send(photo.set_name, photo.filename, **options)
    # Whatever the bytes pretend to be, no browser runs them in this site.
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


@bp.get("/p/<public_id>/download.jpg", endpoint="download_jpeg")
@viewers
def download_as_jpeg(public_id: str) -> ResponseReturnValue:
    photo = db.one_or_404(originals_for(viewer()).where(Photo.public_id == public_id))
    whole = Derivative.variant == FULL
    derivative = db.one_or_404(db.select(Derivative).where(Derivative.photo_id == photo.id, whole))
    name = posixpath.splitext(photo.client_name)[0] + ".jpg"
    return _send(derivative.set_name, derivative.filename, as_attachment=True, download_name=name)


@bp.get("/i/<public_id>/<variant>.<digest>.<extension>")
@viewers
@at_once
def preview(public_id: str, variant: str, digest: str, extension: str) -> ResponseReturnValue:
    asked = {"public_id": public_id, "variant": variant, "digest": digest}
    found = _quickly_found(variant == FULL, asked) or _found(variant == FULL, asked)
    if found is None:
        abort(404)
    # The address says what it holds, so it never changes; every request that comes is checked.
    response = _send(*found, etag=False, conditional=variant == FULL)
    response.headers["Cache-Control"] = "private, max-age=31536000, immutable"
    return response


def _quickly_found(is_whole: bool, asked: dict[str, str]) -> tuple[str, str] | None:
    """Find a picture for whoever's session this is, in one question: a page has a hundred."""
    token = session_token()
    if not token or request.query_string:  # which may ask for it as a visitor
        return None
    return _of_session(is_whole).ask(asked | Session.asked(token))


@functools.cache
def _of_session(is_whole: bool) -> Question:
    return Question(_pictures_of(visible_to_holder(files=is_whole)))


def _found(is_whole: bool, asked: dict[str, str]) -> tuple[str, str] | None:
    who = viewer()
    select = _pictures_of(originals_for(who) if is_whole else visible_to(who))
    return db.session.execute(select, asked).one_or_none()


def _pictures_of(visible: Select[Photo]) -> Select:
    photos = visible.where(Photo.public_id == bindparam("public_id")).with_only_columns(Photo.id)
    return db.select(Derivative.set_name, Derivative.filename).where(
        Derivative.photo_id.in_(photos),
        Derivative.variant == bindparam("variant"),
        Derivative.digest == bindparam("digest"),
    )


def _send(set_name: str, filename: str, **options: object) -> Response:
    """Serve a file by its set's name and the filename that save returned."""
    config = current_app.upload_set_config.get(set_name)  # type: ignore[attr-defined]
    if config is None:
        abort(404)
    return send_from_directory(config.destination, filename, **options)


@bp.post("/p/<public_id>/rotate")
@signed_in
def rotate(public_id: str) -> ResponseReturnValue:
    begin_writing()
    photo = _mine(public_id)
    if photo.kind is not Kind.PHOTO:  # the browser plays the original as it is
        abort(404)
    photo.turn(-1 if request.form.get("turn") == "left" else 1)
    return _made_again(photo)


@bp.post("/p/<public_id>/retry")
@signed_in
def retry(public_id: str) -> ResponseReturnValue:
    begin_writing()
    photo = _mine(public_id)
    photo.state = State.PENDING
    return _made_again(photo)


def _made_again(photo: Photo) -> ResponseReturnValue:
    Job.want(KIND, photo.id, priority=Priority.LOOKING)
    db.session.commit()
    queue.wake()
    return redirect(url_for(".show", public_id=photo.public_id), 303)


def _mine(public_id: str) -> Photo:
    photo: Photo = db.one_or_404(Photo.owned_by(user()).where(Photo.public_id == public_id))
    return photo


def _links() -> Links:
    """Where photos lead from here: on in the list that this page was opened from."""
    kept = {name: request.args[name] for name in ("in", "as") if name in request.args}
    ending = f"?{urlencode(kept, safe=':')}" if kept else ""
    return Links.to(url_for(".show", public_id=""), ending)
