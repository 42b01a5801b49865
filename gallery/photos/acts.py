"""What can be done with many photos: each act with its words, and what it changes."""

from collections.abc import Callable
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, Select

from ..accounts.models import User
from ..errors import NotThere
from ..extensions import db
from . import changes, many
from .counts import counted
from .models import Change, Photo
from .wording import number_of


@dataclass(frozen=True)
class Act:
    """Something to be done with photos; `{}` in its words is their number."""

    # As forms say it.
    name: str
    button: str
    done: str
    # What it changes, to be kept until nobody can undo it any more.
    columns: tuple[str, ...]
    do: Callable[[list[int]], None]
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
            raise NotThere("None of these photos is there any more.")
        return found


def perform(act: Act, owner: User, chosen: Select[Photo]) -> tuple[int, Change]:
    """Do an act with photos of one owner; return how many there were, and the way back.

    :raises NotThere: when it is about none of them.
    """
    ids = list(db.session.scalars(act.photos(chosen).with_only_columns(Photo.id)))
    rows = many.with_halves(ids) if act.is_of_halves else ids
    change = changes.keep(owner, act.name, rows, act.columns)
    if act.is_counted:
        with counted(owner, rows):
            act.do(rows)
    else:
        act.do(rows)
    return len(ids), change


FAVOURITE = Act(
    "favourite",
    button="Make {} favourites",
    done="{} added to your favourites.",
    columns=("is_favourite",),
    do=lambda ids: many.favour(ids, True),
    before=lambda photo: "A favourite" if photo.is_favourite else "No favourite",
    after=lambda _: "A favourite",
)
UNFAVOURITE = Act(
    "unfavourite",
    button="Take {} out of the favourites",
    done="{} taken out of your favourites.",
    columns=("is_favourite",),
    do=lambda ids: many.favour(ids, False),
    before=lambda photo: "A favourite" if photo.is_favourite else "No favourite",
    after=lambda _: "No favourite",
)
ARCHIVE = Act(
    "archive",
    button="Archive {}",
    done="{} archived: out of the timeline, still in albums and in search.",
    columns=("archived_at",),
    do=many.archive,
    before=lambda photo: "Archived" if photo.archived_at else "In the timeline",
    after=lambda _: "Archived",
    is_counted=True,
)
UNARCHIVE = Act(
    "unarchive",
    button="Bring {} back into the timeline",
    done="{} back in the timeline.",
    columns=("archived_at",),
    do=many.unarchive,
    before=lambda photo: "Archived" if photo.archived_at else "In the timeline",
    after=lambda _: "In the timeline",
    is_counted=True,
)
TRASH = Act(
    "trash",
    button="Move {} to the trash",
    done="{} moved to the trash.",
    columns=("trashed_at",),
    do=many.discard,
    before=lambda _: "In your library",
    after=lambda _: "In the trash",
    is_of_halves=True,
    is_counted=True,
)
RESTORE = Act(
    "restore",
    button="Restore {}",
    done="{} back in your library.",
    columns=("trashed_at",),
    do=many.restore,
    before=lambda _: "In the trash",
    after=lambda _: "In your library",
    scope=Photo.trashed_at.is_not(None) & Photo.still_id.is_(None),
    is_of_halves=True,
    is_counted=True,
)
PLAIN = {act.name: act for act in (FAVOURITE, UNFAVOURITE, ARCHIVE, UNARCHIVE, TRASH, RESTORE)}


def in_words(words: str, number: int) -> str:
    """Return the words of an act about so many photos."""
    return words.replace("{}", number_of(number, "photo"), 1)
