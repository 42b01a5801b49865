"""The doors of the place's own pages, for admins."""

from functools import partial
from typing import Any

from flask import (
    Blueprint,
    Response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.orm import joinedload

from ..accounts.guard import admins
from ..accounts.models import AuditEntry, User
from ..albums.models import Album
from ..albums.shelf import cards
from ..extensions import begin_writing, db
from ..photos import lists
from ..photos.grids import grid_page
from ..photos.models import Photo
from ..photos.pages import Way, looked_at, photo_page
from . import charts, growth, log
from .figures import figures
from .people import columns, people

bp = Blueprint("admin", __name__, url_prefix="/admin")


@bp.get("/")
@admins
def home() -> ResponseReturnValue:
    return redirect(url_for(".users"), 303)


@bp.get("/users")
@admins
def users() -> ResponseReturnValue:
    sort, asked = request.args.get("sort", "name"), request.args.get("q", "").strip()
    rows, further = people(sort, asked, request.args.get("skip", 0, type=int))
    # What is sorted stands below all that is above it: the page goes on there.
    address = partial(url_for, ".users", q=asked or None, _anchor="people")
    return render_template(
        "admin/users.html",
        rows=rows,
        further=further and address(sort=sort, skip=further),
        figures=figures(),
        storage=charts.area(growth.stored()),
        uploads=charts.bars(growth.uploaded()),
        columns=columns(sort, lambda key: address(sort=key)),
        asked=asked,
        sort=sort,
        everybody=address(q=None, sort=sort),
    )


@bp.get("/stored.csv")
@admins
def stored_csv() -> ResponseReturnValue:
    return _as_csv(
        "stored", charts.as_csv(growth.stored(), _("Month (UTC)"), _("Bytes at its end"))
    )


@bp.get("/uploaded.csv")
@admins
def uploaded_csv() -> ResponseReturnValue:
    return _as_csv("uploaded", charts.as_csv(growth.uploaded(), _("Day (UTC)"), _("Files")))


@bp.get("/galleries/<folder>")
@admins
def gallery(folder: str) -> ResponseReturnValue:
    person = _looked_at(folder, "gallery")
    return render_template(
        "admin/gallery.html",
        person=person.name,
        banner=looked_at(person),
        albums=cards(Album.owned_by(person).order_by(Album.title, Album.id), viewer=current_user),
        grid=grid_page(lists.of_gallery(person), request.args),
    )


@bp.get("/galleries/<folder>/p/<public_id>")
@admins
def show(folder: str, public_id: str) -> ResponseReturnValue:
    person = _looked_at(folder, "photo")
    photos = lists.of_gallery(person)
    # The moving half of a live photo has a page as well, though no tile.
    mine = Photo.owned_by(person).where(Photo.trashed_at.is_(None))
    wanted = mine.where(Photo.public_id == public_id).options(joinedload(Photo.motion))
    photo = db.one_or_404(wanted)
    download = url_for("photos.download", public_id=public_id)
    way = Way.within(photos, photo, download=download)
    page = photo_page(photo, links=photos.links, way=way, can_edit=False)
    return render_template("photos/show.html", page=page, banner=looked_at(person))


@bp.get("/audit")
@admins
def audit() -> ResponseReturnValue:
    asked = log.asked(request.args)
    before = request.args.get("before", type=int)
    entries, older = log.page(asked, before)
    further: dict[str, Any] = {"before": older, **asked}
    return render_template(
        "admin/audit.html",
        rows=map(log.row, entries),
        older=older and url_for(".audit", **further),
        asked=asked,
        acts=log.ACTS,
    )


@bp.get("/audit.csv")
@admins
def audit_csv() -> ResponseReturnValue:
    return _as_csv("log", log.as_csv(log.asked(request.args)))


def _as_csv(name: str, text: str) -> Response:
    named = {"Content-Disposition": f"attachment; filename={name}.csv"}
    return Response(text, mimetype="text/csv", headers=named)


def _looked_at(folder: str, act: str) -> User:
    """Write the look into the log, and only then return whose gallery it is."""
    begin_writing()
    person: User = db.one_or_404(db.select(User).where(User.folder == folder))
    AuditEntry.write(act, actor=current_user, subject=person)
    db.session.commit()
    return person
