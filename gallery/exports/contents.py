"""What is somebody's, written down for them in files that other programs can read."""

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from flask_babel import gettext as _
from sqlalchemy import Row, Select
from sqlalchemy.orm import joinedload

from ..accounts.models import User
from ..albums.arranging import order_of
from ..albums.models import Album, Collaborator, Entry
from ..extensions import db, now
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
COLUMNS = (
    *(Photo.id, Photo.client_name, Photo.set_name, Photo.filename, Photo.size, Photo.sha256),
    *(Photo.crc32, Photo.type, Photo.created_at, Photo.taken_at, Photo.taken_offset),
    *(Photo.taken_source, Photo.caption, Photo.rating, Photo.is_favourite, Photo.archived_at),
    *(Photo.turns, Photo.visibility, Photo.latitude, Photo.longitude, Photo.altitude),
    *(Photo.place_name, Photo.still_id),
)


class Original(NamedTuple):
    """A line of the list."""

    photo_id: int
    name: str
    set_name: str
    filename: str
    size: int
    crc: int | None
    moment: str


def originals_of(owner: User) -> Select[Photo]:
    """Select what goes with somebody: all that is theirs, but for the trash."""
    return Photo.owned_by(owner).where(Photo.trashed_at.is_(None))


def originals_in(folder: Path) -> list[Original]:
    """Return the list that was written.

    :raises FileNotFoundError: when there is none.
    """
    with (folder / LIST).open(encoding="utf-8") as lines:
        return [Original(*json.loads(line)) for line in lines]


def write(folder: Path, owner: User, missing: Collection[int]) -> None:
    """Write everything into a folder, as it is now; `missing` are photos without their file.

    It is safe on the disk when this returns.
    """
    mine = originals_of(owner)
    names = _names(mine)
    lost = set(missing)
    files = {id_: name for id_, name in names.items() if id_ not in lost}
    albums = list(_albums(owner, files))
    rows = mine.with_only_columns(*COLUMNS).order_by(*MOMENT)
    photos = db.session.execute(rows.execution_options(yield_per=1000))
    with (folder / LIST).open("w", encoding="utf-8") as listed:
        facts = _photos(_listing(photos, files, listed.write), owner, files, albums)
        _write_all(folder / PHOTOS, facts)
    _write_all(folder / ALBUMS, albums)
    _write_all(folder / LINKS, _links(owner, files))
    (folder / ACCOUNT).write_text(_json(_account(owner)) + "\n", encoding="utf-8")
    (folder / README).write_text(_readme(owner), encoding="utf-8")
    if gone := [names[id_] for id_ in missing if id_ in names]:
        (folder / LACKING).write_bytes(lacking(gone, ()))
    for path in (*folder.iterdir(), folder):
        sync(path)


def _names(mine: Select[Photo]) -> dict[int, str]:
    """Return by photo what its file is called: its month, and the name it came with."""
    columns = (Photo.id, Photo.local_day, Photo.client_name, Photo.filename)
    rows = db.session.execute(mine.with_only_columns(*columns).order_by(*MOMENT))
    names = Names()
    return {
        row.id: names.new(
            f"{row.local_day.isoformat()[:7]}/{download_name(row.client_name, row.filename)}"
        )
        for row in rows
    }


def _listing(rows: Iterable[Row], files: Mapping[int, str], write: Any) -> Iterator[Row]:
    """Yield all rows, and write the line of each whose file is there."""
    for row in rows:
        if row.id in files:
            stored = (row.set_name, row.filename, row.size, row.crc32)
            moment = moment_of(row).isoformat()
            write(_json(Original(row.id, files[row.id], *stored, moment)) + "\n")
        yield row


def _photos(
    rows: Iterable[Row], owner: User, files: Mapping[int, str], albums: list[dict[str, Any]]
) -> Iterator[dict[str, Any]]:
    tags, within = defaultdict(list), defaultdict(list)
    tagged = db.select(photo_tags.c.photo_id, Tag.name).join(Tag, Tag.id == photo_tags.c.tag_id)
    for id_, tag in db.session.execute(tagged.where(Tag.owner_id == owner.id).order_by(Tag.name)):
        tags[id_].append(tag)
    for album in albums:
        for file in album["photos"]:
            within[file].append(album["id"])
    for row in rows:
        file = files.get(row.id)
        place = (row.latitude, row.longitude, row.altitude, row.place_name)
        named = zip(("latitude", "longitude", "altitude", "name"), place, strict=True)
        yield {
            "file": file,
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
            "place": dict(named) if any(part not in (None, "") for part in place) else None,
            "moves": files.get(row.still_id),
            "albums": within[file],
        }


def _taken(row: Row) -> str | None:
    """Return what the clock on the wall showed, with its zone as far as that is known."""
    if row.taken_at is None:
        return None
    zone = dt.timezone(dt.timedelta(minutes=row.taken_offset or 0))
    clock = row.taken_at.astimezone(zone)
    return str((clock if row.taken_offset is not None else clock.replace(tzinfo=None)).isoformat())


def _albums(owner: User, files: Mapping[int, str]) -> Iterator[dict[str, Any]]:
    """Yield somebody's albums, and of those of others what they have put in."""
    theirs = (Album.owner_id == owner.id) | Collaborator.is_of(owner)
    select = db.select(Album).where(theirs).options(joinedload(Album.owner))
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
    title = _("Everything of %(name)s, as it was on %(day)s", name=owner.name, day=_today())
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


def _today() -> str:
    return day_in_words(now().date())


def _write_all(path: Path, facts: Iterable[dict[str, Any]]) -> None:
    """Write a list, a line for each; it is never in memory as a whole."""
    with path.open("w", encoding="utf-8") as file:
        file.write("[")
        for number, each in enumerate(facts):
            file.write((",\n" if number else "\n") + _json(each))
        file.write("\n]\n")


def _json(known: Any) -> str:
    return json.dumps(known, ensure_ascii=False)
