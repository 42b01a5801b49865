"""Keeps what photos were before a change, and brings that back for a day, once."""

import datetime as dt
import enum
from collections.abc import Collection, Iterable, Mapping
from typing import Any, NamedTuple

from flask_babel import gettext as _
from sqlalchemy import Date, insert, update

from ..access import albums_to_add_to
from ..accounts.models import User
from ..albums.filling import Seat, put_back, take_out
from ..albums.models import Album, Entry
from ..errors import NotThere
from ..extensions import UTCDateTime, among, begin_writing, db, in_portions, now
from ..jobs.models import Job, Priority
from . import tags, trash
from .counts import counted
from .models import Change, Choice, Photo, State, Tag, photo_tags
from .waiting import KIND

LASTS = dt.timedelta(days=1)
ALIKE = 500  # photos: so many that said the same are brought back by one statement
TAGS, ALBUM, SEAT = "tags", "album", "seat"  # beside the columns of photos
ALL = "all"  # in the place of a photo, where they are alike

Before = dict[str, dict[str, Any]]


def keep(owner: User, act: str, ids: Collection[int], columns: Iterable[str]) -> Change:
    """Write down what some photos say now, before an act changes it; `tags` stands for words."""
    return _add(owner, act, said_by(ids, columns))


def said_by(ids: Collection[int], columns: Iterable[str]) -> Before:
    """Return what some photos say now; `tags` stands for words."""
    names = sorted(columns)
    return _tags_of(ids) if TAGS in names else _columns_of(ids, names)


def keep_entries(owner: User, act: str, album: Album, ids: Collection[int]) -> Change:
    """Write down where some photos are in an album, before they come or go; None is nowhere."""
    entries = db.select(Entry.photo_id, Entry.place, Entry.added_at).where(
        Entry.album_id == album.id, Entry.photo_id.in_(among(ids))
    )
    seats = {
        row.photo_id: [row.place, row.added_at.isoformat()] for row in db.session.execute(entries)
    }
    return _add(owner, act, {str(id_): {ALBUM: album.id, SEAT: seats.get(id_)} for id_ in ids})


def _add(owner: User, act: str, before: Before) -> Change:
    change = Change(owner_id=owner.id, act=act, before=before)
    db.session.add(change)
    db.session.flush()
    return change


def _columns_of(ids: Collection[int], names: list[str]) -> Before:
    columns = [Photo.__table__.c[name] for name in names]
    rows = db.session.execute(db.select(Photo.id, *columns).where(Photo.id.in_(among(ids))))
    return {str(id_): dict(zip(names, map(_plain, values), strict=True)) for id_, *values in rows}


def _plain(value: Any) -> Any:
    if isinstance(value, dt.date):  # a moment is one, too
        return value.isoformat()
    return value.value if isinstance(value, enum.Enum) else value


def _tags_of(ids: Collection[int]) -> Before:
    kept: Before = {str(id_): {TAGS: []} for id_ in ids}
    words = db.select(photo_tags.c.photo_id, Tag.name).join(Tag, Tag.id == photo_tags.c.tag_id)
    for id_, name in db.session.execute(words.where(photo_tags.c.photo_id.in_(among(ids)))):
        kept[str(id_)][TAGS].append(name)
    return kept


def seal(change: Change, after: Before) -> None:
    """Write down what the photos said once the act was done: undo leaves what is newer."""
    first = next(iter(after.values()), {})
    is_alike = all(each == first for each in after.values())
    change.after = {ALL: first} if is_alike else after


class Undone(NamedTuple):
    """How many photos are as before, and how many were changed again and stay."""

    number: int
    left: int


def undo(owner: User, public_id: str) -> Undone:
    """Bring back what photos were before a change, where that is what they still are; forget it.

    Commits between some and some, where there are many.

    :raises NotThere: when it was undone before, is too old, or all of it was changed again.
    """
    lasting = Change.owned_by(owner).where(Change.created_at > now() - LASTS)
    change = db.session.scalar(lasting.where(Change.public_id == public_id))
    if change is None:
        raise NotThere(_("This was undone already, or more than a day has passed since."))
    known = Photo.owned_by(owner).where(Photo.id.in_(among(map(int, change.before))))
    rows = db.session.execute(known.with_only_columns(Photo.id, Photo.still_id)).all()
    stills = {row.id: row.still_id for row in rows}
    kinds = {name for each in change.before.values() for name in each}
    back: set[int] = set()
    for ids in in_portions(list(stills)):
        some = _back_of(change, ids, kinds)
        back |= some.keys()
        if ALBUM in kinds:
            _bring_back_entries(owner, some)
        elif TAGS in kinds:
            _bring_back_tags(owner, some)
        else:
            with counted(owner, ids):
                _bring_back_columns(some)
    if stills and not back:
        raise NotThere(_("These photos were changed again since, so they stay as they are."))
    if kinds & {"taken_at", "latitude"}:
        _read_again(back, since=change.created_at)
    db.session.delete(change)
    number, all_of_them = (
        sum(stills[id_] is None or stills[id_] not in ids for id_ in ids) for ids in (back, stills)
    )
    return Undone(number, all_of_them - number)


def _read_again(ids: Collection[int], *, since: dt.datetime) -> None:
    """Have read again what was first read since: of that the file's own word is not known yet."""
    is_new = Photo.id.in_(among(ids)) & (Photo.read_at > since)
    new = db.session.scalars(db.select(Photo.id).where(is_new)).all()
    pending = update(Photo).where(Photo.id.in_(among(new))).values(state=State.PENDING)
    db.session.execute(pending.execution_options(synchronize_session=False))
    Job.want_all(KIND, new, priority=Priority.LOOKING)


def _back_of(
    change: Change, ids: Collection[int], kinds: Collection[str]
) -> dict[int, dict[str, Any]]:
    """Return by photo what is to be brought back, where nothing was said since."""
    before = {id_: change.before[str(id_)] for id_ in ids}
    after = change.after
    if after is None or ALBUM in kinds:
        return before
    held = said_by(ids, kinds)
    left = {id_: after[ALL] if ALL in after else after[str(id_)] for id_ in ids}
    if TAGS not in kinds:
        return {id_: each for id_, each in before.items() if held[str(id_)] == left[id_]}
    return {
        id_: {TAGS: _taken_back(held[str(id_)][TAGS], each[TAGS], left[id_][TAGS])}
        for id_, each in before.items()
    }


def _taken_back(held: list[str], before: list[str], after: list[str]) -> list[str]:
    """Of the words that a photo holds, return those left without what a change did to them."""
    kept = [name for name in held if name in before or name not in after]
    return [*kept, *(name for name in before if name not in after and name not in kept)]


def _bring_back_columns(before: Mapping[int, Mapping[str, Any]]) -> None:
    alike: dict[tuple[tuple[str, Any], ...], list[int]] = {}
    for id_, columns in _with_stills(before).items():
        alike.setdefault(tuple(columns.items()), []).append(id_)
    rows = []
    for known, ids in alike.items():
        columns = {name: _typed(name, value) for name, value in known}
        if "trashed_at" in columns and columns["trashed_at"] is None:
            trash.own(ids)
        if len(ids) < ALIKE:
            rows += [{"id": id_, **columns} for id_ in ids]
            continue
        which = update(Photo).where(Photo.id.in_(among(ids))).values(columns)
        db.session.execute(which.execution_options(synchronize_session=False))
    if rows:
        db.session.execute(update(Photo), rows)


def _with_stills(before: Mapping[int, Mapping[str, Any]]) -> Mapping[int, Mapping[str, Any]]:
    """Give what moved back to its still, where that is there and still has no other."""
    wanted = {id_: each["still_id"] for id_, each in before.items() if each.get("still_id")}
    if not wanted:
        return before
    taken = db.select(Photo.still_id).where(Photo.still_id.is_not(None))
    free = db.select(Photo.id).where(
        Photo.id.in_(among(wanted.values())), Photo.trashed_at.is_(None), Photo.id.not_in(taken)
    )
    found = set(db.session.scalars(free))
    return {
        id_: {**each, "still_id": None} if wanted.get(id_) not in {None, *found} else each
        for id_, each in before.items()
    }


def _typed(name: str, value: Any) -> Any:
    """Return what a column held, of what JSON has of it."""
    kind = Photo.__table__.c[name].type
    if value is not None and isinstance(kind, UTCDateTime):
        return dt.datetime.fromisoformat(value)
    return dt.date.fromisoformat(value) if isinstance(kind, Date) else value


def _bring_back_tags(owner: User, before: Mapping[int, Mapping[str, Any]]) -> None:
    names = {name for each in before.values() for name in each[TAGS]}
    ids = {name: tag.id for name in names for tag in tags.made(owner.id, [name])}
    is_one = photo_tags.c.photo_id.in_(among(before))
    db.session.execute(db.delete(photo_tags).where(is_one))
    rows = [
        {"photo_id": id_, "tag_id": ids[name]}
        for id_, each in before.items()
        for name in each[TAGS]
    ]
    if rows:
        db.session.execute(insert(photo_tags), rows)


def _bring_back_entries(owner: User, before: Mapping[int, Mapping[str, Any]]) -> None:
    """Take out of an album what came, and put back what went, if it is still open to them."""
    album_id = next(iter(before.values()))[ALBUM]
    album = db.session.get(Album, album_id)
    if album is None:
        return
    take_out(album, among(id_ for id_, each in before.items() if each[SEAT] is None))
    if db.session.scalar(albums_to_add_to(owner).where(Album.id == album_id)) is None:
        return
    seats = {id_: each[SEAT] for id_, each in before.items() if each[SEAT]}
    put_back(
        album,
        {id_: Seat(place, dt.datetime.fromisoformat(at)) for id_, (place, at) in seats.items()},
    )


def forget_old() -> None:
    """Forget what cannot be undone any more, and what was chosen as long ago; commits."""
    begin_writing()
    for kept in (Change, Choice):
        db.session.execute(db.delete(kept).where(kept.created_at < now() - LASTS))
    db.session.commit()
