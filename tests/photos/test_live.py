"""A photo and the short video taken with it stand as one tile, and go the same ways."""

import datetime as dt
from io import BytesIO

import pytest
from werkzeug.datastructures import FileStorage

from gallery.accounts.models import User
from gallery.extensions import begin_writing, db
from gallery.photos import trash
from gallery.photos.live import pair
from gallery.photos.models import Photo
from gallery.photos.receipts import Chosen, begin_batch, take_in
from gallery.photos.verify import verify
from tests.conftest import Browser
from tests.films import film
from tests.make import empty_trash, jpeg, make_user, sign_in

MOTION = film(container="mov")
NOON = dt.datetime(2026, 7, 1, 12, tzinfo=dt.UTC)


def sent(owner: User, **files: bytes) -> list[Photo]:
    """Photos of one batch; a name has an underscore for its dot."""
    names = [name.replace("_", ".") for name in files]
    _, items = begin_batch(owner, [Chosen(name, 1) for name in names])
    photos = []
    for name, data, item in zip(names, files.values(), items, strict=True):
        photos.append(take_in(FileStorage(BytesIO(data), name), owner=owner, item=item).photo)
        db.session.commit()
    return photos


def read(photo: Photo, moment: dt.datetime, *, offset: int | None = None, seconds: float = 0):
    """Write down what the worker finds in the file, and look for the other half."""
    begin_writing()
    photo.taken_at, photo.taken_offset = moment, offset
    photo.duration = seconds or None
    pair(photo)
    db.session.commit()


def halves(owner: User) -> tuple[Photo, Photo]:
    still, motion = sent(owner, cat_jpg=jpeg(), cat_mov=MOTION)
    read(still, NOON)
    read(motion, NOON + dt.timedelta(seconds=1), seconds=2.8)
    return still, motion


def test_the_halves_are_one_tile_that_knows_its_motion(client: Browser) -> None:
    ada = make_user()
    still, motion = halves(ada)
    sign_in(client, ada)

    page = client.get("/photos").text

    assert motion.still_id == still.id
    assert page.count('<li class="tile') == 1
    assert f'data-live="/p/{motion.public_id}/download"' in page
    assert verify().wrong == []


def test_the_video_may_be_read_first(client: Browser) -> None:
    still, motion = sent(make_user(), cat_jpg=jpeg(), cat_mov=MOTION)

    read(motion, NOON, seconds=2.8)
    read(still, NOON)

    assert motion.still_id == still.id


def test_a_clock_without_a_zone_belongs_to_the_same_clock_with_one(client: Browser) -> None:
    still, motion = sent(make_user(), cat_jpg=jpeg(), cat_mov=MOTION)

    read(still, NOON)
    read(motion, NOON - dt.timedelta(hours=2), offset=120, seconds=2.8)

    assert motion.still_id == still.id


@pytest.mark.parametrize(
    ("name", "later", "seconds"),
    [("dog_mov", 0, 2.8), ("cat_mov", 4, 2.8), ("cat_mov", 0, 11)],
    ids=["another name", "another moment", "a long video"],
)
def test_others_stand_alone(client: Browser, name: str, later: int, seconds: float) -> None:
    still, motion = sent(make_user(), cat_jpg=jpeg(), **{name: MOTION})

    read(still, NOON)
    read(motion, NOON + dt.timedelta(seconds=later), seconds=seconds)

    assert motion.still_id is None
    assert verify().wrong == []


def test_halves_of_two_batches_or_two_people_stand_alone(client: Browser) -> None:
    ada, eve = make_user(), make_user("Eve Anders")
    (still,) = sent(ada, cat_jpg=jpeg())
    (later,) = sent(ada, cat_mov=MOTION)
    (theirs,) = sent(eve, cat_mov=MOTION)

    for photo in (still, later, theirs):
        read(photo, NOON, seconds=2.8 * (photo is not still))

    assert (later.still_id, theirs.still_id) == (None, None)


def test_a_live_photo_goes_to_the_trash_and_comes_back_whole(client: Browser) -> None:
    ada = make_user()
    still, motion = halves(ada)
    sign_in(client, ada)

    client.submit(f"/p/{still.public_id}/trash")
    in_trash = client.get("/trash").text
    db.session.refresh(motion)
    trashed_with_it = motion.trashed_at is not None
    client.submit(f"/p/{still.public_id}/restore")
    db.session.refresh(motion)

    assert in_trash.count('<li class="tile') == 1
    assert trashed_with_it
    assert motion.trashed_at is None
    assert verify().wrong == []


def test_the_trash_empties_both_files(client: Browser) -> None:
    ada = make_user()
    still, _ = halves(ada)
    sign_in(client, ada)
    client.submit(f"/p/{still.public_id}/trash")

    said = client.get("/trash/empty").text
    empty_trash(client)

    assert "1 photo" in said
    assert db.session.scalars(db.select(Photo)).all() == []
    assert (verify().wrong, verify().without_row) == ([], [])


def test_what_moved_can_go_alone(client: Browser) -> None:
    ada = make_user()
    still, motion = halves(ada)

    begin_writing()
    trash.discard(motion)
    db.session.commit()

    db.session.refresh(still)
    assert still.motion is None
    assert still.trashed_at is None
    assert verify().wrong == []


def test_the_moving_half_sent_again_brings_both_back(client: Browser) -> None:
    ada = make_user()
    still, _ = halves(ada)
    begin_writing()
    trash.discard(still)
    db.session.commit()

    sent(ada, cat_mov=MOTION)

    db.session.refresh(still)
    assert still.trashed_at is None
    assert verify().wrong == []


def test_the_photo_page_leads_to_its_motion_and_back(client: Browser) -> None:
    ada = make_user()
    still, motion = halves(ada)
    sign_in(client, ada)

    there = client.get(f"/p/{still.public_id}").text
    back = client.get(f"/p/{motion.public_id}").text

    assert f'href="/p/{motion.public_id}" aria-label="Play the moving picture"' in there
    assert f'href="/p/{still.public_id}" aria-label="Back to the photo"' in back
