"""How long a receipt is kept, and what the sweep leaves alone."""

import datetime as dt

from flask import Flask

from gallery import storage
from gallery.extensions import begin_writing, db, now
from gallery.photos.models import Batch, BatchItem, Photo
from gallery.photos.sweep import sweep
from tests.api.test_uploads import create, send
from tests.conftest import Browser
from tests.make import a_file, jpeg, make_user, sign_in


def test_a_receipt_goes_after_ninety_days_and_its_photos_stay(client: Browser) -> None:
    sign_in(client, make_user())
    client.send_files(a_file(jpeg()))
    for days, left in ((89, 1), (2, 0)):
        begin_writing()
        batch = db.session.scalars(db.select(Batch)).one()
        batch.created_at -= dt.timedelta(days=days)
        db.session.commit()

        sweep()

        assert len(db.session.scalars(db.select(BatchItem)).all()) == left
    assert db.session.scalars(db.select(Photo)).one().created_at < now()


def test_what_is_on_its_way_is_no_file_without_a_row(app: Flask, client: Browser) -> None:
    sign_in(client, make_user())
    data = jpeg()
    place = create(client, len(data), filename="a.jpg").headers["Location"]
    send(client, place, data[:100])

    swept = sweep(grace=0)
    answer = send(client, place, data[100:], 100)

    assert (swept.without_row, answer.status_code) == (0, 204)
    assert len(list(storage.files_of("photos"))) == 1
