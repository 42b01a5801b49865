"""What plays on a photo's page, and what is said of the rest."""

import pytest

from gallery.extensions import begin_writing, db
from gallery.photos.models import Kind, Photo, State
from gallery.photos.playing import doubt_of, refusal_of
from tests.conftest import Browser
from tests.films import film
from tests.make import encoded, make_photo, make_user, picture, recording, sign_in


def ready(photo: Photo, **found: object) -> Photo:
    begin_writing()
    photo.state = State.READY
    for name, value in found.items():
        setattr(photo, name, value)
    db.session.commit()
    return photo


def page_of(client: Browser, photo: Photo) -> str:
    sign_in(client, photo.owner)
    return client.get(f"/p/{photo.public_id}").text


def test_a_video_plays_from_its_original(client: Browser) -> None:
    video = ready(make_photo(make_user(), film(), "sea.mp4"), codecs="h264 aac", duration=62.4)

    page = page_of(client, video)

    assert f'<video controls playsinline preload="metadata" src="/p/{video.public_id}/dow' in page
    assert "This browser does not play H.264. Download the original to see it." in page
    assert '<span class="tile-badge">1:02' in client.get("/photos").text


def test_a_recording_plays_from_its_original(client: Browser) -> None:
    sound = ready(make_photo(make_user(), recording(), "birds.wav"), codecs="pcm_s16le")

    page = page_of(client, sound)

    assert f'<audio controls preload="metadata" src="/p/{sound.public_id}/download"' in page


def test_an_animation_plays_unless_motion_is_unwanted(client: Browser) -> None:
    frames = [picture((64, 48), seed=seed) for seed in range(3)]
    data = encoded(frames[0], "GIF", save_all=True, append_images=frames[1:])
    gif = ready(make_photo(make_user(), data, "wave.gif"), is_animated=True, width=64, height=48)

    page = page_of(client, gif)

    assert '<source media="(prefers-reduced-motion: reduce)"' in page
    assert f'<img src="/p/{gif.public_id}/download"' in page


def test_a_codec_no_browser_knows_is_told_of(client: Browser) -> None:
    video = ready(make_photo(make_user(), film(), "film.mov"), codecs="prores pcm_s16le")

    page = page_of(client, video)

    assert "No browser plays ProRes. Download the original to see it." in page
    assert "<video" not in page


def test_a_player_can_ask_for_any_part_of_a_video(client: Browser) -> None:
    data = film()
    video = make_photo(make_user(), data, "sea.mp4")
    sign_in(client, video.owner)

    answer = client.get(f"/p/{video.public_id}/download", headers={"Range": "bytes=100-199"})

    assert (answer.status_code, answer.data) == (206, data[100:200])
    assert answer.content_type == "video/mp4"


@pytest.mark.parametrize(
    ("kind", "codecs", "refusal"),
    [
        (Kind.VIDEO, "", ""),
        (Kind.VIDEO, "hevc aac", ""),
        (Kind.VIDEO, "cinepak", "No browser plays CINEPAK. Download the original to see it."),
        (Kind.AUDIO, "pcm_s24le", ""),
        (Kind.AUDIO, "wmav2", "No browser plays Windows Media Audio. Download the original"),
        (Kind.PHOTO, "", ""),
    ],
)
def test_only_what_no_browser_knows_is_refused(kind: Kind, codecs: str, refusal: str) -> None:
    said = refusal_of(kind, codecs)

    assert said.startswith(refusal)
    assert bool(said) == bool(refusal)


def test_a_browser_that_fails_names_the_codec() -> None:
    assert doubt_of(Kind.VIDEO, "hevc aac").startswith("This browser does not play HEVC (H.265).")
    assert doubt_of(Kind.AUDIO, "").startswith("This browser does not play this kind of file.")
