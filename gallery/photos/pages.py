"""What the photo page and the receipt of a batch show, in words ready for a template."""

import datetime as dt
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import Select

from ..accounts.models import User
from ..extensions import db, now
from ..languages import Plural, said
from ..shapes import ratio_of
from ..variants import LARGE, SMALL
from . import timeline
from .details import Detail, details_of
from .lists import Link, PhotoList
from .models import Batch, BatchItem, Derivative, Kind, Outcome, Photo, State
from .playing import doubt_of, refusal_of
from .tags import at_hand
from .tiles import Links
from .waiting import waiting_for
from .wording import naming, size_in_words, time_in_words

# Details, by their icons, that stand as fields before the owner, who writes into them.
IN_FIELDS = ("tag", "star")
AS_VISITOR = _l("This is what a visitor sees.")


def looked_at(person: User) -> Link:
    """Tell an admin whose library they are in, with the way out of it."""
    text = _("You are looking at %(name)s’s library · Logged", name=person.name)
    return Link(url_for("admin.gallery", folder=person.folder), text)


@dataclass(frozen=True)
class Way:
    """Where a photo page leads: the list it was opened from, and its neighbours there."""

    back: Link
    previous: str | None
    next: str | None
    # None where the viewer sees the picture and may not have the file.
    download: str | None
    # The same of a JPEG in its place, where browsers do not show what it is.
    jpeg: str | None = None
    # Where the scripts find the list's shape and its sections; none where there is no list.
    shape: str = ""
    section: str = ""

    @classmethod
    def within(
        cls, photos: PhotoList, photo: Photo, *, download: str | None, jpeg: str | None = None
    ) -> "Way":
        """Return the way of a photo through a list that it is in."""
        previous, following = timeline.neighbours(photos.scope, photo, order=photos.order)
        return cls(
            back=photos.back._replace(url=photos.page(at=photo.public_id)),
            previous=previous and photos.links.photo(previous),
            next=following and photos.links.photo(following),
            download=download,
            jpeg=jpeg,
            shape=photos.part("shape", at=photo.public_id),
            section=photos.part("section"),
        )


@dataclass(frozen=True)
class PhotoPage:
    """One photo, large."""

    photo: Photo
    # What addresses call it.
    id: str
    title: str
    # When and by what it was taken, as far as the title does not say it.
    line: str
    src: str | None
    srcset: str
    sizes: str
    # The largest of them.
    large: str
    width: int | None
    height: int | None
    ratio: str
    kind: Kind
    state: State
    reason: str
    caption: str
    details: list[Detail]
    back: Link
    previous: str | None
    next: str | None
    download: str | None
    shape: str
    section: str
    can_edit: bool
    # Whether its owner can change what is said of it, and the words they have for that.
    is_tended: bool
    words: list[str]
    # What plays, if anything does; else why not, and what to say where a browser does not play it.
    plays: str
    refusal: str
    doubt: str
    # The moving half of a live photo: its page, and its bytes.
    motion: str | None
    motion_src: str | None
    jpeg: str | None
    can_retry: bool

    @property
    def in_trash(self) -> bool:
        return self.photo.trashed_at is not None

    @property
    def can_share(self) -> bool:
        """What moves of a live photo goes with the photo that stands for both."""
        return self.is_tended and self.photo.still_id is None


def photo_page(
    photo: Photo,
    *,
    links: Links,
    way: Way,
    can_edit: bool,
    is_private: bool = False,
    is_placed: bool | None = None,
) -> PhotoPage:
    """Lay out a photo; `links` say where its previews are.

    With `is_private` what its owner alone is to know is left out, and its place too unless
    they offer it, or `is_placed` says otherwise.
    """
    made = sorted(photo.derivatives, key=lambda d: d.width)
    large = [d for d in made if d.variant.startswith(LARGE)]
    base = links.previews(photo.public_id)
    motion = photo.motion.public_id if photo.motion and way.download else None
    reason, can_retry = _reason(photo)
    is_tended = can_edit and photo.trashed_at is None
    return PhotoPage(
        photo=photo,
        id=links.name(photo.public_id),
        title=title_of(photo),
        line=" · ".join(part for part in (_day(photo), photo.camera) if part),
        src=base + large[0].url_name if large else None,
        srcset=", ".join(f"{base}{d.url_name} {d.width}w" for d in large),
        sizes="(min-width: 900px) calc(100vw - 360px), 100vw",
        large=base + large[-1].url_name if large else "",
        width=photo.width,
        height=photo.height,
        ratio=f"r{ratio_of(photo.shape)}",
        kind=photo.kind,
        state=photo.state,
        reason=reason,
        can_retry=can_retry and can_edit and photo.trashed_at is None,
        caption=photo.caption,
        details=[
            each
            for each in details_of(photo, is_private=is_private, is_placed=is_placed)
            if not is_tended or each.icon not in IN_FIELDS
        ],
        can_edit=can_edit,
        is_tended=is_tended,
        words=at_hand(photo.owner_id) if is_tended else [],
        plays=_plays(photo) if way.download else "",
        refusal=refusal_of(photo.kind, photo.codecs) if way.download else _withheld(photo),
        doubt=doubt_of(photo.kind, photo.codecs),
        motion=motion and links.photo(motion),
        motion_src=motion and links.file(motion),
        **vars(way),
    )


def title_of(photo: Photo) -> str:
    moment, is_taken = timeline.moment_of(photo), photo.taken_at is not None
    return naming()(photo.kind, moment, is_taken, photo.caption)


def _day(photo: Photo) -> str:
    return time_in_words(timeline.moment_of(photo)) if photo.caption and photo.taken_at else ""


def _plays(photo: Photo) -> str:
    """Say what of a photo page plays: a video, a recording or an animation."""
    if photo.state is not State.READY or refusal_of(photo.kind, photo.codecs):
        return ""
    if photo.kind is Kind.PHOTO:
        return "animation" if photo.is_animated else ""
    return photo.kind.value


def _withheld(photo: Photo) -> str:
    """Say why what would play does not, to somebody who may not have its file."""
    if photo.kind is Kind.PHOTO:
        return ""
    return str(_("Its owner shows a picture of this and keeps the file, so it does not play here."))


def _reason(photo: Photo) -> tuple[str, bool]:
    """Say why there is no picture, or not a good one, and whether a second try may help."""
    if photo.state is State.PENDING:
        waiting = waiting_for(photo)
        return waiting.sentence, waiting.is_forgotten
    return said(photo.reason), bool(photo.reason)


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
    label: str  # its number, and what became of them


@dataclass(frozen=True)
class BatchPage:
    """A part of the receipt: added + already + restored + refused + to come = chosen."""

    title: str
    chosen: int
    tallies: list[Tally]
    lines: list[ReceiptLine]
    is_pending: bool
    pending: list[int]
    next_id: int | None

    @property
    def lacks_some(self) -> bool:
        """Tell whether a file is not in the library that might be: refused, or still to come."""
        return any(each.outcome in (Outcome.REFUSED, Outcome.WAITING) for each in self.tallies)


LABELS = {
    Outcome.ADDED: Plural("%(number)s added", "%(number)s added"),
    Outcome.ALREADY: Plural(
        "%(number)s already in your library", "%(number)s already in your library"
    ),
    Outcome.RESTORED: Plural("%(number)s back from the trash", "%(number)s back from the trash"),
    Outcome.REFUSED: Plural("%(number)s refused", "%(number)s refused"),
    Outcome.WAITING: Plural("%(number)s still to come", "%(number)s still to come"),
}
LINES = 200  # of a receipt on one page
LIVELY = dt.timedelta(days=1)  # so long a page with files still to come looks again by itself


def batch_page(
    batch: Batch, *, outcome: Outcome | None, after: int, photos: str, pictures: str
) -> BatchPage:
    """Lay out the receipt, counted from its rows; `after` is the last line of the page before."""
    counts = tallies_of(batch)
    rows = db.session.execute(_lines(batch, outcome, after).limit(LINES + 1)).all()
    title = ", ".join(each.label for each in counts)
    is_to_come = any(each.outcome is Outcome.WAITING for each in counts)
    is_lively = batch.created_at > now() - LIVELY
    pending = [row[1].id for row in rows if row[1] and row[1].state is State.PENDING]
    return BatchPage(
        title=title[:1].upper() + title[1:] if title else _("Nothing was sent"),
        chosen=sum(each.number for each in counts),
        tallies=counts,
        lines=[_line(*row, photos=photos, pictures=pictures) for row in rows[:LINES]],
        is_pending=(is_to_come and is_lively) or bool(pending),
        pending=pending,
        next_id=rows[LINES - 1][0].id if len(rows) > LINES else None,
    )


def tallies_of(batch: Batch) -> list[Tally]:
    number = db.func.count()
    counted = db.select(BatchItem.outcome, number).where(BatchItem.batch_id == batch.id)
    rows = db.session.execute(counted.group_by(BatchItem.outcome))
    counts = {outcome: count for outcome, count in rows}
    return [
        Tally(each, counts[each], LABELS[each](counts[each])) for each in LABELS if each in counts
    ]


def _lines(
    batch: Batch, outcome: Outcome | None, after: int
) -> Select[BatchItem, Photo | None, Derivative | None]:
    lines = (
        db.select(BatchItem, Photo, Derivative)
        .outerjoin(Photo, BatchItem.photo_id == Photo.id)
        .outerjoin(Derivative, (Derivative.photo_id == Photo.id) & (Derivative.variant == SMALL))
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
        return said(item.reason)
    if item.outcome is Outcome.WAITING:
        return str(_("Still to come · %(size)s", size=size_in_words(item.size)))
    if photo is None:
        return str(_("Deleted since"))
    if item.outcome is Outcome.ALREADY:
        return str(_("Already in your library"))
    if item.outcome is Outcome.RESTORED:
        return str(_("It was in your trash, and is back in your library"))
    if photo.state is State.PENDING:
        return str(_("Added · Making previews…"))
    return str(_("Added · %(what)s", what=said(photo.reason) or size_in_words(photo.size)))
