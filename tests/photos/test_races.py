"""Two at once: the same file, the last of the quota, the first admin."""

from io import BytesIO

from flask import Flask
from werkzeug.datastructures import FileStorage

from gallery import storage
from gallery.accounts.models import User
from gallery.accounts.views import first_admin_token
from gallery.errors import QuotaExceeded
from gallery.extensions import db
from gallery.photos.ingest import ingest
from gallery.photos.models import Outcome, Photo
from gallery.photos.verify import verify
from tests.crowd import at_once
from tests.make import PASSWORD, jpeg, make_user

AT_ONCE = 8


def take(data: bytes, user_id: int) -> str:
    try:
        owner = db.session.get(User, user_id)
        outcome = ingest(FileStorage(BytesIO(data), "cat.jpg"), owner=owner).outcome
        db.session.commit()
    except QuotaExceeded:
        return "full"
    return str(outcome)


def test_the_same_file_from_many_at_once_ends_as_one(app: Flask) -> None:
    ada, data = make_user().id, jpeg((2000, 1500))

    outcomes = at_once(app, lambda _: take(data, ada))

    assert sorted(outcomes) == [Outcome.ADDED, *[Outcome.ALREADY] * (AT_ONCE - 1)]
    assert len(list(storage.files_of("photos"))) == 1
    assert verify().wrong == []


def test_a_quota_holds_when_many_want_the_last_of_it(app: Flask) -> None:
    pictures = [jpeg(seed=seed) for seed in range(AT_ONCE)]
    ada = make_user(quota=3 * max(map(len, pictures))).id

    outcomes = at_once(app, lambda number: take(pictures[number], ada))

    assert outcomes.count("added") == 3
    assert len(list(storage.files_of("photos"))) == 3
    assert verify().wrong == []
    db.session.rollback()
    assert len(db.session.scalars(db.select(Photo)).all()) == 3


def test_the_first_admins_link_makes_one_admin(app: Flask) -> None:
    url = f"/welcome/{first_admin_token()}"

    def sign_up(number: int) -> int:
        person = {"name": f"Boss {number}", "email": f"boss{number}@example.org"}
        return app.test_client().submit(url, password=PASSWORD, **person).status_code

    codes = at_once(app, sign_up)

    assert sorted(codes) == [303, *[404] * (AT_ONCE - 1)]
    db.session.rollback()
    assert len(db.session.scalars(db.select(User)).all()) == 1
