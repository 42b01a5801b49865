"""Thousands of photos, as rows alone; and what the database is asked about them."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import event, insert

from gallery.accounts.models import User
from gallery.extensions import begin_writing, db, public_id
from gallery.photos.models import Kind, MonthCount, Photo, Source, State


def crowd(owner: User, number: int, *, day: dt.date) -> None:
    """Give somebody so many photos of one day; their files there are not."""
    noon = dt.datetime.combine(day, dt.time(12), dt.UTC)
    begin_writing()
    rows = [
        {
            "public_id": public_id(),
            "owner_id": owner.id,
            "kind": Kind.PHOTO,
            "set_name": "photos",
            "filename": f"{owner.folder}/{n}.jpg",
            "client_name": f"{n}.jpg",
            "size": 1000,
            "sha256": f"{n:064}",
            "type": "image/jpeg",
            "camera": "FUJIFILM X-T5" if n % 2 else "",
            "taken_at": noon,
            "taken_source": Source.CLOCK,
            "local_day": day,
            "sort_key": f"{noon:%Y%m%dT%H%M%S.%f} {n:06}.jpg",
            "state": State.READY,
        }
        for n in range(number)
    ]
    db.session.execute(insert(Photo), rows)
    MonthCount.add(owner.id, day, number)
    owner.photo_count += number
    owner.byte_count += 1000 * number
    db.session.commit()


@contextmanager
def statements() -> Iterator[list[str]]:
    """Note what the database is asked meanwhile."""
    said: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        said.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    yield said
    event.remove(db.engine, "before_cursor_execute", note)
