"""An album of 50 photos beside one of 50,000: to open it, to move a photo, to let others see it.

Run it as ``python -m tests.bench.albums`` (Linux). Processor time of whole requests by the test
client, medians of rounds that take the two in turn; and the statements of each.
"""

import contextlib
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from flask.testing import FlaskClient
from flask_migrate import upgrade
from sqlalchemy import event

from gallery import assets
from gallery.accounts.models import User
from gallery.albums import filling, making
from gallery.albums.arranging import sort
from gallery.albums.models import Album, Order
from gallery.extensions import begin_writing, db
from gallery.factory import create_app
from gallery.photos.models import Photo
from tests.bench.servers import say
from tests.bench.web import seed
from tests.conftest import Browser
from tests.make import make_user, sign_in

ROUNDS = 41
SIZES = {"few": 50, "many": 50_000}


def main() -> None:
    assets.build()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["GALLERY_INSTANCE_PATH"] = folder
        app = create_app({"TESTING": True})
        app.test_client_class = Browser
        with app.app_context():
            upgrade()
            owner = make_user()
            db.session.remove()
            seed(Path(folder) / "gallery.sqlite", SIZES["many"])
            albums = {name: _album(owner.id, number) for name, number in SIZES.items()}
            client = sign_in(app.test_client(), owner)
            names = dict(db.session.execute(db.select(Photo.id, Photo.public_id)).all())
            db.session.remove()
            for name, act in ACTS.items():
                _compare(name, act, client, albums, names)


def _album(owner_id: int, number: int) -> Album:
    begin_writing()
    owner = db.session.get(User, owner_id, populate_existing=True)
    album = making.make(owner, f"Of {number}")
    begin = time.monotonic()
    filling.put_in(album, owner, db.select(Photo.id).where(Photo.id <= number))
    sort(album, Order.HAND)
    db.session.commit()
    say(f"{number:,} photos put in and placed by hand in {time.monotonic() - begin:.1f} s")
    return album


Act = Callable[[FlaskClient, Album, Callable[[int], str], int], None]


def _open(client: FlaskClient, album: Album, *_: object) -> None:
    assert client.get(f"/albums/{album.slug}").status_code == 200


def _deep(client: FlaskClient, album: Album, name: Callable[[int], str], _round: int) -> None:
    middle = name(album.photo_count * 3 // 5)
    assert client.get(f"/albums/{album.slug}?after=x_{middle}").status_code == 200


def _move(client: FlaskClient, album: Album, name: Callable[[int], str], round_: int) -> None:
    form = {"id": name(3 + round_ % 40), "before": name(2)}
    assert client.submit(f"/albums/{album.slug}/move", **form).status_code == 303


def _show(client: FlaskClient, album: Album, _name: object, round_: int) -> None:
    visibility = ("public", "private")[round_ % 2]
    answer = client.submit(f"/albums/{album.slug}/visibility", visibility=visibility)
    assert answer.status_code == 303


ACTS: dict[str, Act] = {
    "open it": _open,
    "open it in the middle": _deep,
    "move a photo": _move,
    "let others see it": _show,
}


def _compare(
    name: str,
    act: Act,
    client: FlaskClient,
    albums: dict[str, Album],
    names: dict[int, str],
) -> None:
    seconds: dict[str, list[float]] = {size: [] for size in albums}
    counts = {}
    for round_ in range(ROUNDS):
        for size, album in albums.items():
            told: list[str] = []
            with _statements(told):
                begin = time.process_time()
                act(client, album, names.__getitem__, round_)
                seconds[size].append(time.process_time() - begin)
            counts[size] = len(told)
    few, many = (statistics.median(seconds[size]) * 1e3 for size in SIZES)
    say(
        f"{name:<24} {few:6.1f} ms  {many:6.1f} ms  {many / few:5.2f} x (goal 1.2)"
        f"   statements {counts['few']} and {counts['many']}"
    )


@contextlib.contextmanager
def _statements(told: list[str]):
    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if not statement.startswith("BEGIN"):
            told.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    yield
    event.remove(db.engine, "before_cursor_execute", note)


if __name__ == "__main__":
    main()
