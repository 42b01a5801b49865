"""What takes the room: by person and kind, and the largest files. Rows say it, not the disk."""

import csv
from collections.abc import Sequence
from io import StringIO
from typing import NamedTuple

from flask_babel import gettext as _
from sqlalchemy import func

from .. import storage
from ..accounts.models import User
from ..extensions import db
from ..keeping.models import Check
from ..photos.models import Derivative, Kind, Photo
from ..photos.wording import size_in_words, time_in_words
from .figures import Figure
from .jobs import what_in_words
from .log import harmless

# The rest of the people stand in the CSV.
MOST_PEOPLE = 50
MOST_FILES = 20


class Share(NamedTuple):
    """What is stored of one person, in bytes; what is in the trash is counted in the kinds, too."""

    name: str
    folder: str
    pictures: int
    videos: int
    recordings: int
    previews: int
    trash: int

    @property
    def originals(self) -> int:
        return self.pictures + self.videos + self.recordings

    @property
    def whole(self) -> int:
        return self.originals + self.previews

    def words(self) -> list[str]:
        return [size_in_words(size) for size in (*self[2:], self.whole)]


class Large(NamedTuple):
    """One of the largest files; the address of one in the trash is nowhere."""

    what: str
    whose: str
    folder: str
    public_id: str | None


def shares() -> list[Share]:
    """Return what is stored of everybody, the most first."""
    sums = db.select(
        Photo.owner_id,
        *(func.sum(Photo.size).filter(Photo.kind == kind) for kind in Kind),
        func.sum(Photo.size).filter(Photo.trashed_at.is_not(None)),
    )
    originals = {row[0]: row[1:] for row in db.session.execute(sums.group_by(Photo.owner_id))}
    made = db.select(Photo.owner_id, func.sum(Derivative.size)).join(Photo.derivatives)
    previews = {row[0]: row[1] for row in db.session.execute(made.group_by(Photo.owner_id))}
    found = []
    for user_id, name, folder in db.session.execute(db.select(User.id, User.name, User.folder)):
        sizes = originals.get(user_id, (0, 0, 0, 0))
        photo, video, audio, trash = (size or 0 for size in sizes)
        found.append(Share(name, folder, photo, video, audio, previews.get(user_id, 0), trash))
    return sorted(found, key=lambda share: (-share.whole, share.name))


def figures(shares: Sequence[Share]) -> list[Figure]:
    """Return what all of it comes to, and what the last check saw in quarantine."""
    sums = [sum(column) for column in zip(*(share[2:] for share in shares), strict=True)]
    *kinds, previews, trash = sums
    free = size_in_words(storage.free())
    check = db.session.scalar(Check.last_ended())
    seen = time_in_words(check.began_at) if check else ""
    return [
        Figure(
            _("Originals"),
            size_in_words(sum(kinds)),
            _("%(size)s of it in the trash", size=size_in_words(trash)),
        ),
        Figure(_("Previews"), size_in_words(previews), _("They can be made again.")),
        Figure(
            _("Quarantine"),
            size_in_words(check.quarantined) if check else _("Not known"),
            _("As of %(when)s", when=seen) if check else _("A check looks at it."),
        ),
        Figure(_("Free"), free, _("On the disk of the originals")),
    ]


def largest() -> list[Large]:
    """Return the largest files of all."""
    # Before anybody is joined, or the more people there are, the longer it takes.
    about = (Photo.owner_id, Photo.type, Photo.size, Photo.public_id, Photo.trashed_at)
    most = db.select(*about).order_by(Photo.size.desc()).limit(MOST_FILES).subquery()
    rows = db.select(most, User.name, User.folder).join(User, User.id == most.c.owner_id)
    return [
        Large(
            what=what_in_words(row.type, row.size),
            whose=row.name,
            folder=row.folder,
            public_id=None if row.trashed_at else row.public_id,
        )
        for row in db.session.execute(rows.order_by(most.c.size.desc()))
    ]


def headings() -> list[str]:
    return [
        *(_("Person"), _("Photos"), _("Videos"), _("Recordings")),
        *(_("Previews"), _("In the trash"), _("In all")),
    ]


def as_csv() -> str:
    """Return the shares of everybody in bytes."""
    text = StringIO()
    file = csv.writer(text)
    file.writerow(headings())
    for share in shares():
        file.writerow([harmless(share.name), *share[2:], share.whole])
    return text.getvalue()
