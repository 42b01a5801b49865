"""What is somebody's, written down for them in files that other programs can read."""

import datetime as dt
import json
import os
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Row, Select
from sqlalchemy.orm import joinedload

from ..accounts.models import User
from ..albums.arranging import order_of
from ..albums.models import Album, Collaborator, Entry
from ..extensions import among, db, now
from ..keeping.contents import sync
from ..photos.models import Photo, Tag, download_name, photo_tags
from ..photos.timeline import MOMENT, moment_of
from ..photos.wording import day_in_words
from ..photos.zips import LACKING, Names, lacking
from ..sharing.models import SharedPhoto, ShareLink

# What stands before the originals, in this order, as far as it is there.
README = "README.txt"
ACCOUNT, PHOTOS, ALBUMS, LINKS = "account.json", "photos.json", "albums.json", "links.json"
TEXTS = (README, ACCOUNT, PHOTOS, ALBUMS, LINKS, LACKING)
# Of the originals what the zip has to know; it is not in there itself.
LIST = "originals.jsonl"
FACTS = (
    *(Photo.id, Photo.client_name, Photo.size, Photo.sha256, Photo.type, Photo.created_at),
    *(Photo.taken_at, Photo.taken_offset, Photo.taken_source, Photo.caption, Photo.rating),
    *(Photo.is_favourite, Photo.archived_at, Photo.turns, Photo.visibility),
    *(Photo.latitude, Photo.longitude, Photo.altitude, Photo.place_name),
)
SOME = 2000  # photos that are described at once
_json = json.JSONEncoder(ensure_ascii=False).encode


class Original(NamedTuple):
    """A line of the list."""

    photo_id: int
    # In the zip; None where its file is missing.
    name: str | None
    # Of the moving half of a live photo: what the other is called.
    moves: str | None
    set_name: str
    filename: str
    size: int
    crc: int | None
    moment: str


class Place(NamedTuple):
    """How far the photos of the list are described: a byte of it, and one of what was written."""

    listed: int
    described: int


def originals_of(owner: User) -> Select[Photo]:
    """Select what goes with somebody: all that is theirs, but for the trash."""
    return Photo.owned_by(owner).where(Photo.trashed_at.is_(None))


def originals_in(folder: Path) -> list[Original]:
    """Return the list that was written, of those whose file is there.

    :raises FileNotFoundError: when there is none.
    """
    with (folder / LIST).open(encoding="utf-8") as lines:
        listed = (Original(*json.loads(line)) for line in lines)
        return [each for each in listed if each.name is not None]


def write_list(folder: Path, owner: User, missing: Collection[int]) -> Place:
    """Write down what is somebody's now, and what each file is called: its month and its name.

    :param missing: photos that are there without their file.
    """
    columns = (
        *(Photo.id, Photo.still_id, Photo.local_day, Photo.client_name, Photo.set_name),
        *(Photo.filename, Photo.size, Photo.crc32, Photo.taken_at, Photo.taken_offset),
    )
    mine = originals_of(owner).with_only_columns(*columns, Photo.created_at)
    rows = db.session.execute(mine.order_by(*MOMENT)).all()
    names, lost = Names(), set(missing)
    called = {
        row.id: names.new(
            f"{row.local_day.isoformat()[:7]}/{download_name(row.client_name, row.filename)}"
        )
        for row in rows
    }
    with (folder / LIST).open("w", encoding="utf-8") as listed:
        for row in rows:
            name = None if row.id in lost else called[row.id]
            stored = (row.set_name, row.filename, row.size, row.crc32)
            moment = moment_of(row).isoformat()
            line = Original(row.id, name, called.get(row.still_id), *stored, moment)
            listed.write(_json(line) + "\n")
    if gone := [called[id_] for id_ in missing if id_ in called]:
        (folder / LACKING).write_bytes(lacking(gone, ()))
    (folder / PHOTOS).write_text("[")
    _sync(folder)
    return Place(0, 1)


def describe_some(folder: Path, owner: User, place: Place) -> Place | None:
    """Describe the next photos of the list; return how far that is, None behind the last."""
    with (folder / LIST).open("rb") as file:
        file.seek(place.listed)
        lines = [line for _ in range(SOME) if (line := file.readline())]
        end = file.tell()
    if not lines:
        return None
    facts = _photos(owner, [Original(*json.loads(line)) for line in lines])
    text = ",".join("\n" + _json(each) for each in facts).encode()
    with (folder / PHOTOS).open("r+b") as file:
        file.truncate(place.described)  # what was written when a worker was killed
        file.seek(place.described)
        file.write((b"," if text and place.described > 1 else b"") + text)
        file.flush()
        os.fsync(file.fileno())
        return Place(end, file.tell())


def describe_rest(folder: Path, owner: User, place: Place) -> None:
    """Write all that is not about one photo; it is safe on the disk when this returns."""
    with (folder / PHOTOS).open("r+b") as file:
        file.truncate(place.described)
        file.seek(place.described)
        file.write(b"\n]\n")
    files = {each.photo_id: each.name or "" for each in originals_in(folder)}
    for name, facts in ((ALBUMS, _albums(owner, files)), (LINKS, _links(owner, files))):
        lines = ",\n".join(map(_json, facts))
        (folder / name).write_text(f"[\n{lines}\n]\n", encoding="utf-8")
    (folder / ACCOUNT).write_text(_json(_account(owner)) + "\n", encoding="utf-8")
    (folder / README).write_text(_readme(owner), encoding="utf-8")
    _sync(folder)


def _sync(folder: Path) -> None:
    for path in (*folder.iterdir(), folder):
        sync(path)


def _photos(owner: User, some: Sequence[Original]) -> Iterator[dict[str, Any]]:
    ids = among(each.photo_id for each in some)
    rows = {row.id: row for row in db.session.execute(db.select(*FACTS).where(Photo.id.in_(ids)))}
    tagged = db.select(photo_tags.c.photo_id, Tag.name).join(Tag, Tag.id == photo_tags.c.tag_id)
    tags = _by_photo(tagged.where(photo_tags.c.photo_id.in_(ids)).order_by(Tag.name))
    held = db.select(Entry.photo_id, Album.slug).join(Album, Album.id == Entry.album_id)
    albums = _by_photo(held.where(Entry.photo_id.in_(ids), _takes_part(owner)))
    for each in some:
        row = rows.get(each.photo_id)
        if row is None:  # deleted meanwhile
            continue
        place = (row.latitude, row.longitude, row.altitude, row.place_name or None)
        named = zip(("latitude", "longitude", "altitude", "name"), place, strict=True)
        yield {
            "file": each.name,
            "name": row.client_name,
            "sha256": row.sha256,
            "size": row.size,
            "type": row.type,
            "added": row.created_at.isoformat(),
            "taken": _taken(row),
            "taken_from": row.taken_source,
            "caption": row.caption,
            "tags": tags[row.id],
            "rating": row.rating,
            "favourite": row.is_favourite,
            "archived": row.archived_at is not None,
            "quarter_turns": row.turns,
            "visible_to": row.visibility,
            "place": dict(named) if any(part is not None for part in place) else None,
            "moves": each.moves,
            "albums": albums[row.id],
        }


def _by_photo(pairs: Select[int, str]) -> defaultdict[int, list[str]]:
    found = defaultdict(list)
    for photo_id, word in db.session.execute(pairs):
        found[photo_id].append(word)
    return found


def _takes_part(owner: User) -> ColumnElement[bool]:
    """Tell, beside Album, whether it is somebody's, or they were asked into it."""
    return (Album.owner_id == owner.id) | Collaborator.is_of(owner)


def _taken(row: Row) -> str | None:
    """Return what the clock on the wall showed, with its zone as far as that is known."""
    if row.taken_at is None:
        return None
    zone = dt.timezone(dt.timedelta(minutes=row.taken_offset or 0))
    clock = row.taken_at.astimezone(zone)
    return str((clock if row.taken_offset is not None else clock.replace(tzinfo=None)).isoformat())


def _albums(owner: User, files: Mapping[int, str]) -> Iterator[dict[str, Any]]:
    """Yield somebody's albums, and of those of others what they have put in."""
    select = db.select(Album).where(_takes_part(owner)).options(joinedload(Album.owner))
    for album in db.session.scalars(select.order_by(Album.title, Album.id)):
        order = order_of(album).columns(is_backwards=False)
        seats = db.select(Entry.photo_id).where(Entry.album_id == album.id).order_by(*order)
        mine = [files[id_] for id_ in db.session.scalars(seats) if id_ in files]
        known = {"id": album.slug, "title": album.title, "owner": album.owner.name}
        if album.owner_id == owner.id:
            known |= _own(album, files)
        yield known | {"photos": mine}


def _own(album: Album, files: Mapping[int, str]) -> dict[str, Any]:
    people = db.select(User.name, Collaborator.role).join(User, User.id == Collaborator.user_id)
    guests = db.session.execute(people.where(Collaborator.album_id == album.id).order_by(User.name))
    return {
        "description": album.description,
        "within": album.parent.slug if album.parent else None,
        "order": album.order,
        "cover": files.get(album.cover_id or 0),
        "visible_to": album.visibility,
        "made": album.created_at.isoformat(),
        "people": [{"name": name, "may": role} for name, role in guests],
    }


def _links(owner: User, files: Mapping[int, str]) -> Iterator[dict[str, Any]]:
    """Yield somebody's links; not their addresses, of which only digests are known."""
    mine = ShareLink.owned_by(owner).options(joinedload(ShareLink.album))
    for link in db.session.scalars(mine.order_by(ShareLink.id)):
        shown = db.select(SharedPhoto.photo_id).where(SharedPhoto.link_id == link.id)
        yield {
            "label": link.label,
            "album": link.album.slug if link.album else None,
            "photos": sorted(files[id_] for id_ in db.session.scalars(shown) if id_ in files),
            "has_password": link.password_hash is not None,
            "may_download": link.can_download,
            "hides_places": link.hides_places,
            "takes_files": link.takes_files,
            "made": link.created_at.isoformat(),
            "expires": link.expires_at and link.expires_at.isoformat(),
            "turned_off": link.ended_at and link.ended_at.isoformat(),
            "views": link.view_count,
        }


def _account(owner: User) -> dict[str, Any]:
    return {
        "name": owner.name,
        "email": owner.email,
        "joined": owner.created_at.isoformat(),
        "exported": now().isoformat(timespec="seconds"),
    }


def _readme(owner: User) -> str:
    title = _(
        "Everything of %(name)s, as it was on %(day)s",
        name=owner.name,
        day=day_in_words(now().date()),
    )
    return "\n\n".join(
        (
            title,
            _(
                "The folders are months. In them are your originals, byte for byte as they came,"
                " with the names they came with. What is in the trash is not in here."
            ),
            _(
                "photos.json says of each file what the gallery knows: its SHA-256, when and where"
                " it was taken, caption, tags, stars, and the albums it is in. A time without a"
                " zone is what the camera's clock showed. “moves” names the picture of which a"
                " film is the moving half."
            ),
            _(
                "albums.json has your albums with their photos in order, and of albums of others"
                " what you have put into them. links.json has the links that you have made,"
                " without their addresses. account.json is your account."
            ),
            "",
        )
    )
