"""What its owner says of a photo counts, whatever its file says, and its original stays."""

import datetime as dt

import pytest
from flask import Flask

from gallery.accounts.models import User
from gallery.extensions import begin_writing, db
from gallery.jobs.models import Job
from gallery.photos import tending, timeline, trash
from gallery.photos.models import MonthCount, Photo, Source, State
from gallery.photos.verify import verify
from gallery.upload_sets import SETS
from tests.imaging.blocks import IN_PARTS, exif_of, jpeg_with
from tests.make import jpeg, make_photo, make_user
from tests.photos.test_derivatives import work
from tests.photos.test_live import halves

JULY = dt.datetime(2024, 7, 31, 23, 30)
PLACED = exif_of(
    {0x010F: "FUJIFILM"},
    {0x9003: "2024:07:31 23:30:00"},
    {1: "N", 3: "E", 5: 0, 6: 35.0, **IN_PARTS},
)
HOUR = dt.timedelta(hours=1)


def derived(app: Flask, owner: User, data: bytes | None = None, name: str = "cat.jpg") -> Photo:
    photo = make_photo(owner, data or jpeg(taken=JULY, offset="+02:00"), name)
    work(app)
    begin_writing()
    return photo


def read_again(app: Flask, photo: Photo) -> None:
    """As after a turn, or `derive --all`."""
    begin_writing()
    photo.state = State.PENDING
    Job.want("derive", photo.id)
    db.session.commit()
    work(app)
    assert photo.state is State.READY


def counts(owner: User) -> dict[str, int]:
    return {f"{each.month:%Y-%m}": each.photos for each in timeline.calendar_of(owner).months}


def test_words_stars_and_hearts_are_kept(app: Flask) -> None:
    photo = derived(app, make_user())

    tending.caption(photo, " A cat\nin the sun ")
    tending.rate(photo, 4)
    tending.favour(photo, True)
    db.session.commit()
    read_again(app, photo)

    assert (photo.caption, photo.rating, photo.is_favourite) == ("A cat\nin the sun", 4, True)


@pytest.mark.parametrize(("asked", "stars"), [(-1, 0), (0, 0), (5, 5), (9, 5)])
def test_no_photo_has_more_than_five_stars(app: Flask, asked: int, stars: int) -> None:
    photo = make_photo(make_user())
    begin_writing()

    tending.rate(photo, asked)

    assert photo.rating == stars


@pytest.mark.parametrize(
    ("offset", "instant"), [(120, dt.datetime(2023, 1, 1, 22)), (None, dt.datetime(2023, 1, 2))]
)
def test_date_is_the_owners_from_then_on(
    app: Flask, offset: int | None, instant: dt.datetime
) -> None:
    ada = make_user()
    photo = derived(app, ada)

    tending.date(photo, dt.datetime(2023, 1, 2), offset)
    db.session.commit()
    read_again(app, photo)

    assert (photo.taken_source, photo.taken_offset) == (Source.OWNER, offset)
    assert photo.taken_at == instant.replace(tzinfo=dt.UTC)
    assert (photo.local_day, counts(ada)) == (dt.date(2023, 1, 2), {"2023-01": 1})
    assert verify(deep=True).wrong == []


def test_clock_is_shifted_over_midnight_and_the_zone_stays(app: Flask) -> None:
    ada = make_user()
    photo = derived(app, ada)

    tending.shift(photo, HOUR)

    assert timeline.moment_of(photo) == (JULY + HOUR).replace(tzinfo=dt.UTC)
    assert (photo.taken_offset, photo.local_day) == (120, dt.date(2024, 8, 1))
    assert counts(ada) == {"2024-08": 1}


def test_photo_without_a_date_is_not_shifted(app: Flask) -> None:
    photo = derived(app, make_user(), jpeg())

    tending.shift(photo, HOUR)

    assert (photo.taken_at, photo.taken_source) == (None, Source.UPLOAD)


def test_date_in_the_trash_or_the_archive_is_in_no_month(app: Flask) -> None:
    ada = make_user()
    photos = [derived(app, ada, jpeg(seed=n, taken=JULY)) for n in range(2)]
    trash.discard(photos[0])
    tending.archive(photos[1])

    for photo in photos:
        tending.date(photo, dt.datetime(2023, 1, 2), 0)
    db.session.commit()

    assert counts(ada) == {}
    assert verify().wrong == []


def test_file_says_again_when_it_was_taken(app: Flask) -> None:
    ada = make_user()
    photo = derived(app, ada, name="2013-08-24.jpg")
    tending.date(photo, dt.datetime(2023, 1, 2), None)

    tending.date_of_file(photo)

    assert (photo.taken_source, counts(ada)) == (Source.NAME, {"2013-08": 1})
    db.session.commit()
    read_again(app, photo)
    assert (photo.taken_source, photo.taken_offset) == (Source.ZONE, 120)
    assert (photo.local_day, counts(ada)) == (JULY.date(), {"2024-07": 1})


def test_motion_follows_its_still(client: object) -> None:
    still, motion = halves(make_user())
    begin_writing()

    tending.date(still, JULY, 120)
    tending.shift(still, HOUR)
    tending.put(still, 43.26, -2.93)

    assert timeline.moment_of(motion) == (JULY + HOUR).replace(tzinfo=dt.UTC)
    assert motion.local_day == still.local_day and motion.taken_source is Source.OWNER
    assert (motion.latitude, motion.is_placed_by_hand) == (43.26, True)
    assert db.session.scalar(db.select(db.func.sum(MonthCount.photos))) == 1


def test_place_is_the_owners_from_then_on(app: Flask) -> None:
    photo = derived(app, make_user(), jpeg_with(exif=PLACED))
    assert photo.altitude is not None

    tending.put(photo, 43.26, -2.93)
    db.session.commit()
    read_again(app, photo)

    assert (photo.latitude, photo.longitude, photo.altitude) == (43.26, -2.93, None)


def test_place_that_was_taken_away_does_not_come_back(app: Flask) -> None:
    photo = derived(app, make_user(), jpeg_with(exif=PLACED))

    tending.forget_place(photo)
    db.session.commit()
    read_again(app, photo)

    assert (photo.latitude, photo.longitude, photo.place_name) == (None, None, "")


def test_file_says_again_where_it_was_taken(app: Flask) -> None:
    photo = derived(app, make_user(), jpeg_with(exif=PLACED))
    tending.put(photo, 43.26, -2.93)

    tending.place_of_file(photo)
    db.session.commit()
    read_again(app, photo)

    assert (photo.latitude, photo.is_placed_by_hand) == (pytest.approx(48.8584), False)


def test_archive_is_out_of_the_timeline_and_back(app: Flask) -> None:
    ada = make_user()
    photo = derived(app, ada)

    for _ in range(2):  # the second time changes nothing
        tending.archive(photo)
    assert counts(ada) == {} and not photo.is_in_timeline

    for _ in range(2):
        tending.unarchive(photo)
    assert counts(ada) == {"2024-07": 1} and photo.is_in_timeline


def test_original_stays_as_it_came(app: Flask) -> None:
    data = jpeg_with(exif=PLACED)
    photo = derived(app, make_user(), data)

    tending.caption(photo, "A cat")
    tending.date(photo, JULY, None)
    tending.forget_place(photo)
    db.session.commit()
    read_again(app, photo)

    with SETS[photo.set_name].open(photo.filename) as original:
        assert original.read() == data
