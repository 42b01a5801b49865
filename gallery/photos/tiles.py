"""Makes tiles of photos, with all that a template shows."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from operator import itemgetter
from typing import NamedTuple

from flask import url_for
from flask_babel import gettext as _
from markupsafe import Markup, escape
from sqlalchemy import Select, bindparam

from ..extensions import among, bare_rows, db
from ..shapes import ratio_of
from ..variants import LARGE, ROWS
from .models import Derivative, Kind, Photo, State, url_name
from .timeline import Listed, moment_of
from .wording import length_in_words, naming

# Those on the first screen load at once, the very first before everything else.
EAGER, FIRST = 8, 2
NOTHING = Markup()
# Heights of rows, small, usual and large, in percent of the usual, as tokens.css has them.
ROW_SIZES = {"s": 73, "": 100, "l": 143}


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

    def as_html(self) -> "Links":
        """Return them as they stand in HTML; what `name` gives is letters and digits alone."""
        return replace(
            self,
            photos=str(escape(self.photos)),
            pictures=str(escape(self.pictures)),
            files=str(escape(self.files)),
            ending=str(escape(self.ending)),
        )

    def photo(self, public_id: str) -> str:
        """Return the address of a photo's page."""
        return f"{self.photos}{self.name(public_id)}{self.ending}"

    def previews(self, public_id: str) -> str:
        """Return where the previews of a photo are."""
        return f"{self.pictures}{self.name(public_id)}/"

    def file(self, public_id: str) -> str:
        """Return the address of an original."""
        return self.files.replace("ID", self.name(public_id))


class Tile(NamedTuple):
    """All that a template shows of a photo in a grid, as HTML: nothing of it is escaped there."""

    id: str
    href: str
    alt: Markup
    # What its tick says; nothing where it has none.
    select: str
    # Whose it is, where that is not plain.
    by: Markup
    ratio: str
    colour: str | None
    src: str | None
    srcset: str
    # The widths that it takes, by how large rows are.
    sizes: Mapping[str, str]
    # What the viewer shows of it, as a srcset; and what of it plays there.
    large: str
    plays: str
    width: int
    height: int
    kind: Kind
    state: State
    note: Markup
    length: str
    live: str | None
    eager: bool
    priority: bool


# Columns: whole rows of five pictures for each photo were a fifth of the page's time.
PICTURES = db.select(
    Derivative.photo_id,
    Derivative.variant,
    Derivative.digest,
    Derivative.filename,
    Derivative.width,
    Derivative.height,
).where(Derivative.photo_id.in_(among(bindparam("ids"))))


class Pictures(NamedTuple):
    """The previews of a photo, the smallest first, each as `srcset` has it."""

    # The address of the smallest that rows show, its width and its height.
    first: list[tuple[str, int, int]]
    # For rows.
    small: list[str]
    # For the viewer, by their widths: those of a small photo are all the same.
    large: dict[int, str]


def tiles_of(
    rows: Sequence[Listed],
    links: Links,
    *,
    ticks: Callable[[Listed], bool],
    note: Callable[[Listed], str] | None = None,
    names: Mapping[int, str] | None = None,
    files: Select[Photo] | None = None,
) -> list[Tile]:
    """Return the tiles of some photos; `ticks` says which can be ticked.

    `note` is what stands on one in place of what it says itself. Where the photos are not all
    the viewer's, `names` are those of owners, by id, whose photos say whose they are, and
    `files` select the photos whose very file the viewer may have.
    """
    links = links.as_html()
    pictures = _pictures(rows, links)
    name, select = naming(), str(escape(_("Select %(photo)s")))
    motions = {row.id: row.motion for row in rows if row.motion}
    if motions and files is not None:
        motions = _given(motions, files)
    return [
        _tile(
            row,
            index,
            name(row.kind, moment_of(row), row.taken_at is not None, row.caption),
            links=links,
            pictures=pictures[row.id],
            motion=motions.get(row.id),
            note=note(row) if note else "",
            blank=row.client_name if names is None else "",
            by=names.get(row.owner_id, "") if names else "",
            select=select,
            can_tick=ticks(row),
        )
        for index, row in enumerate(rows)
    ]


def _given(motions: dict[int, str], files: Select[Photo]) -> dict[int, str]:
    """Of what moves, that of which the viewer may have the file."""
    may = files.where(Photo.still_id.in_(motions)).with_only_columns(Photo.still_id)
    given = set(db.session.scalars(may))
    return {still_id: name for still_id, name in motions.items() if still_id in given}


def _pictures(rows: Sequence[Listed], links: Links) -> dict[int, Pictures]:
    found = {row.id: Pictures([], [], {}) for row in rows}
    bases = {row.id: links.previews(row.public_id) for row in rows}
    made = bare_rows(PICTURES, {"ids": json.dumps(list(found))})
    made.sort(key=itemgetter(-1))  # by height
    for id_, variant, digest, filename, width, height in made:
        address = bases[id_] + url_name(variant, digest, filename)
        first, small, large = found[id_]
        if variant.startswith(LARGE):
            large[width] = f"{address} {width}w"
        elif variant.startswith(ROWS):
            small.append(f"{address} {width}w")
            if not first:
                first.append((address, width, height))
    return found


def _tile(
    row: Listed,
    index: int,
    name: str,
    *,
    links: Links,
    pictures: Pictures,
    motion: str | None,
    note: str,
    blank: str,
    by: str,
    select: str,
    can_tick: bool,
) -> Tile:
    ratio = ratio_of(row.shape)
    plays = "animation" if row.is_animated else "" if row.kind is Kind.PHOTO else row.kind
    first, small, large = pictures
    src, width, height = first[0] if first else (None, 480 * ratio // 100, 480)
    alt = escape(_("%(photo)s, by %(name)s", photo=name, name=by) if by else name)
    # By their places: by their names, it takes three times as long.
    return Tile(
        links.name(row.public_id),
        links.photo(row.public_id),
        alt,
        select % {"photo": alt} if can_tick else "",
        escape(by) if by else NOTHING,
        f"r{ratio}",
        row.colour,
        src,
        ", ".join(small),
        _sizes(ratio),
        "" if plays else ", ".join(large.values()),
        plays,
        width,
        height,
        row.kind,
        row.state,
        escape(said) if (said := note or ("" if src else blank)) else NOTHING,
        length_in_words(row.duration) if row.duration is not None else "",
        motion and links.file(motion),
        index < EAGER,
        index < FIRST,
    )


@lru_cache
def _sizes(ratio: int) -> Mapping[str, str]:
    """Return how wide a photo is, by how large rows are; these grow by a fifth to be filled."""
    return {rows: _widths(ratio * percent // 100) for rows, percent in ROW_SIZES.items()}


def _widths(ratio: int) -> str:
    wide, middle, small = ratio * 236 // 100, ratio * 200 // 100, min(ratio * 30 // 100, 100)
    return f"(min-width: 1100px) {wide}px, (min-width: 700px) {middle}px, {small}vw"
