"""What the photo page and the receipt of a batch show, in words ready for a template."""

import datetime as dt
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import Select

from ..extensions import db, now
from .models import Batch, BatchItem, Derivative, Kind, Outcome, Photo, State
from .tiles import shown_ratio
from .timeline import moment_of
from .wording import name_of, size_in_words, time_in_words, zone_in_words

ORDER = {"h240": 0, "h480": 1, "w1280": 2, "w1920": 3}


class Detail(NamedTuple):
    """One line of the details: an icon, what it is, its value, and a word on that."""

    icon: str
    label: str
    value: str
    extra: str = ""


class Link(NamedTuple):
    url: str
    label: str


@dataclass(frozen=True)
class Way:
    """Where a photo page leads: the list it was opened from, and its neighbours there."""

    back: Link
    previous: str | None
    next: str | None
    download: str


@dataclass(frozen=True)
class PhotoPage:
    """One photo, large."""

    photo: Photo
    title: str
    src: str | None
    srcset: str
    sizes: str
    width: int | None
    height: int | None
    ratio: str
    kind: Kind
    state: State
    reason: str
    details: list[Detail]
    back: Link
    previous: str | None
    next: str | None
    download: str
    can_edit: bool

    @property
    def in_trash(self) -> bool:
        return self.photo.trashed_at is not None


def photo_page(photo: Photo, *, pictures: str, way: Way, can_edit: bool) -> PhotoPage:
    """Lay out a photo; `pictures` is where its previews are, with a slash at the end."""
    large = [d for d in photo.derivatives if d.variant.startswith("w")]
    large.sort(key=lambda d: ORDER[d.variant])
    base = f"{pictures}{photo.public_id}/"
    return PhotoPage(
        photo=photo,
        title=name_of(photo.kind, moment_of(photo), is_taken=photo.taken_at is not None),
        src=base + large[0].url_name if large else None,
        srcset=", ".join(f"{base}{d.url_name} {d.width}w" for d in large),
        sizes="(min-width: 900px) calc(100vw - 360px), 100vw",
        width=photo.width,
        height=photo.height,
        ratio=f"r{shown_ratio(photo.width, photo.height)}",
        kind=photo.kind,
        state=photo.state,
        reason=_reason(photo),
        details=details_of(photo),
        can_edit=can_edit,
        **vars(way),
    )


def _reason(photo: Photo) -> str:
    """Say why there is no picture."""
    if photo.kind is Kind.VIDEO:
        return "Videos can be downloaded; they do not play here yet."
    if photo.kind is Kind.AUDIO:
        return "Recordings can be downloaded; they do not play here yet."
    if photo.state is State.PENDING:
        return "Its preview is being made."
    return photo.reason


def details_of(photo: Photo) -> list[Detail]:
    taken = time_in_words(moment_of(photo))
    if photo.taken_at is None:
        when = Detail("calendar", "Added", taken + " UTC", "The file has no date of its own.")
    elif photo.taken_offset is None:
        when = Detail("calendar", "Taken", taken, "By the camera’s clock; no zone in the file.")
    else:
        zone = zone_in_words(photo.taken_offset)
        when = Detail("calendar", "Taken", taken, f"{zone}, as recorded by the camera.")
    size = size_in_words(photo.size)
    if photo.width and photo.height:
        million = photo.width * photo.height / 1_000_000
        size = f"{photo.width:,} × {photo.height:,} · {million:.1f} MP · {size}"
    found = [
        when,
        Detail("image", "Original", photo.client_name, size),
        Detail("folder", "Kept as", photo.filename, f"In the set “{photo.set_name}”"),
        Detail("fingerprint", "SHA-256", photo.sha256, "Of the file as it came and is kept."),
    ]
    if photo.reason and photo.state is State.READY:
        found.insert(0, Detail("circle-alert", "Note", photo.reason))
    return found


@dataclass(frozen=True)
class ReceiptLine:
    """What became of one file, in the words of the receipt."""

    id: int
    name: str
    outcome: Outcome
    sentence: str
    href: str | None
    src: str | None
    colour: str | None
    kind: Kind


@dataclass(frozen=True)
class Tally:
    """How many files of a batch had one outcome."""

    outcome: Outcome
    number: int
    label: str


@dataclass(frozen=True)
class BatchPage:
    """A part of the receipt: added + already + restored + refused + to come = chosen."""

    title: str
    chosen: int
    tallies: list[Tally]
    lines: list[ReceiptLine]
    pending: bool
    next_id: int | None

    @property
    def lacks_some(self) -> bool:
        """Tell whether a file is not in the library that might be: refused, or still to come."""
        return any(each.outcome in (Outcome.REFUSED, Outcome.WAITING) for each in self.tallies)


LABELS = {
    Outcome.ADDED: "added",
    Outcome.ALREADY: "already in your library",
    Outcome.RESTORED: "back from the trash",
    Outcome.REFUSED: "refused",
    Outcome.WAITING: "still to come",
}
LINES = 200  # of a receipt on one page
LIVELY = dt.timedelta(days=1)  # so long a page with files still to come looks again by itself


def batch_page(
    batch: Batch, *, outcome: Outcome | None, after: int, photos: str, pictures: str
) -> BatchPage:
    """Lay out the receipt, counted from its rows; `after` is the last line of the page before."""
    counts = tallies_of(batch)
    rows = db.session.execute(_lines(batch, outcome, after).limit(LINES + 1)).all()
    title = ", ".join(f"{each.number:,} {each.label}" for each in counts)
    is_to_come = any(each.outcome is Outcome.WAITING for each in counts)
    is_lively = batch.created_at > now() - LIVELY
    return BatchPage(
        title=title[:1].upper() + title[1:] if title else "Nothing was sent",
        chosen=sum(each.number for each in counts),
        tallies=counts,
        lines=[_line(*row, photos=photos, pictures=pictures) for row in rows[:LINES]],
        pending=(is_to_come and is_lively)
        or any(photo and photo.state is State.PENDING for _, photo, _ in rows),
        next_id=rows[LINES - 1][0].id if len(rows) > LINES else None,
    )


def tallies_of(batch: Batch) -> list[Tally]:
    number = db.func.count()
    counted = db.select(BatchItem.outcome, number).where(BatchItem.batch_id == batch.id)
    rows = db.session.execute(counted.group_by(BatchItem.outcome))
    counts = {outcome: count for outcome, count in rows}
    return [Tally(each, counts[each], LABELS[each]) for each in LABELS if each in counts]


def _lines(
    batch: Batch, outcome: Outcome | None, after: int
) -> Select[BatchItem, Photo | None, Derivative | None]:
    lines = (
        db.select(BatchItem, Photo, Derivative)
        .outerjoin(Photo, BatchItem.photo_id == Photo.id)
        .outerjoin(Derivative, (Derivative.photo_id == Photo.id) & (Derivative.variant == "h240"))
        .where(BatchItem.batch_id == batch.id, BatchItem.id > after)
        .order_by(BatchItem.id)
    )
    return lines if outcome is None else lines.where(BatchItem.outcome == outcome)


def _line(
    item: BatchItem, photo: Photo | None, preview: Derivative | None, *, photos: str, pictures: str
) -> ReceiptLine:
    return ReceiptLine(
        id=item.id,
        name=item.client_name,
        outcome=item.outcome,
        sentence=_sentence(item, photo),
        href=f"{photos}{photo.public_id}" if photo else None,
        src=f"{pictures}{photo.public_id}/{preview.url_name}" if photo and preview else None,
        colour=photo.colour if photo else None,
        kind=photo.kind if photo else Kind.PHOTO,
    )


def _sentence(item: BatchItem, photo: Photo | None) -> str:
    if item.outcome is Outcome.REFUSED:
        return item.reason
    if item.outcome is Outcome.WAITING:
        return f"Still to come · {size_in_words(item.size)}"
    if photo is None:
        return "Deleted since"
    if item.outcome is Outcome.ALREADY:
        return "Already in your library"
    if item.outcome is Outcome.RESTORED:
        return "It was in your trash, and is back in your library"
    if photo.state is State.PENDING:
        return "Added · Making previews…"
    return f"Added · {photo.reason or size_in_words(photo.size)}"
