"""What can be done with many photos: each act with its words, and what it changes."""

from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Select

from ..accounts.models import User
from ..errors import NotThere
from ..extensions import db, in_portions
from ..languages import Plural
from . import changes, many
from .counts import counted
from .models import Change, Photo


@dataclass(frozen=True)
class Act:
    """Something to be done with photos, and how that is said of so many of them."""

    # As forms say it.
    name: str
    button: Callable[[int], str]
    done: Callable[[int], str]
    # What it changes, to be kept until nobody can undo it any more.
    columns: tuple[str, ...]
    do: Callable[[Sequence[int]], None]
    # What one of them is before and after, for who looks before doing it.
    before: Callable[[Photo], str]
    after: Callable[[Photo], str]
    # Which of those that were chosen it is about.
    scope: ColumnElement[bool] = field(default_factory=lambda: Photo.is_shown())
    # Whether what moves of a live photo goes the same way by itself.
    is_of_halves: bool = False
    # Whether it moves photos in or out of what is counted.
    is_counted: bool = False

    def photos(self, chosen: Select[Photo]) -> Select[Photo]:
        """Select those it is about.

        :raises NotThere: when there are none.
        """
        found = chosen.where(self.scope)
        if db.session.scalar(found.with_only_columns(Photo.id).limit(1)) is None:
            raise NotThere(_("None of these photos is there any more."))
        return found


def perform(act: Act, owner: User, chosen: Select[Photo]) -> tuple[int, Change]:
    """Do an act with photos of one owner; return how many there were, and the way back.

    Commits between some and some, where there are many: what is left undone can be taken back.

    :raises NotThere: when it is about none of them.
    """
    ids = list(db.session.scalars(act.photos(chosen).with_only_columns(Photo.id)))
    change = changes.keep(owner, act.name, _rows(act, ids), act.columns)
    after: changes.Before = {}
    for some in in_portions(ids):
        rows = _rows(act, some)
        with counted(owner, rows) if act.is_counted else nullcontext():
            act.do(rows)
        after |= changes.said_by(rows, act.columns)  # before another may write between
    changes.seal(change, after)
    return len(ids), change


def _rows(act: Act, ids: Sequence[int]) -> Sequence[int]:
    return many.with_halves(ids) if act.is_of_halves else ids


FAVOURITE = Act(
    "favourite",
    button=Plural("Make %(number)s photo favourites", "Make %(number)s photos favourites"),
    done=Plural(
        "%(number)s photo added to your favourites.", "%(number)s photos added to your favourites."
    ),
    columns=("is_favourite",),
    do=lambda ids: many.favour(ids, True),
    before=lambda photo: _("A favourite") if photo.is_favourite else _("No favourite"),
    after=lambda photo: _("A favourite"),
)
UNFAVOURITE = Act(
    "unfavourite",
    button=Plural(
        "Take %(number)s photo out of the favourites",
        "Take %(number)s photos out of the favourites",
    ),
    done=Plural(
        "%(number)s photo taken out of your favourites.",
        "%(number)s photos taken out of your favourites.",
    ),
    columns=("is_favourite",),
    do=lambda ids: many.favour(ids, False),
    before=lambda photo: _("A favourite") if photo.is_favourite else _("No favourite"),
    after=lambda photo: _("No favourite"),
)
ARCHIVE = Act(
    "archive",
    button=Plural("Archive %(number)s photo", "Archive %(number)s photos"),
    done=Plural(
        "%(number)s photo archived: out of the timeline, still in albums and in search.",
        "%(number)s photos archived: out of the timeline, still in albums and in search.",
    ),
    columns=("archived_at",),
    do=many.archive,
    before=lambda photo: _("Archived") if photo.archived_at else _("In the timeline"),
    after=lambda photo: _("Archived"),
    is_counted=True,
)
UNARCHIVE = Act(
    "unarchive",
    button=Plural(
        "Bring %(number)s photo back into the timeline",
        "Bring %(number)s photos back into the timeline",
    ),
    done=Plural(
        "%(number)s photo back in the timeline.", "%(number)s photos back in the timeline."
    ),
    columns=("archived_at",),
    do=many.unarchive,
    before=lambda photo: _("Archived") if photo.archived_at else _("In the timeline"),
    after=lambda photo: _("In the timeline"),
    is_counted=True,
)
TRASH = Act(
    "trash",
    button=Plural("Move %(number)s photo to the trash", "Move %(number)s photos to the trash"),
    done=Plural("%(number)s photo moved to the trash.", "%(number)s photos moved to the trash."),
    columns=("trashed_at",),
    do=many.discard,
    before=lambda photo: _("In your library"),
    after=lambda photo: _("In the trash"),
    is_of_halves=True,
    is_counted=True,
)
RESTORE = Act(
    "restore",
    button=Plural("Restore %(number)s photo", "Restore %(number)s photos"),
    done=Plural(
        "%(number)s photo back in your library.", "%(number)s photos back in your library."
    ),
    columns=("trashed_at",),
    do=many.restore,
    before=lambda photo: _("In the trash"),
    after=lambda photo: _("In your library"),
    scope=Photo.trashed_at.is_not(None) & Photo.still_id.is_(None),
    is_of_halves=True,
    is_counted=True,
)
PLAIN = {act.name: act for act in (FAVOURITE, UNFAVOURITE, ARCHIVE, UNARCHIVE, TRASH, RESTORE)}
