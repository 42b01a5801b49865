"""What the row takes over of what its file says, and in which order photos stand then."""

import datetime as dt

import pytest
from flask import Flask

from gallery.extensions import begin_writing, db
from gallery.jobs.models import Job
from gallery.photos import tags, timeline
from gallery.photos.models import Photo, Source, Tag
from gallery.photos.tags import tag, tidy
from gallery.photos.verify import verify
from tests.imaging.blocks import IN_PARTS, bag, exif_of, jpeg_with, xmp_of
from tests.make import jpeg, make_photo, make_user, recording
from tests.photos.test_derivatives import work

WORDS = xmp_of(
    "<dc:description>A cat</dc:description>" + bag("Sea", "sky"), attributes='xmp:Rating="4"'
)
SHUTTER = "2024:07:31 23:30:00"


def names(photo: Photo) -> list[str]:
    return [each.name for each in photo.tags]


def derive_again(app: Flask, photo: Photo) -> None:
    begin_writing()
    Job.want("derive", photo.id)
    db.session.commit()
    work(app)


def test_words_of_the_file_become_the_first_ones(app: Flask) -> None:
    photo = make_photo(make_user(), jpeg_with(xmp=WORDS))

    work(app)

    assert (photo.caption, photo.rating, names(photo)) == ("A cat", 4, ["Sea", "sky"])
    assert photo.read_at is not None


def test_words_of_the_owner_stay(app: Flask) -> None:
    photo = make_photo(make_user(), jpeg_with(xmp=WORDS))
    work(app)
    begin_writing()
    photo.caption, photo.rating, photo.tags = "", 0, []
    db.session.commit()

    derive_again(app, photo)

    assert (photo.caption, photo.rating, names(photo)) == ("", 0, [])


def test_words_that_came_before_the_first_reading_stay(app: Flask) -> None:
    photo = make_photo(make_user(), jpeg_with(xmp=WORDS))
    begin_writing()
    photo.caption, photo.rating = "My cat", 2
    tag(photo, ["cat", "SEA"])
    db.session.commit()

    work(app)

    assert (photo.caption, photo.rating) == ("My cat", 2)
    assert names(photo) == ["SEA", "cat", "sky"]


def test_camera_and_place_are_written_down(app: Flask) -> None:
    gps = {1: "N", 3: "E", 29: "2024:07:31", 7: (21, 29, 50), **IN_PARTS}
    block = exif_of({0x010F: "FUJIFILM", 0x0110: "X-T5"}, {0x9003: SHUTTER, 0x8827: 400}, gps)
    photo = make_photo(make_user(), jpeg_with(exif=block))

    work(app)

    assert (photo.camera, photo.iso) == ("FUJIFILM X-T5", 400)
    assert (photo.latitude, photo.longitude) == (pytest.approx(48.8584), pytest.approx(2.2945))
    assert (photo.taken_source, photo.taken_offset) == (Source.GPS, 120)
    assert photo.local_day == dt.date(2024, 7, 31)


def test_moment_in_the_name_counts_until_the_file_says_more(app: Flask) -> None:
    photo = make_photo(make_user(), jpeg(taken=dt.datetime(2024, 7, 31, 23, 30)), "2013-08-24.jpg")
    assert (photo.taken_source, photo.local_day) == (Source.NAME, dt.date(2013, 8, 24))

    work(app)

    assert (photo.taken_source, photo.local_day) == (Source.CLOCK, dt.date(2024, 7, 31))
    assert verify().wrong == []


def test_recording_stands_where_its_name_says(app: Flask) -> None:
    photo = make_photo(make_user(), recording(), "REC_20190302_101112.wav")

    assert photo.local_day == dt.date(2019, 3, 2)


def test_a_word_is_kept_once_for_its_owner(app: Flask) -> None:
    ada, other = make_user(), make_user("Jonas Holm")
    photos = [make_photo(owner, jpeg(seed=n)) for n, owner in enumerate([ada, ada, other])]
    begin_writing()

    for photo, word in zip(photos, ("Été", "ÉTÉ", "été"), strict=True):
        tag(photo, [word])
    db.session.commit()

    assert [names(photo) for photo in photos] == [["Été"], ["Été"], ["été"]]


def test_word_that_another_worker_made_meanwhile_is_taken(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada = make_user()
    first, second = make_photo(ada, jpeg(seed=1)), make_photo(ada, jpeg(seed=2))
    begin_writing()
    tag(first, ["sea"])
    # What the second worker read before the first had committed.
    monkeypatch.setattr(tags, "_of_owner", lambda owner_id: {})

    tag(second, ["sky", "sea"])
    db.session.commit()

    assert sorted(names(second)) == ["sea", "sky"]
    assert db.session.scalar(db.select(db.func.count()).select_from(Tag)) == 2


def test_words_of_a_file_come_until_there_are_enough(app: Flask) -> None:
    photo = make_photo(make_user(), jpeg_with(xmp=WORDS))
    begin_writing()
    tag(photo, [f"mine {n}" for n in range(99)])
    db.session.commit()

    work(app)

    assert len(photo.tags) == 100
    assert {"mine 0", "mine 98", "Sea"} <= set(names(photo))


def test_words_are_tidied() -> None:
    assert tidy(["  a\n b ", "A B", "", " ", "x" * 200]) == ["a b", "x" * 100]


def test_order_is_by_instant_then_part_of_a_second_then_natural_name(app: Flask) -> None:
    ada = make_user()
    shots = [("IMG_10", "12"), ("IMG_9", "12"), ("A", "2"), ("Z", "04")]
    photos = {
        name: make_photo(ada, shot(part, n), f"{name}.jpg") for n, (name, part) in enumerate(shots)
    }
    work(app)
    wanted = [photos[name].public_id for name in ("A", "IMG_10", "IMG_9", "Z")]

    scope = Photo.owned_by(ada)
    read = [row.public_id for row in timeline.read(scope).rows]
    month = [row.public_id for row in timeline.read(scope, until=dt.date(2024, 7, 31)).rows]
    older = [timeline.neighbours(scope, photo)[1] for photo in photos.values()]

    assert read == month == wanted
    assert older == [wanted[2], wanted[3], wanted[1], None]


def shot(part: str, seed: int) -> bytes:
    """One of several that a camera took in the same second."""
    block = exif_of({0x010F: "X"}, {0x9003: SHUTTER, 0x9291: part})
    return jpeg_with(exif=block, size=(64, 64 + seed))


def test_pages_of_equal_instants_neither_repeat_nor_leave_out(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timeline, "PAGE", 3)
    ada = make_user()
    for n in range(1, 13):
        make_photo(ada, shot("12", n), f"IMG_{n}.jpg")
    work(app)

    page = timeline.read(Photo.owned_by(ada))
    found = [row.client_name for row in page.rows]
    while page.next:
        page = timeline.read(Photo.owned_by(ada), at=page.next)
        found += [row.client_name for row in page.rows]

    assert found == [f"IMG_{n}.jpg" for n in range(12, 0, -1)]
