"""Makes tiles of photos, with all that a template shows."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import Row, Select

from ..extensions import db
from ..shapes import ratio_of
from ..variants import LARGE, ROWS
from .models import Derivative, Kind, Photo, State, url_name
from .timeline import moment_of
from .wording import length_in_words, name_of

# Those on the first screen load at once, the very first before everything else.
EAGER, FIRST = 8, 2
# Rows of other heights than the usual, in percent of that, as tokens.css has them.
ROW_SIZES = {"s": 73, "l": 143}


@dataclass(frozen=True)
class Links:
    """Where the tiles of a list lead, and where their pictures and files are."""

    photos: str
    pictures: str
    # With ID in the place of a photo's public id.
    files: str
    # What stands behind the address of a photo: the list it is opened from.
    ending: str = ""
    # What addresses call the photo of a public id.
    name: Callable[[str], str] = str

    @classmethod
    def to(cls, photos: str, ending: str = "") -> "Links":
        """Build the addresses of a page's tiles once, and not by two calls for each."""
        picture = url_for("photos.preview", public_id="ID", variant="v", digest="d", extension="e")
        file = url_for("photos.download", public_id="ID")
        pictures = picture.partition("ID")[0]
        return cls(photos=photos, pictures=pictures, files=file, ending=ending)

    def photo(self, public_id: str) -> str:
        """Return the address of a photo's page."""
        return f"{self.photos}{self.name(public_id)}{self.ending}"

    def previews(self, public_id: str) -> str:
        """Return where the previews of a photo are."""
        return f"{self.pictures}{self.name(public_id)}/"

    def file(self, public_id: str) -> str:
        """Return the address of an original."""
        return self.files.replace("ID", self.name(public_id))


@dataclass(frozen=True)
class Tile:
    """All that a template shows of a photo in a grid."""

    id: str
    href: str
    alt: str
    # Whose it is, where that is not plain.
    by: str
    can_tick: bool
    ratio: str
    colour: str | None
    src: str | None
    srcset: str
    # What the viewer shows of it, as a srcset; and what of it plays there.
    large: str
    plays: str
    width: int
    height: int
    kind: Kind
    state: State
    note: str
    length: str
    live: str | None
    eager: bool
    priority: bool

    def sizes(self, rows: str) -> str:
        """Return the widths that it takes where rows are small, "s", large, "l", or neither.

        Row heights grow by a fifth to fill their row.
        """
        ratio = int(self.ratio[1:]) * ROW_SIZES.get(rows, 100) // 100
        wide, middle, small = ratio * 236 // 100, ratio * 200 // 100, min(ratio * 30 // 100, 100)
        return f"(min-width: 1100px) {wide}px, (min-width: 700px) {middle}px, {small}vw"


class Picture(NamedTuple):
    """A preview, by the name that its address has."""

    name: str
    width: int
    height: int
    # Whether the viewer shows it, and not the row.
    is_large: bool


def tiles_of(
    rows: Sequence[Row],
    links: Links,
    *,
    ticks: Callable[[Row], bool],
    note: Callable[[Row], str] | None = None,
    names: Mapping[int, str] | None = None,
    files: Select[Photo] | None = None,
) -> list[Tile]:
    """Return the tiles of some photos; `ticks` says which can be ticked.

    `note` is what stands on one in place of what it says itself. Where the photos are not all
    the viewer's, `names` are those of owners, by id, whose photos say whose they are, and
    `files` select the photos whose very file the viewer may have.
    """
    ids = [row.id for row in rows]
    pictures = _pictures(ids)
    motions = {row.id: row.motion for row in rows if row.motion}
    if motions and files is not None:
        motions = _given(motions, files)
    return [
        _tile(
            row,
            index,
            links=links,
            pictures=pictures.get(row.id, []),
            motion=motions.get(row.id),
            note=note(row) if note else "",
            blank=row.client_name if names is None else "",
            by=names.get(row.owner_id, "") if names else "",
            can_tick=ticks(row),
        )
        for index, row in enumerate(rows)
    ]


def _given(motions: dict[int, str], files: Select[Photo]) -> dict[int, str]:
    """Of what moves, that of which the viewer may have the file."""
    may = files.where(Photo.still_id.in_(motions)).with_only_columns(Photo.still_id)
    given = set(db.session.scalars(may))
    return {still_id: name for still_id, name in motions.items() if still_id in given}


def _pictures(ids: list[int]) -> dict[int, list[Picture]]:
    found: dict[int, list[Picture]] = {}
    is_shown = db.or_(Derivative.variant.startswith(ROWS), Derivative.variant.startswith(LARGE))
    wanted = db.select(
        Derivative.photo_id,
        Derivative.variant,
        Derivative.digest,
        Derivative.filename,
        Derivative.width,
        Derivative.height,
    ).where(Derivative.photo_id.in_(ids), is_shown)
    # Columns: whole rows of five pictures for each photo were a fifth of the page's time.
    for id_, variant, digest, filename, width, height in db.session.execute(
        wanted.order_by(Derivative.height)
    ):
        name = url_name(variant, digest, filename)
        picture = Picture(name, width, height, variant.startswith(LARGE))
        found.setdefault(id_, []).append(picture)
    return found


def _tile(
    row: Row,
    index: int,
    *,
    links: Links,
    pictures: list[Picture],
    motion: str | None,
    note: str,
    blank: str,
    by: str,
    can_tick: bool,
) -> Tile:
    ratio = ratio_of(row.shape)
    plays = "animation" if row.is_animated else "" if row.kind is Kind.PHOTO else row.kind
    base = links.previews(row.public_id)
    small = [each for each in pictures if not each.is_large]
    # A small photo is the same in all of them.
    large = {each.width: each for each in pictures if each.is_large}
    name = name_of(row.kind, moment_of(row), is_taken=row.taken_at is not None, caption=row.caption)
    return Tile(
        id=links.name(row.public_id),
        href=links.photo(row.public_id),
        alt=_("%(photo)s, by %(name)s", photo=name, name=by) if by else name,
        by=by,
        can_tick=can_tick,
        ratio=f"r{ratio}",
        colour=row.colour,
        src=base + small[0].name if small else None,
        srcset=_srcset(base, small),
        large="" if plays else _srcset(base, large.values()),
        plays=plays,
        width=small[-1].width if small else 480 * ratio // 100,
        height=small[-1].height if small else 480,
        kind=row.kind,
        state=row.state,
        note=note or ("" if small else blank),
        length=length_in_words(row.duration) if row.duration is not None else "",
        live=motion and links.file(motion),
        eager=index < EAGER,
        priority=index < FIRST,
    )


def _srcset(base: str, pictures: Iterable[Picture]) -> str:
    return ", ".join(f"{base}{each.name} {each.width}w" for each in pictures)
