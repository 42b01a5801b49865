"""The doors of the place's own pages, for admins."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from ..accounts.guard import admins
from ..accounts.models import AuditEntry, User
from ..albums.models import Album
from ..albums.shelf import cards
from ..extensions import begin_writing, db
from ..photos import lists
from ..photos.grids import grid_page
from ..photos.models import Photo
from ..photos.pages import Way, looked_at, photo_page
from ..photos.wording import time_in_words
from .people import columns, people

bp = Blueprint("admin", __name__, url_prefix="/admin")

ACTS = {
    "gallery": _l("Looked into the gallery"),
    "photo": _l("Looked at a photo"),
    "email changed": _l("Changed the email"),
    "password changed": _l("Changed the password"),
    "reset link made": _l("Made a link to a new password"),
    "made admin": _l("Made an admin"),
    "made user": _l("Made a user like others"),
    "quota changed": _l("Changed the storage"),
    "disabled": _l("Disabled the account"),
    "enabled": _l("Enabled the account"),
    "signed out": _l("Signed out everywhere"),
    "invitation made": _l("Made an invitation"),
    "invitation turned off": _l("Turned off an invitation"),
    "joined": _l("Made an account by an invitation"),
    "jobs retried": _l("Had all that was given up tried again"),
    "jobs paused": _l("Paused the previews"),
    "jobs go on": _l("Let the previews go on"),
}
LOG_PAGE = 100


@bp.get("/")
@admins
def home() -> ResponseReturnValue:
    return redirect(url_for(".users"), 303)


@bp.get("/users")
@admins
def users() -> ResponseReturnValue:
    sort = request.args.get("sort", "name")
    return render_template(
        "admin/users.html",
        rows=people(sort),
        columns=columns(sort, users=url_for(".users")),
    )


@bp.get("/galleries/<folder>")
@admins
def gallery(folder: str) -> ResponseReturnValue:
    person = _looked_at(folder, "gallery")
    return render_template(
        "admin/gallery.html",
        person=person.name,
        banner=looked_at(person),
        albums=cards(Album.owned_by(person).order_by(Album.title, Album.id), viewer=current_user),
        grid=grid_page(lists.mine(f"gallery:{folder}", current_user), request.args),
    )


@bp.get("/galleries/<folder>/p/<public_id>")
@admins
def show(folder: str, public_id: str) -> ResponseReturnValue:
    person = _looked_at(folder, "photo")
    photos = lists.mine(f"gallery:{folder}", current_user)
    # The moving half of a live photo has a page as well, though no tile.
    mine = Photo.owned_by(person).where(Photo.trashed_at.is_(None))
    photo = db.one_or_404(mine.where(Photo.public_id == public_id))
    download = url_for("photos.download", public_id=public_id)
    way = Way.within(photos, photo, download=download)
    page = photo_page(photo, links=photos.links, way=way, can_edit=False)
    return render_template("photos/show.html", page=page, banner=looked_at(person))


@bp.get("/audit")
@admins
def audit() -> ResponseReturnValue:
    entries = db.select(AuditEntry).order_by(AuditEntry.id.desc()).limit(LOG_PAGE + 1)
    before = request.args.get("before", type=int)
    if before is not None and 0 < before < 2**63:
        entries = entries.where(AuditEntry.id < before)
    found = db.session.scalars(entries).all()
    rows = [
        {
            "when": time_in_words(entry.at),
            "who": entry.actor_name,
            "what": ACTS.get(entry.act, entry.act),
            "whom": entry.subject_name,
        }
        for entry in found[:LOG_PAGE]
    ]
    older = found[LOG_PAGE - 1].id if len(found) > LOG_PAGE else None
    return render_template(
        "admin/audit.html", rows=rows, older=older and url_for(".audit", before=older)
    )


def _looked_at(folder: str, act: str) -> User:
    """Write the look into the log, and only then return whose gallery it is."""
    begin_writing()
    person: User = db.one_or_404(db.select(User).where(User.folder == folder))
    AuditEntry.write(act, actor=current_user, subject=person)
    db.session.commit()
    return person
