"""The details panel, and the words that sizes, places and moments are said in."""

import datetime as dt
import html

import pytest
from flask import Flask

from gallery.extensions import begin_writing, db
from gallery.photos.details import details_of
from gallery.photos.models import Kind, Photo, Source
from gallery.photos.wording import (
    exposure_in_words,
    length_in_words,
    naming,
    place_in_words,
    stars,
)
from tests.conftest import Browser
from tests.imaging.blocks import IN_PARTS, alternatives, bag, exif_of, jpeg_with, xmp_of
from tests.make import make_photo, make_user, recording, sign_in
from tests.photos.test_derivatives import work

NOON = dt.datetime(2024, 7, 12, 12, tzinfo=dt.UTC)
MARKUP = "&lt;script&gt;alert(1)&lt;/script&gt;"


def moment(source: Source, offset: int | None = None) -> tuple[str, str]:
    photo = Photo(
        client_name="cat.jpg",
        filename="a/cat.jpg",
        set_name="photos",
        sha256="0" * 64,
        size=1,
        camera="",
        lens="",
        rating=0,
        reason="",
        created_at=NOON,
        taken_at=None if source is Source.UPLOAD else NOON,
        taken_offset=offset,
        taken_source=source,
    )
    line = details_of(photo)[0]
    return line.value, line.extra


@pytest.mark.parametrize(
    ("source", "offset", "value", "extra"),
    [
        (Source.ZONE, 120, "14:00", "GMT+2, as recorded by the camera."),
        (Source.GPS, 330, "17:30", "GMT+5:30, by the camera’s clock; the zone from GPS."),
        (Source.GPS, None, "12:00", "GMT, by the satellites."),
        (Source.CONTAINER, None, "12:00", "GMT, as recorded in the file."),
        (Source.CLOCK, None, "12:00", "By the camera’s clock; no zone in the file."),
        (Source.OWNER, 120, "14:00", "GMT+2, set by hand."),
        (Source.OWNER, None, "12:00", "Set by hand; its zone is not known."),
        (Source.NAME, None, "12:00", "From the file’s name."),
        (Source.FILE, None, "12:00 UTC", "From the file’s own date."),
        (
            Source.UPLOAD,
            None,
            "12:00 UTC",
            "The file has no date of its own: when it was added.",
        ),
    ],
)
def test_panel_says_by_whose_word(
    source: Source, offset: int | None, value: str, extra: str
) -> None:
    assert moment(source, offset) == (f"Friday 12 July 2024, {value}", extra)


def test_panel_shows_all_that_is_known(app: Flask, client: Browser) -> None:
    ada = make_user()
    block = exif_of(
        {0x010F: "FUJIFILM", 0x0110: "X-T5"},
        {0xA434: "XF 23mm F1.4", 0x8827: 400},
        {1: "N", 3: "E", 5: 0, 6: 35.0, **IN_PARTS},
    )
    words = xmp_of("<dc:description>A cat</dc:description>" + bag("sea"), 'xmp:Rating="4"')
    photo = make_photo(ada, jpeg_with(exif=block, xmp=words))
    work(app)
    sign_in(client, ada)

    page = client.get(f"/p/{photo.public_id}").text

    for text in (
        ">A cat</bdi></h1>",
        'alt="A cat"',
        "FUJIFILM X-T5",
        "XF 23mm F1.4 · ISO 400",
        "<dd>Paris, France</dd>",
        "48.8584° N, 2.2945° E · 35 m",
        "<span>sea</span>",
        'aria-label="4 stars" checked',
    ):
        assert text in page
    assert 'alt="A cat"' in client.get("/photos").text


def test_markup_in_words_is_shown_as_text(app: Flask, client: Browser) -> None:
    ada = make_user()
    packet = xmp_of(alternatives("dc:description", de=MARKUP) + bag(MARKUP))
    block = exif_of({0x010F: "X"}, {0xA434: html.unescape(MARKUP)})
    photo = make_photo(ada, jpeg_with(exif=block, xmp=packet))
    work(app)
    sign_in(client, ada)

    pages = client.get(f"/p/{photo.public_id}").text + client.get("/photos").text

    assert photo.caption == photo.tags[0].name == photo.lens == html.unescape(MARKUP)
    assert "<script>alert" not in pages and pages.count(MARKUP) >= 5


def test_recording_shows_how_long_it_is(app: Flask, client: Browser) -> None:
    ada = make_user()
    photo = make_photo(ada, recording(), "song.wav")
    begin_writing()
    photo.duration = 62.4
    db.session.commit()
    sign_in(client, ada)

    assert "<dd>1:02</dd>" in client.get(f"/p/{photo.public_id}").text


@pytest.mark.parametrize(
    ("known", "words"),
    [
        ((2.8, 0.004, 400, 35.0), "ƒ/2.8 · 1/250 s · ISO 400 · 35 mm"),
        ((11.0, 30.0, None, None), "ƒ/11 · 30 s"),
        ((None, 1 / 3, None, 4.15), "0.3 s · 4.2 mm"),
        ((None, 0.3, 100, 600.0), "1/3 s · ISO 100 · 600 mm"),
        ((None, 0.00137, None, None), "1/730 s"),
        ((None, None, None, None), ""),
    ],
)
def test_exposure(known: tuple[float | None, ...], words: str) -> None:
    assert exposure_in_words(*known) == words


@pytest.mark.parametrize(
    ("place", "words"),
    [
        ((48.8584, 2.2945, 35.4), "48.8584° N, 2.2945° E · 35 m"),
        ((-33.8568, 151.2153, None), "33.8568° S, 151.2153° E"),
        ((31.5, -35.5, -430.5), "31.5000° N, 35.5000° W · −430 m"),
        ((27.9881, 86.925, 8848.9), "27.9881° N, 86.9250° E · 8,849 m"),
    ],
)
def test_place(place: tuple[float, float, float | None], words: str) -> None:
    assert place_in_words(*place) == words


@pytest.mark.parametrize(
    ("seconds", "words"), [(62.4, "1:02"), (0.2, "0:01"), (59.6, "1:00"), (3605, "1:00:05")]
)
def test_duration(seconds: float, words: str) -> None:
    assert length_in_words(seconds) == words


def test_stars_are_five() -> None:
    assert [stars(0), stars(4), stars(5)] == ["☆☆☆☆☆", "★★★★☆", "★★★★★"]


def test_name_is_one_line_of_the_caption() -> None:
    def name(caption: str) -> str:
        return naming()(Kind.PHOTO, NOON, True, caption)

    assert name("A cat\nin the sun") == "A cat in the sun"
    assert name("猫" * 300) == "猫" * 199 + "…"
    assert name("") == "Photo, 12 July 2024, 12:00"
