"""Takes a file in and makes a photo of it."""

import datetime as dt
import posixpath
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from sqlalchemy.exc import IntegrityError
from werkzeug.datastructures import FileStorage

from ..accounts.models import User
from ..errors import NotAPhoto
from ..extensions import begin_writing, db, now
from ..jobs.models import Job
from ..languages import N_
from ..upload_sets import media, photos
from ..uploads import Kind as FileKind
from ..uploads import Saved, Spool, sniff
from . import moments
from .counts import count_added
from .limits import must_fit
from .models import Kind, Outcome, Photo, State
from .trash import restore
from .wording import shown_name

KINDS = {"image": Kind.PHOTO, "video": Kind.VIDEO, "audio": Kind.AUDIO}


@dataclass(frozen=True)
class Taken:
    """A photo, how it came to be there, and the job that makes its previews, if there is one."""

    photo: Photo
    outcome: Outcome
    job_id: int | None = None
    saved: Saved | None = None

    def undo(self) -> None:
        """Refuse it after all: the row is not committed, and its file goes at once."""
        db.session.rollback()
        if self.saved is not None:
            self.saved.discard()


def recall(photo: Photo) -> Taken:
    """Say that a file is there already; one in the trash comes back from it."""
    if photo.trashed_at is None:
        return Taken(photo, Outcome.ALREADY)
    restore(photo)
    return Taken(photo, Outcome.RESTORED)


def ingest(
    file: FileStorage,
    *,
    owner: User,
    modified_at: dt.datetime | None = None,
    again: Callable[[Photo], Taken] = recall,
    waits: bool = False,
) -> Taken:
    """Keep the file in the owner's folder and flush its row; the caller commits.

    The bytes decide the set and the extension. The same bytes are kept once per owner: `again`
    says what a second time is. `modified_at` is when the file was last changed, by the client's
    word. What `waits` for its owner's word is shown nowhere: it is where the trash is.

    :raises NotAPhoto: for any other kind of file.
    :raises TooLarge: when it is over the limit for its kind.
    :raises UploadNotAllowed: when the set refuses it.
    :raises QuotaExceeded: when the owner has no space for it.
    """
    spool = Spool.of(file)
    known = _known(owner, spool.sha256, again)
    if known is not None:
        return known
    client_name, kind = shown_name(file.filename), _kind_of(spool)
    must_fit(spool.size, KINDS[kind.family])
    file.filename = _true_name(client_name, kind)
    if kind.family == "image":
        saved = photos.save(file, folder=owner.folder)
    else:
        saved = media.save(file, folder=owner.folder)
    try:
        begin_writing()
        photo = _photo(saved, kind=KINDS[kind.family], client_name=client_name, owner=owner)
        photo.modified_at = modified_at
        photo.trashed_at = now() if waits else None
        return _add(photo, saved)
    except IntegrityError:  # the same file came in twice at once, and the other was first
        _undo(saved)
        known = _known(owner, spool.sha256, again)
        if known is None:
            raise
        return known
    except BaseException:
        _undo(saved)
        raise


def _kind_of(spool: Spool) -> FileKind:
    if spool.size == 0:
        raise NotAPhoto(N_("This file is empty."))
    kind = sniff(spool.head)
    if kind is None or kind.family not in KINDS:
        raise NotAPhoto(N_("This is not a photo, a video or a recording that we can read."))
    return kind


def _true_name(client_name: str, kind: FileKind) -> str:
    """Return the client's name with an extension that the bytes and the set agree with."""
    stem, extension = posixpath.splitext(client_name)
    upload_set = photos if kind.family == "image" else media
    given = extension.removeprefix(".").lower()
    if given in kind.extensions and upload_set.extension_allowed(given):
        return client_name
    return f"{stem}.{kind.extensions[0]}"


def _known(owner: User, sha256: str, again: Callable[[Photo], Taken]) -> Taken | None:
    """Return the owner's photo of the same bytes, if there is one."""
    begin_writing()  # what is found must still be there when the receipt is written
    photo = known(owner, [sha256]).get(sha256)
    if photo is None:
        db.session.commit()  # nobody waits for the lock while the file is written
        return None
    return again(photo)


def known(owner: User, digests: Iterable[str]) -> dict[str, Photo]:
    """Return which of some files the owner has, by their SHA-256; the trash counts."""
    same = Photo.owned_by(owner).where(Photo.sha256.in_(list(digests)))
    photos = db.session.scalars(same.execution_options(populate_existing=True))
    return {photo.sha256: photo for photo in photos}


def _photo(saved: Saved, *, kind: Kind, client_name: str, owner: User) -> Photo:
    return Photo(
        owner_id=owner.id,
        kind=kind,
        set_name=saved.set.name,
        filename=saved,
        client_name=client_name,
        size=saved.size,
        sha256=saved.sha256,
        crc32=saved.crc32,
        type=saved.type,
        state=State.PENDING,
        created_at=now(),
    )


def _add(photo: Photo, saved: Saved) -> Taken:
    moments.decide(photo)
    db.session.add(photo)
    db.session.flush()
    count_added(photo)
    return Taken(photo, Outcome.ADDED, Job.want("derive", photo.id).id, saved)


def _undo(saved: Saved) -> None:
    """A file whose row was refused goes at once."""
    db.session.rollback()
    saved.discard()
