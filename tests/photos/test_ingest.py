"""Taking files in: what is kept, where, under which name, and what is refused."""

import os
from io import BytesIO
from pathlib import Path

import pytest
from werkzeug.datastructures import FileStorage

from gallery import storage
from gallery.errors import NotAPhoto, QuotaExceeded
from gallery.extensions import db
from gallery.folders import natural
from gallery.photos import trash
from gallery.photos.ingest import ingest
from gallery.photos.models import Kind, MonthCount, Outcome, Photo, State
from gallery.photos.verify import verify
from tests.make import encoded, jpeg, make_photo, make_user, picture, png, recording


def file_of(data: bytes, name: str = "cat.jpg") -> FileStorage:
    return FileStorage(BytesIO(data), name)


def files_on_disk() -> list[str]:
    return [f"{s}/{name}" for s in ("photos", "media") for name in storage.files_of(s)]


@pytest.mark.usefixtures("app")
class TestKept:
    def test_a_jpeg_is_kept_byte_for_byte_in_its_owners_folder(self) -> None:
        ada, data = make_user(), jpeg()

        photo = make_photo(ada, data, "cat.jpg")

        assert (photo.set_name, photo.filename) == ("photos", f"{ada.folder}/cat.jpg")
        assert storage.path_of("photos", photo.filename).read_bytes() == data

    def test_two_different_cats_are_cat_and_cat_1(self) -> None:
        ada = make_user()

        names = [make_photo(ada, jpeg(seed=seed), "cat.jpg").filename for seed in (1, 2)]

        assert names == [f"{ada.folder}/cat.jpg", f"{ada.folder}/cat_1.jpg"]

    def test_a_png_named_jpg_gets_its_true_extension(self) -> None:
        photo = make_photo(make_user(), png(), "cat.jpg")

        assert photo.filename.endswith("/cat.png")
        assert photo.type == "image/png"
        assert photo.client_name == "cat.jpg"
        assert photo.download_name == "cat.png"

    def test_a_jpeg_under_a_name_that_no_set_takes_is_kept_as_jpg(self) -> None:
        assert make_photo(make_user(), jpeg(), "cat.jfif").filename.endswith("/cat.jpg")

    def test_a_recording_goes_to_the_media_set(self) -> None:
        photo = make_photo(make_user(), recording(), "song.wav")

        assert (photo.set_name, photo.kind, photo.state) == ("media", Kind.AUDIO, State.PENDING)

    def test_a_client_path_is_shown_as_a_name(self) -> None:
        photo = make_photo(make_user(), jpeg(), "C:\\Users\\ada\\..\\cat\x07.jpg")

        assert photo.client_name == "cat.jpg"

    @pytest.mark.parametrize(
        "name", ["写真.jpg", "фото.jpg", "a" * 300 + ".jpg", ".jpg", "..", "CON.jpg"]
    )
    def test_any_name_finds_a_place(self, name: str) -> None:
        photo = make_photo(make_user(), jpeg(), name)

        assert storage.path_of("photos", photo.filename).is_file()

    def test_counters_follow(self) -> None:
        ada, data = make_user(), jpeg()

        photo = make_photo(ada, data)

        db.session.refresh(ada)
        assert (ada.photo_count, ada.byte_count) == (1, len(data))
        assert db.session.scalars(MonthCount.of(ada)).one().photos == 1
        assert photo.local_day == photo.created_at.date()


@pytest.mark.usefixtures("app")
class TestOnce:
    def test_the_same_bytes_are_kept_once(self) -> None:
        ada, data = make_user(), jpeg()
        first = make_photo(ada, data)

        again = ingest(file_of(data, "other.jpg"), owner=ada)

        assert (again.photo.id, again.outcome) == (first.id, Outcome.ALREADY)
        assert len(files_on_disk()) == 1

    def test_another_owner_has_a_file_of_their_own(self) -> None:
        data = jpeg()

        photos = [make_photo(make_user(name), data) for name in ("Ada", "Jonas")]

        assert photos[0].filename != photos[1].filename
        assert len(files_on_disk()) == 2

    def test_a_trashed_one_comes_back(self) -> None:
        ada, data = make_user(), jpeg()
        photo = make_photo(ada, data)
        trash.discard(photo)
        db.session.commit()

        again = ingest(file_of(data), owner=ada)
        db.session.commit()

        assert (again.outcome, again.photo.trashed_at) == (Outcome.RESTORED, None)
        assert verify().wrong == []


HOSTILE = {
    "html": b"<!doctype html><script>alert(1)</script>",
    "svg": b'<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>',
    "php": b"<?php system($_GET['c']); ?>",
    "pdf": b"%PDF-1.7\n1 0 obj\n",
    "eps": b"%!PS-Adobe-3.0 EPSF-3.0\n",
    "mvg": b"push graphic-context\nviewbox 0 0 1 1\n",
    "playlist": b"#EXTM3U\nhttp://127.0.0.1/\n",
    "zip": b"PK\x03\x04" + bytes(30),
    "program": b"\x7fELF" + bytes(60),
    "text": b"just words",
    "nothing": b"",
}


@pytest.mark.usefixtures("app")
class TestRefused:
    @pytest.mark.parametrize("lie", HOSTILE)
    def test_a_lie_is_refused_and_leaves_nothing(self, lie: str, instance: Path) -> None:
        with pytest.raises(NotAPhoto):
            make_photo(make_user(), HOSTILE[lie], "cat.jpg")

        assert files_on_disk() == []
        assert list((instance / "uploads").rglob("*.part*")) == []

    def test_over_the_quota_is_refused_and_leaves_nothing(self) -> None:
        data = jpeg()
        ada = make_user(quota=len(data))
        make_photo(ada, data)

        with pytest.raises(QuotaExceeded, match="0 bytes left"):
            make_photo(ada, jpeg(seed=1))

        db.session.refresh(ada)
        assert ada.byte_count == len(data)
        assert len(files_on_disk()) == 1

    def test_the_last_byte_of_the_quota_can_be_used(self) -> None:
        data = jpeg()

        assert make_photo(make_user(quota=len(data)), data).size == len(data)


@pytest.mark.usefixtures("app")
class TestFormats:
    @pytest.mark.parametrize(
        ("encoder", "options"),
        [
            ("JPEG", {"progressive": True}),
            ("PNG", {}),
            ("WEBP", {}),
            ("GIF", {}),
            ("AVIF", {}),
            ("TIFF", {}),
            ("BMP", {}),
        ],
    )
    def test_what_cameras_and_scanners_write_is_kept(self, encoder: str, options: dict) -> None:
        photo = make_photo(make_user(), encoded(picture(), encoder, **options), "x.dat")

        assert photo.kind is Kind.PHOTO
        assert os.path.splitext(photo.filename)[1] in (
            ".jpg",
            ".png",
            ".webp",
            ".gif",
            ".avif",
            ".tif",
            ".bmp",
        )


def test_names_sort_as_people_do() -> None:
    names = ["IMG_10.jpg", "IMG_9.jpg", "img_1.jpg", "IMG_09.jpg"]

    assert sorted(names, key=natural)[0] == "img_1.jpg"
    assert sorted(names, key=natural)[-1] == "IMG_10.jpg"


def test_a_missing_photo_is_missing(app) -> None:
    assert db.session.scalar(db.select(Photo)) is None
