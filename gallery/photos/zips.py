"""Puts originals together in a zip, which is made while it is sent."""

import posixpath
from collections.abc import Iterator, Sequence
from math import inf

from flask_babel import gettext as _
from sqlalchemy import Row, or_
from zipstream import ZipStream

from ..access import originals_for
from ..errors import NotThere
from ..extensions import db
from ..upload_sets import SETS
from ..uploads.stores import Store
from .models import Photo, download_name
from .picks import Picks
from .timeline import NEWEST

PIECE = 256 * 1024  # bytes
LACKING = "Not in here.txt"


def zipped(picks: Picks) -> ZipStream:
    """Return a zip of what was chosen, as far as the one who chose may have the files.

    It is in the list's order, the halves of a live photo together. Its size is known and its
    rows are read, so that nothing of the database is held while it is sent.

    :raises NotThere: when there is no file of it that they may have.
    """
    rows = _in_order(picks)
    if not rows:
        raise NotThere(_("None of these photos is there any more."))
    made, lacking, names = ZipStream(sized=True), [], Names()
    for row in rows:
        store = SETS[row.set_name].config.store
        name = names.new(download_name(row.client_name, row.filename))
        stat = store.stat(row.filename)
        if stat is None:
            lacking.append(name)
        else:
            made.add(_pieces(store, row.filename), name, size=stat.size)
    if lacking:
        intro = _("These files are missing in the gallery:")
        made.add("\n".join([intro, "", *lacking]), LACKING)
    return made


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


def _in_order(picks: Picks) -> Sequence[Row]:
    """Read the files, as the list has them; what is not in the list comes behind."""
    itself = db.func.coalesce(Photo.still_id, Photo.id)
    chosen = db.select(Photo.id).where(picks.is_chosen)
    files = originals_for(picks.owner).where(or_(Photo.id.in_(chosen), Photo.still_id.in_(chosen)))
    rows = db.session.execute(
        files.with_only_columns(
            itself.label("tile"), Photo.client_name, Photo.set_name, Photo.filename
        ).order_by(*NEWEST.columns(is_backwards=False))
    ).all()
    if picks.list is None:
        return rows
    listed = picks.list.scope.with_only_columns(Photo.id).where(picks.is_chosen)
    order = picks.list.order.columns(is_backwards=False)
    places = {id_: n for n, id_ in enumerate(db.session.scalars(listed.order_by(*order)))}
    return sorted(rows, key=lambda row: places.get(row.tile, inf))


def _pieces(store: Store, filename: str) -> Iterator[bytes]:
    with store.open(filename) as original:
        while piece := original.read(PIECE):
            yield piece
