"""The doors of guests: the page on which they add files to an album, its plain form, and tus."""

import datetime as dt
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, NamedTuple

from flask import Blueprint, current_app, g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage

from .. import languages, settings, storage
from ..accounts.guard import everyone
from ..errors import GalleryError
from ..extensions import csrf, db, limiter, queue
from ..languages import Plural, said
from ..photos.limits import AT_ONCE, PART
from ..photos.models import Outcome
from ..photos.moments import time_of_file
from ..photos.wording import number_of, shown_name, size_in_words, time_in_words
from ..upload_sets import ACCEPTED, photos
from ..uploads import UploadError, UploadNotAllowed
from ..uploads.incoming import Incoming, Upload
from ..uploads.resumable import Resumable
from . import gifts, guard
from .links import NotShared
from .models import ShareLink

bp = Blueprint("guests", __name__, url_prefix="/s/<token>")
guard.init_app(bp)

NAME = 80  # characters of a guest's name
TEN_MINUTES = 600
TAKEN = Plural("Thank you: %(number)s file is here", "Thank you: %(number)s files are here")


class Given(NamedTuple):
    """What became of one file, as the answer to the plain form lists it."""

    name: str
    # Why it is not taken; empty of one that is.
    reason: str


def _link() -> ShareLink:
    """Return the link that this request is about, where it takes files.

    :raises NotShared: where it does not.
    """
    link = guard.opened()
    if not link.takes_files:
        raise NotShared("This link is not shared.")
    return link


@bp.get("/add")
@everyone
def new(token: str) -> ResponseReturnValue:
    return _page(_link(), token)


@bp.post("/add")
@everyone
@csrf.exempt  # its token would be a cookie; the guard has asked for the Origin
def create(token: str) -> ResponseReturnValue:
    link = _link()
    db.session.commit()  # while the body comes in, the request holds no connection
    storage.keep_room(request.content_length or 0)
    files = [file for file in request.files.getlist("file") if file.filename]
    if not files:
        error = _("Choose at least one photo, video or recording.")
        return _page(link, token, error=error), 422
    given = [_give(file) for file in files]
    db.session.expire_all()
    number = sum(not each.reason for each in given)
    title = TAKEN(number) if number else _("Nothing was sent")
    return _page(_link(), token, given=given, title=title), 201 if number else 422


def _give(file: FileStorage) -> Given:
    """Take a file in, and say what became of it.

    :raises NotShared: when the link was closed meanwhile.
    """
    name = shown_name(file.filename)
    try:
        _take_in(file, request.form.get("name", ""))
    except NotShared:
        raise
    except GalleryError as refusal:
        return Given(name, said(refusal.description))
    except UploadError as refusal:
        return Given(name, said(refusal.sentence) % refusal.values)
    return Given(name, "")


def _take_in(file: FileStorage, guest: str, modified_at: dt.datetime | None = None) -> None:
    name = " ".join("".join(c if c.isprintable() else " " for c in guest).split())[:NAME]
    taken = gifts.give(file, link=_link(), guest=name, modified_at=modified_at)
    db.session.commit()
    if taken.job_id:
        queue.wake()


def _page(link: ShareLink, token: str, **facts: Any) -> str:
    room = gifts.room_of(link)
    limits = [
        *([number_of(room.files, "file")] if room.files is not None else []),
        *([size_in_words(room.bytes)] if room.bytes is not None else []),
    ]
    return render_template(
        "sharing/add.html",
        link=link,
        is_full=room.is_none,
        room=" · ".join(limits),
        until=time_in_words(link.expires_at) if link.expires_at else "",
        name=request.form.get("name", ""),
        action=url_for(".create", token=token),
        parts=url_for("guest_files.create", link=token),
        part=PART,
        at_once=AT_ONCE,
        most=NAME,
        accept=ACCEPTED,
        limit=size_in_words(settings.current().max_content_length),
        album=url_for("shared.show", token=token) if link.shows_photos else None,
        **facts,
    )


# Files in parts


def giver() -> str:
    """Say by which link somebody sends; the request holds no connection while bytes come in."""
    name = f"link {_link().public_id}"
    db.session.commit()
    storage.keep_room(request.content_length or 0)
    return name


def begin(upload: Upload) -> None:
    """Look at a file before its first byte, and let go of the connection."""
    link = _link()
    gifts.look_at(upload.filename, upload.length, link)
    gifts.look_beside(upload.length, link, Incoming().begun(upload.set, upload.owner))
    db.session.commit()


def finish(file: FileStorage, upload: Upload) -> Mapping[str, str]:
    """Make a photo of a file that is whole; nobody is told whether it was there before."""
    changed = upload.metadata.get("modified", "")
    modified_at = None
    with suppress(ValueError):
        modified_at = time_of_file(float(changed) / 1000)
    try:
        _take_in(file, upload.metadata.get("guest", ""), modified_at)
    except GalleryError as refusal:
        if refusal.code in (413, 415):  # for good
            raise UploadNotAllowed(refusal.description) from refusal
        raise
    return {"Upload-Outcome": Outcome.ADDED}


# Guests leave, and what they began is nobody's; there may be hundreds of them at once.
parts = Resumable(
    photos,
    owner=giver,
    begin=begin,
    finish=finish,
    name="guest_files",
    lifetime=TEN_MINUTES,
    most=1000,
)
guard.init_app(parts, name="link")
# One sender cannot have begun so many within their lifetime that others are kept out.
limiter.limit(
    lambda: current_app.config["GUEST_LIMIT"],
    exempt_when=lambda: request.endpoint != "guest_files.create",
)(parts)
parts.after_request(languages.say)


@parts.errorhandler(GalleryError)
def _refused(refusal: GalleryError) -> ResponseReturnValue:
    """Say it as the engine says its own refusals."""
    return said(refusal.description), refusal.code, {"Content-Type": "text/plain; charset=utf-8"}


@parts.url_value_preprocessor
def _take_link_out(_endpoint: str | None, values: dict[str, Any] | None) -> None:
    """The engine's views know only the token of a file."""
    if values is not None:
        values.pop("link")


@parts.url_defaults
def _put_link_in(endpoint: str, values: dict[str, Any]) -> None:
    values.setdefault("link", g.get("link_token"))
