"""Holds rows against files, counters and the index against rows; changes nothing."""

import datetime as dt
import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from sqlalchemy import func
from sqlalchemy.orm import selectinload

from .. import storage
from ..accounts.models import User
from ..albums.models import Album, Entry
from ..errors import CannotStart
from ..extensions import db
from ..search import words
from ..upload_sets import SETS
from .models import Derivative, MonthCount, Photo
from .sweep import known_files

SOME = 500  # photos at once

Progress = Callable[["All"], Iterable[Photo]]


@dataclass
class Findings:
    """What is wrong, a sentence each; `without_row` is only untidy."""

    wrong: list[str] = field(default_factory=list)
    without_row: list[str] = field(default_factory=list)
    photos: int = 0


class All:
    """All photos, of which no more than some are held at once."""

    def __init__(self) -> None:
        self.number = db.session.scalar(db.select(func.count(Photo.id))) or 0

    def __len__(self) -> int:
        return self.number

    def __iter__(self) -> Iterator[Photo]:
        last = 0
        while photos := _some(last):
            last = photos[-1].id
            yield from photos


def verify(*, deep: bool = False, progress: Progress = iter) -> Findings:
    """Compare every row with its file; with `deep`, every digest too.

    :raises CannotStart: when the storage root is not mounted.
    """
    _refuse_unmounted()
    findings = Findings()
    for photo in progress(All()):
        findings.photos += 1
        findings.wrong.extend(_wrong_with(photo, deep=deep))
    compare_whole(findings)
    return findings


def compare_some(after: int) -> tuple[Findings, int | None]:
    """Compare some photos and their previews, not the digests.

    Return what was found, and after which photo to go on; None when that was the last.

    :raises CannotStart: when the storage root is not mounted.
    """
    _refuse_unmounted()
    photos = _some(after)
    findings = Findings(photos=len(photos))
    for photo in photos:
        findings.wrong.extend(_wrong_with(photo, deep=False))
    return findings, photos[-1].id if len(photos) == SOME else None


def compare_whole(findings: Findings) -> None:
    """Compare what is only known of all photos together: counters, the index, files."""
    findings.wrong.extend(_compare_counters())
    findings.wrong.extend(words.compare())
    for set_name in SETS:
        known = known_files(set_name)
        findings.without_row += [
            f"{set_name}/{name}" for name in storage.files_of(set_name) if name not in known
        ]


def _refuse_unmounted() -> None:
    if not storage.is_mounted():
        raise CannotStart(f"The storage root {storage.root()} has no marker: nothing was compared.")


def _some(after: int) -> Sequence[Photo]:
    some = db.select(Photo).where(Photo.id > after).order_by(Photo.id).limit(SOME)
    photos = db.session.scalars(some.options(selectinload(Photo.derivatives))).all()
    db.session.commit()  # reading every byte takes hours: hold no snapshot meanwhile
    return photos


def _wrong_with(photo: Photo, *, deep: bool) -> list[str]:
    found = list(_compare(photo, deep=deep))
    wrong = found if found and _is_still_there(photo) else []
    return wrong + [
        sentence for each in photo.derivatives for sentence in _wrong_with_preview(each)
    ]


def _wrong_with_preview(preview: Derivative) -> list[str]:
    found = list(_compare_size(preview, f"preview {preview.filename}"))
    return found if found and _is_still_there(preview) else []


def _is_still_there(stored: Photo | Derivative) -> bool:
    model = type(stored)
    same = (model.id == stored.id, model.filename == stored.filename)
    is_there = db.session.scalar(db.select(model.id).where(*same)) is not None
    db.session.commit()
    return is_there


def _compare(photo: Photo, *, deep: bool) -> Iterator[str]:
    name = f"photo {photo.public_id} ({photo.set_name}/{photo.filename})"
    found = list(_compare_size(photo, name))
    yield from found
    if deep and not found and _digest(photo) != photo.sha256:
        yield f"{name}: its bytes are not the ones that were sent."


def _compare_size(stored: Photo | Derivative, name: str) -> Iterator[str]:
    try:
        size = storage.path_of(stored.set_name, stored.filename).stat().st_size
    except FileNotFoundError:
        yield f"{name}: its file is missing."
        return
    if size != stored.size:
        yield f"{name}: its file has {size:,} bytes and should have {stored.size:,}."


def _digest(photo: Photo) -> str:
    with storage.path_of(photo.set_name, photo.filename).open("rb") as original:
        return hashlib.file_digest(original, "sha256").hexdigest()


def _compare_counters() -> Iterator[str]:
    shown = func.count(Photo.id).filter(Photo.is_shown())
    sums = db.select(User, shown, func.coalesce(func.sum(Photo.size), 0)).outerjoin(
        Photo, Photo.owner_id == User.id
    )
    # As the database has them, whatever this session has seen before.
    fresh = sums.group_by(User).execution_options(populate_existing=True)
    for user, photos, size in db.session.execute(fresh):
        if (user.photo_count, user.byte_count) != (photos, size):
            yield (
                f"user {user.email}: counted {user.photo_count:,} photos and"
                f" {user.byte_count:,} bytes, has {photos:,} and {size:,}."
            )
        yield from _compare_months(user)
    yield from _compare_albums()


def _compare_albums() -> Iterator[str]:
    held = (
        db.select(func.count(Photo.id))
        .join(Entry, Entry.photo_id == Photo.id)
        .where(Entry.album_id == Album.id, Photo.is_shown())
        .scalar_subquery()
    )
    for slug, counted, number in db.session.execute(
        db.select(Album.slug, Album.photo_count, held).where(Album.photo_count != held)
    ):
        yield f"album {slug}: counted {counted:,} photos, has {number:,}."


def _compare_months(user: User) -> Iterator[str]:
    days = db.session.execute(
        db.select(Photo.local_day, func.count(Photo.id))
        .where(Photo.owner_id == user.id, Photo.is_shown(), Photo.archived_at.is_(None))
        .group_by(Photo.local_day)
    )
    real: dict[dt.date, int] = {}
    for day, number in days:
        real[day.replace(day=1)] = real.get(day.replace(day=1), 0) + number
    fresh = MonthCount.of(user).execution_options(populate_existing=True)
    counted = {row.month: row.photos for row in db.session.scalars(fresh)}
    for month in sorted(
        real.keys() ^ counted.keys() | {m for m in real if real[m] != counted.get(m)}
    ):
        yield (
            f"user {user.email}: counted {counted.get(month, 0):,} photos in {month:%B %Y},"
            f" has {real.get(month, 0):,}."
        )
