"""The previews that the settings ask for: what is new is made, what is gone goes."""

import pytest
from flask import Flask

from gallery import storage, worker
from gallery.errors import CannotStart
from gallery.extensions import begin_writing, db
from gallery.factory import create_app
from gallery.jobs.models import Job, Priority
from gallery.photos import derivatives
from gallery.photos.models import Derivative, Photo, State
from tests.conftest import Browser
from tests.make import jpeg, make_photo, make_user, sign_in


def derive_again(app: Flask, photo: Photo, **variants: str) -> dict[str, Derivative]:
    """Derive the photo by these settings, and return what it has then, by variant."""
    app.config["VARIANTS"] = variants or app.config["VARIANTS"]
    begin_writing()
    Job.want_all("derive", [photo.id], priority=Priority.NOBODY)
    db.session.commit()
    assert worker.perform(app)
    db.session.expire_all()
    return {derivative.variant: derivative for derivative in photo.derivatives}


@pytest.fixture
def photo(app: Flask) -> Photo:
    photo = make_photo(make_user(), jpeg((2400, 1600)))
    worker.perform(app)
    db.session.expire_all()
    return photo


def test_a_new_variant_makes_only_what_is_missing(app: Flask, photo: Photo, monkeypatch) -> None:
    before = {d.variant: d.id for d in photo.derivatives}
    asked, render = [], derivatives.render
    monkeypatch.setattr(
        derivatives, "render", lambda fd, **o: asked.append(list(o["variants"])) or render(fd, **o)
    )

    after = derive_again(app, photo, **app.config["VARIANTS"], w640="webp 70")

    assert asked == [["w640"]]
    assert {name: after[name].id for name in before} == before
    assert (after["w640"].width, after["w640"].filename.endswith(".webp")) == (640, True)
    assert photo.state is State.READY


def test_a_variant_taken_out_goes_and_nothing_is_decoded(
    app: Flask, photo: Photo, monkeypatch
) -> None:
    monkeypatch.setattr(derivatives, "render", None)

    after = derive_again(app, photo, w1920="jpeg 80", h240="webp 80")

    assert set(after) == {"w1920", "h240"}
    assert photo.state is State.READY


def test_the_pages_show_what_the_settings_make(app: Flask, photo: Photo, client: Browser) -> None:
    sign_in(client, photo.owner)
    derive_again(app, photo, w2560="jpeg 85", h240="webp 80", h720="webp 80")

    page, timeline = client.get(f"/p/{photo.public_id}").text, client.get("/photos").text

    assert "w2560." in page and page.count(" 2400w") == 1
    assert timeline.index("h240.") < timeline.index("h720.")


def test_a_photo_that_can_no_longer_be_read_keeps_what_it_has(app: Flask, photo: Photo) -> None:
    path = storage.path_of("photos", photo.filename)
    path.write_bytes(path.read_bytes()[:200])

    after = derive_again(app, photo, **app.config["VARIANTS"], w640="webp 70")

    assert len(after) == 4
    assert photo.state is State.READY and "damaged" in photo.reason


@pytest.mark.parametrize(
    ("variants", "sentence"),
    [
        ("w1920", "VARIANTS must be like"),
        ({"large": "jpeg 80"}, "VARIANTS has “large: jpeg 80”"),
        ({"w1920": "png 80", "h240": "webp 80"}, "VARIANTS has “w1920: png 80”"),
        ({"w1920": "jpeg 0", "h240": "webp 80"}, "VARIANTS has “w1920: jpeg 0”"),
        ({"w1920": "jpeg 80", "h480": "webp 80"}, "VARIANTS needs h240"),
        ({"h240": "webp 80"}, "and a w…"),
    ],
)
def test_settings_that_make_no_sense_are_one_sentence(
    instance, variants: object, sentence: str
) -> None:
    with pytest.raises(CannotStart, match=sentence):
        create_app({"VARIANTS": variants})
