"""Puts originals together in a zip, which is made while it is sent."""

import hashlib
import posixpath
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import inf

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Row, Select, or_

from ..access import originals_for
from ..errors import NotThere
from ..extensions import db
from ..upload_sets import SETS
from .cleaning import Patches
from .lists import PhotoList
from .models import Photo, download_name
from .picks import Picks
from .splicing import Spliced, Stored, Told
from .timeline import NEWEST, moment_of
from .zipping import Named, zip_of

LACKING = "Not in here.txt"
COLUMNS = (
    *(Photo.id, Photo.client_name, Photo.set_name, Photo.filename, Photo.size, Photo.sha256),
    *(Photo.crc32, Photo.taken_at, Photo.taken_offset, Photo.created_at),
)


@dataclass(frozen=True)
class Zip:
    """A zip to be sent, and a tag that changes with what is in it."""

    file: Spliced
    tag: str


def zipped(picks: Picks) -> Zip:
    """Return a zip of what was chosen, as far as the one who chose may have the files.

    :raises NotThere: when there is no file of it that they may have.
    """
    return packed(originals_for(picks.owner), picks.list, picks.is_chosen)


def packed(
    files: Select[Photo],
    photos: PhotoList | None,
    is_chosen: ColumnElement[bool],
    *,
    patches: Mapping[int, Patches] | None = None,
) -> Zip:
    """Return a zip of those files that were chosen, with the halves of live photos.

    They are in the order of a list, and what is not in it comes behind. The rows are read, so
    that nothing of the database is held while it is sent. `patches` are what stands over bytes
    of a photo's file, by its id: one that has none there is left out, and named.

    :raises NotThere: when there are none.
    """
    rows = _in_order(files, photos, is_chosen)
    if not rows:
        raise NotThere(_("None of these photos is there any more."))
    members: list[Named] = []
    missing, unclean, names = [], [], Names()
    seen = hashlib.sha256()
    for row in rows:
        store = SETS[row.set_name].config.store
        name = names.new(download_name(row.client_name, row.filename))
        if store.stat(row.filename) is None:
            missing.append(name)
            continue
        over = () if patches is None else patches.get(row.id)
        if over is None:
            unclean.append(name)
            continue
        crc = None if over else row.crc32
        stored = Stored(store, row.filename, row.size, patches=over, crc=crc)
        members.append((name, stored, moment_of(row)))
        seen.update(repr((name, row.sha256, crc, over)).encode())
    if missing or unclean:
        text = lacking(missing, unclean)
        members.append((LACKING, Told(len(text), lambda: text), moment_of(rows[0])))
        seen.update(text)
    return Zip(zip_of(members), seen.hexdigest()[:32])


def lacking(missing: Sequence[str], unclean: Sequence[str]) -> bytes:
    """Return a text that names the files which are not in a zip, and why."""
    lines: list[str] = []
    if missing:
        lines += [_("These files are missing in the gallery:"), "", *missing, ""]
    if unclean:
        intro = _("These files may tell where they were taken, so they are left out:")
        lines += [intro, "", *unclean, ""]
    return "\n".join(lines).encode()


class Names:
    """Gives each file of a zip a name of its own: cat.jpg, cat (2).jpg."""

    def __init__(self) -> None:
        self.taken = {LACKING.casefold()}
        self.numbers: dict[str, int] = {}

    def new(self, name: str) -> str:
        """Return the name, or the first free one after it; some systems know no case."""
        stem, suffix = posixpath.splitext(name)
        while name.casefold() in self.taken:
            number = self.numbers.get(stem.casefold() + suffix, 1) + 1
            self.numbers[stem.casefold() + suffix] = number
            name = f"{stem} ({number}){suffix}"
        self.taken.add(name.casefold())
        return name


def _in_order(
    files: Select[Photo], photos: PhotoList | None, is_chosen: ColumnElement[bool]
) -> Sequence[Row]:
    itself = db.func.coalesce(Photo.still_id, Photo.id)
    chosen = db.select(Photo.id).where(is_chosen)
    wanted = files.where(or_(Photo.id.in_(chosen), Photo.still_id.in_(chosen)))
    ordered = wanted.with_only_columns(itself.label("tile"), *COLUMNS)
    rows = db.session.execute(ordered.order_by(*NEWEST.columns(is_backwards=False))).all()
    if photos is None:
        return rows
    listed = photos.scope.with_only_columns(Photo.id).where(is_chosen)
    order = photos.order.columns(is_backwards=False)
    places = {id_: n for n, id_ in enumerate(db.session.scalars(listed.order_by(*order)))}
    return sorted(rows, key=lambda row: places.get(row.tile, inf))
