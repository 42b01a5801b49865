"""Previews made by the worker, and what the row learns from decoding."""

import datetime as dt
from io import BytesIO

import pytest
from flask import Flask
from PIL import Image

from gallery import storage, worker
from gallery.extensions import begin_writing, db
from gallery.jobs.models import Job, JobState
from gallery.photos import trash
from gallery.photos.models import Photo, State, suffix
from gallery.photos.verify import verify
from tests.conftest import Browser
from tests.imaging.films import plain_mp4
from tests.imaging.pictures import heic
from tests.make import (
    a_file,
    clear_png,
    encoded,
    jpeg,
    make_photo,
    make_user,
    picture,
    recording,
    sign_in,
)

JULY = dt.datetime(2024, 7, 31, 23, 30)


def work(app: Flask) -> None:
    """Do what waits, as the worker does it."""
    db.session.commit()
    while worker.perform(app):
        pass
    db.session.expire_all()


def preview(photo: Photo, variant: str) -> Image.Image:
    made = next(d for d in photo.derivatives if d.variant == variant)
    return Image.open(BytesIO(storage.path_of(made.set_name, made.filename).read_bytes()))


def test_four_sizes_and_the_facts(app: Flask) -> None:
    ada = make_user()
    photo = make_photo(ada, jpeg((2400, 1600), taken=JULY, offset="+02:00"))
    assert (photo.width, photo.state) == (None, State.PENDING)

    work(app)

    sizes = {d.variant: (d.width, d.height) for d in photo.derivatives}
    assert sizes == {
        "w1920": (1920, 1280),
        "w1280": (1280, 853),
        "h480": (720, 480),
        "h240": (360, 240),
    }
    assert (photo.width, photo.height, photo.state) == (2400, 1600, State.READY)
    assert photo.colour is not None and photo.colour.startswith("#")
    assert all(d.filename.startswith(f"{ada.folder}/") for d in photo.derivatives)


def test_a_transparent_picture_can_be_seen_through_in_every_size(app: Flask) -> None:
    photo = make_photo(make_user(), clear_png(), "logo.png")

    work(app)

    assert {d.variant: suffix(d.filename) for d in photo.derivatives} == dict.fromkeys(
        ("w1920", "w1280", "h480", "h240"), ".webp"
    )
    assert preview(photo, "w1280").getpixel((0, 0))[3] == 0
    assert photo.colour is None


def test_the_date_moves_the_photo_and_the_counters(app: Flask) -> None:
    photo = make_photo(make_user(), jpeg(taken=JULY, offset="+02:00"))

    work(app)

    assert photo.taken_at == dt.datetime(2024, 7, 31, 21, 30, tzinfo=dt.UTC)
    assert (photo.taken_offset, photo.local_day) == (120, dt.date(2024, 7, 31))
    assert verify().wrong == []


def test_a_photo_in_the_trash_is_derived_without_being_counted(app: Flask) -> None:
    photo = make_photo(make_user(), jpeg(taken=JULY))
    begin_writing()
    trash.discard(photo)
    db.session.commit()

    work(app)

    assert photo.state is State.READY
    assert verify().wrong == []


@pytest.mark.parametrize("orientation", range(1, 9))
def test_previews_are_upright(app: Flask, orientation: int) -> None:
    photo = make_photo(make_user(), jpeg((640, 480), orientation=orientation))

    work(app)

    wanted = (480, 640) if orientation > 4 else (640, 480)
    assert (photo.width, photo.height) == wanted
    assert preview(photo, "h240").width == round(240 * wanted[0] / wanted[1])


def test_rotating_makes_new_previews_and_keeps_the_original(app: Flask, client: Browser) -> None:
    ada = make_user()
    photo = make_photo(ada, jpeg((640, 480)))
    work(app)
    before, original = photo.derivatives[0].url_name, photo.sha256
    sign_in(client, ada)

    client.submit(f"/p/{photo.public_id}/rotate", turn="right")
    work(app)

    photo = db.session.get(Photo, photo.id, populate_existing=True)
    assert (photo.turns, photo.width, photo.height) == (1, 480, 640)
    assert photo.derivatives[0].url_name != before
    assert (photo.sha256, verify(deep=True).wrong) == (original, [])


@pytest.mark.parametrize("encoder", ["PNG", "WEBP", "GIF"])
def test_other_formats_have_previews_too(app: Flask, encoder: str) -> None:
    photo = make_photo(make_user(), encoded(picture(), encoder))

    work(app)

    assert len(photo.derivatives) == 4


def test_what_cannot_be_shown_says_so_and_downloads(app: Flask, client: Browser) -> None:
    ada, data = make_user(), encoded(picture(), "TIFF")
    photo = make_photo(ada, data, "scan.tif")
    sign_in(client, ada)

    work(app)

    assert photo.state is State.FAILED
    assert "TIFF pictures are not shown in this gallery" in client.get(f"/p/{photo.public_id}").text
    assert client.get(f"/p/{photo.public_id}/download").data == data


def test_a_truncated_photo_is_shown_as_far_as_it_goes_and_says_so(
    app: Flask, client: Browser
) -> None:
    ada, data = make_user(), jpeg((1600, 1200))
    photo = make_photo(ada, data[: len(data) // 2])
    sign_in(client, ada)

    work(app)

    assert photo.state is State.READY and photo.derivatives
    assert "damaged" in client.get(f"/p/{photo.public_id}").text


def test_a_job_done_twice_is_done_once(app: Flask) -> None:
    photo = make_photo(make_user())
    job_id = db.session.scalars(Job.waiting()).one()
    db.session.commit()

    done = [worker.perform(app) for _ in range(2)]

    db.session.expire_all()
    assert (done, len(photo.derivatives)) == ([True, False], 4)
    assert db.session.get(Job, job_id).state is JobState.DONE


def test_a_job_whose_photo_is_gone_ends(app: Flask) -> None:
    make_photo(make_user())
    job_id = db.session.scalars(Job.waiting()).one()
    begin_writing()
    db.session.execute(db.delete(Photo))
    db.session.commit()

    worker.perform(app)

    db.session.expire_all()
    assert db.session.get(Job, job_id).state is JobState.DONE


def test_retry_makes_the_previews_of_a_photo_that_failed(app: Flask, client: Browser) -> None:
    ada = make_user()
    photo = make_photo(ada)
    path = storage.path_of("photos", photo.filename)
    path.rename(path.with_suffix(".away"))
    work(app)
    work(app)
    path.with_suffix(".away").rename(path)
    sign_in(client, ada)
    assert "Try again" in client.get(f"/p/{photo.public_id}").text

    client.submit(f"/p/{photo.public_id}/retry")
    work(app)

    photo = db.session.get(Photo, photo.id, populate_existing=True)
    assert (photo.state, photo.reason, len(photo.derivatives)) == (State.READY, "", 4)


def test_a_recording_is_heard_of_and_never_turned(app: Flask, client: Browser) -> None:
    ada = make_user()
    photo = make_photo(ada, recording(3), "song.wav")
    sign_in(client, ada)

    work(app)
    turned = client.submit(f"/p/{photo.public_id}/rotate")

    photo = db.session.get(Photo, photo.id, populate_existing=True)
    assert turned.status_code == 404
    assert (photo.state, photo.reason, photo.duration) == (State.READY, "", 3)
    assert photo.codecs == "pcm_s16le"


def test_a_video_has_previews_and_a_length(app: Flask) -> None:
    photo = make_photo(make_user(), plain_mp4(), "clip.mp4")

    work(app)

    assert (photo.set_name, photo.state, photo.reason) == ("media", State.READY, "")
    assert (photo.width, photo.height, photo.codecs) == (96, 64, "h264 aac")
    assert photo.duration == pytest.approx(2, abs=0.1)
    assert len(photo.derivatives) == 4


def test_a_video_that_cannot_be_read_says_so(app: Flask) -> None:
    photo = make_photo(make_user(), plain_mp4()[:2000], "clip.mp4")

    work(app)

    assert photo.state is State.FAILED and "damaged" in photo.reason


def test_an_animation_is_known_as_one(app: Flask) -> None:
    data = encoded(picture(), "GIF", save_all=True, append_images=[picture(seed=1)])
    photo = make_photo(make_user(), data, "a.gif")

    work(app)

    assert photo.is_animated and len(photo.derivatives) == 4


def test_what_few_browsers_show_has_a_whole_jpeg_too(app: Flask) -> None:
    app.config["TIFF"] = True
    ada = make_user()
    photos = [
        make_photo(ada, heic(picture((2400, 1600))), "a.heic"),
        make_photo(ada, encoded(picture((2400, 1600)), "TIFF"), "b.tif"),
        make_photo(ada, jpeg((2400, 1600))),
    ]

    work(app)

    sizes = [[preview(p, d.variant).size for d in p.derivatives] for p in photos]
    assert [len(each) for each in sizes] == [5, 5, 4]
    assert preview(photos[0], "full").size == preview(photos[1], "full").size == (2400, 1600)
    assert preview(photos[0], "full").format == "JPEG"


def test_page_of_a_heic_shows_its_previews_and_not_the_whole(app: Flask, client: Browser) -> None:
    ada = make_user()
    photo = make_photo(ada, heic(picture()), "a.heic")
    sign_in(client, ada)

    work(app)

    page = client.get(f"/p/{photo.public_id}").text
    assert "/w1920." in page and "/full." not in page


def test_heic_can_be_switched_off(app: Flask) -> None:
    app.config["HEIC"] = False
    photo = make_photo(make_user(), heic(picture()), "a.heic")

    work(app)

    assert photo.state is State.FAILED
    assert photo.reason.startswith("HEIC pictures are not shown in this gallery.")


def test_a_heic_can_be_downloaded_as_a_jpeg(app: Flask, client: Browser) -> None:
    ada = make_user()
    photo = make_photo(ada, heic(picture((640, 480))), "IMG_1.HEIC")
    sign_in(client, ada)

    work(app)
    page = client.get(f"/p/{photo.public_id}").text
    answer = client.get(f"/p/{photo.public_id}/download.jpg")

    assert "Download as JPEG" in page
    assert answer.headers["Content-Disposition"] == "attachment; filename=IMG_1.jpg"
    assert Image.open(BytesIO(answer.data)).size == (640, 480)


def test_previews_made_too_late_reach_nobody_else(app: Flask) -> None:
    ada, jonas = make_user(), make_user("Jonas Lind")
    first = make_photo(ada)
    old_id, old_public_id = first.id, first.public_id
    begin_writing()
    db.session.execute(db.delete(Photo))
    db.session.commit()

    second = make_photo(jonas, jpeg(seed=1))

    assert second.id != old_id and second.public_id != old_public_id


def test_a_queue_that_does_not_answer_loses_no_job(app: Flask, client: Browser, instance) -> None:
    sign_in(client, make_user())
    app.extensions["queue"].huey.storage.close()
    for path in instance.glob("queue.sqlite*"):
        path.unlink()
    (instance / "queue.sqlite").write_bytes(b"not a database" * 100)

    answer = client.send_files(a_file(jpeg()))

    assert answer.status_code == 303
    assert len(db.session.scalars(Job.waiting()).all()) == 1
