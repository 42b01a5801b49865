"""The fifteen faults of the system this one replaces, none of which it shares."""

import io
import os
import stat
from pathlib import Path

import pytest
from flask import send_from_directory
from werkzeug.datastructures import FileStorage

from gallery.uploads import (
    ALL,
    IMAGES,
    UploadNotAllowed,
    UploadRequest,
    UploadSet,
    configure_uploads,
    same_kind,
)

from .support import (
    JPEG,
    MULTIPART,
    at_once,
    form,
    listing,
    make_app,
    make_set,
    make_upload_app,
    upload,
)


@pytest.mark.parametrize("name", ["写真.jpg", "фото.png", "भारत.gif"])
def test_01_names_in_any_script_are_kept(tmp_path, name):
    assert make_set(tmp_path).save(upload(name)) == name
    assert make_set(tmp_path / "all", ALL).save(upload(name)) == name


@pytest.mark.parametrize("name", [".", "..", "...", ""])
def test_01_a_name_of_dots_alone_is_a_file_and_no_mere_number(tmp_path, name):
    files = make_set(tmp_path, ALL)

    assert [files.save(upload(name)), files.save(upload(name))] == ["file", "file_1"]


@pytest.mark.parametrize("folder", ["写真", "a/b"])
def test_02_a_folder_does_not_merge_with_another(tmp_path, folder):
    photos = make_set(tmp_path)

    photos.save(upload(), folder=folder)
    photos.save(upload(), folder="a_b")

    assert listing(tmp_path) == sorted([f"{folder}/cat.jpg", "a_b/cat.jpg"])


@pytest.mark.parametrize("folder", ["🐱", "..", "a/🐱", "🐱/a", "."])
def test_02_a_folder_of_which_nothing_is_left_is_refused(tmp_path, folder):
    with pytest.raises(ValueError, match="sanitization"):
        make_set(tmp_path).save(upload(), folder=folder)
    assert listing(tmp_path) == []


def test_03_settings_are_neither_read_by_letters_nor_fail_open(tmp_path):
    files = UploadSet("files", ("JPG", ".png"))
    app = make_app(
        files, UPLOADED_FILES_DEST=tmp_path, UPLOADED_FILES_ALLOW="EXE", UPLOADED_FILES_DENY=["PNG"]
    )

    with app.app_context():
        allowed = [ext for ext in ("exe", "e", "x", "jpg", "png") if files.extension_allowed(ext)]

    assert allowed == ["exe", "jpg"]


@pytest.mark.parametrize("name", ["x.pn", "x.p", "x", "x.gif"])
def test_04_one_extension_in_a_string_is_one_extension(tmp_path, name):
    with pytest.raises(UploadNotAllowed):
        make_set(tmp_path, "png").save(upload(name))


def test_05_autoserve_leaves_a_set_with_its_own_url_alone(tmp_path):
    sets = UploadSet("photos", IMAGES), UploadSet("private", IMAGES)
    app = make_app(
        *sets, UPLOADS_DEFAULT_DEST=tmp_path, UPLOADED_PRIVATE_URL="", UPLOADS_AUTOSERVE=True
    )
    with app.app_context():
        sets[1].save(upload())

    assert app.test_client().get("/_uploads/private/cat.jpg").status_code == 404


def test_05_autoserve_shows_no_drawing_and_lets_nobody_guess_types(tmp_path):
    app = make_app(UploadSet("photos"), UPLOADED_PHOTOS_DEST=tmp_path, UPLOADS_AUTOSERVE=True)
    (tmp_path / "a.svg").write_text("<svg onload='alert(1)'/>")

    response = app.test_client().get("/_uploads/photos/a.svg")

    assert response.headers["Content-Disposition"].startswith("attachment")
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response.headers["Content-Security-Policy"]


def test_06_a_relative_destination_serves_what_was_saved(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    photos = UploadSet("photos", IMAGES)
    app = make_app(photos, UPLOADED_PHOTOS_DEST="static/img")

    with app.test_request_context():
        saved = photos.save(upload())
        response = send_from_directory(photos.config.destination, saved)
        response.direct_passthrough = False

    assert (response.data, listing(tmp_path)) == (JPEG, ["static/img/cat.jpg"])


@pytest.mark.parametrize("size", [5, 1_000_000])
def test_07_a_file_saved_twice_or_read_before_is_whole(tmp_path, size):
    photos, body = make_set(tmp_path), os.urandom(size)
    file = upload(body=body)
    file.read(3)

    names = [photos.save(file), photos.save(file)]

    assert [(tmp_path / name).read_bytes() for name in names] == [body, body]
    assert not (tmp_path / names[0]).samefile(tmp_path / names[1])


def test_08_configuring_again_while_serving_is_no_error(tmp_path):
    own, other = UploadSet("own"), UploadSet("other")
    app = make_app(
        own, UPLOADS_DEFAULT_DEST=tmp_path, UPLOADED_OWN_URL="/own/", UPLOADS_AUTOSERVE=True
    )
    app.test_client().get("/")
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "a.txt").write_text("text")

    configure_uploads(app, other)

    assert app.test_client().get("/_uploads/other/a.txt").text == "text"


def test_09_no_name_ends_in_a_dot(tmp_path):
    assert make_set(tmp_path, "").save(upload("photo"), name="photo.") == "photo"


def test_10_concurrent_saves_of_one_name_lose_nothing(tmp_path):
    photos = make_set(tmp_path)

    def save_ten(thread):
        return [(photos.save(upload(body=body)), body) for body in [os.urandom(999)] * 10]

    saved = [pair for pairs in at_once(8, save_ten) for pair in pairs]

    assert len({name for name, _ in saved}) == 80
    assert all((tmp_path / name).read_bytes() == body for name, body in saved)


def test_11_the_five_thousandth_name_takes_forty_looks_at_most(tmp_path, monkeypatch):
    taken = {
        str(tmp_path / name) for name in ("cat.jpg", *(f"cat_{n}.jpg" for n in range(1, 5000)))
    }
    looks = []
    monkeypatch.setattr(os.path, "exists", lambda path: looks.append(path) or path in taken)

    assert make_set(tmp_path).save(upload()) == "cat_5000.jpg"
    assert len(looks) <= 40


def test_12_a_stream_that_breaks_leaves_nothing(tmp_path):
    class Breaking(io.BytesIO):
        def read(self, size=-1):
            if self.tell() > 2_000_000:
                raise ConnectionResetError
            return super().read(size)

    with pytest.raises(ConnectionResetError):
        make_set(tmp_path).save(FileStorage(Breaking(bytes(5_000_000)), "cat.jpg"))
    assert listing(tmp_path) == []


def test_12_a_reader_never_sees_a_file_grow(tmp_path):
    photos, sizes = make_set(tmp_path), set()

    class Watched(io.BytesIO):
        def read(self, size=-1):
            sizes.update(path.stat().st_size for path in tmp_path.iterdir())
            return super().read(min(size, 200_000))

    photos.save(FileStorage(Watched(bytes(2_000_000)), "cat.jpg"))

    assert (sizes, (tmp_path / "cat.jpg").stat().st_size) == (set(), 2_000_000)


@pytest.mark.parametrize("name", ["foo", "Makefile", ".htaccess"])
def test_13_a_name_without_extension_does_not_pass_the_allow_list(tmp_path, name):
    with pytest.raises(UploadNotAllowed):
        make_set(tmp_path).save(upload(), name=name)


def test_13_it_does_where_the_set_takes_files_without_one(tmp_path):
    assert make_set(tmp_path, (*IMAGES, "")).save(upload(), name="Makefile") == "Makefile"


def test_13_html_is_not_accepted_as_a_picture(tmp_path):
    photos = make_set(tmp_path, checks=[same_kind])

    with pytest.raises(UploadNotAllowed):
        photos.save(upload("evil.jpg", b"<html><script>alert(1)</script>"))
    assert listing(tmp_path) == []


def test_14_each_byte_is_written_once(tmp_path):
    def written():
        facts = dict(line.split(": ") for line in Path("/proc/self/io").read_text().splitlines())
        return int(facts["wchar"])

    app = make_upload_app(tmp_path, UploadSet("photos", IMAGES), request_class=UploadRequest)
    body = form(("cat.jpg", bytes(20_000_000)))
    before = written()

    assert app.test_client().post("/", data=body, content_type=MULTIPART).json == ["cat.jpg"]

    assert written() - before < 1.05 * len(body)


def test_15_a_folder_that_is_a_symlink_is_not_followed(tmp_path):
    photos = make_set(tmp_path / "photos")
    (tmp_path / "photos" / "bob").mkdir(parents=True)
    (tmp_path / "photos" / "ada").symlink_to("bob")

    with pytest.raises(ValueError, match="Path traversal"):
        photos.save(upload(), folder="ada")
    assert listing(tmp_path) == []


def test_15_nor_is_a_whole_row_of_them_replaced(tmp_path):
    for name in ("cat.jpg", "cat_1.jpg"):
        (tmp_path / name).symlink_to(tmp_path / "elsewhere.jpg")

    saved = make_set(tmp_path).save(upload())

    assert saved not in ("cat.jpg", "cat_1.jpg") and (tmp_path / saved).read_bytes() == JPEG
    assert (tmp_path / "cat.jpg").is_symlink() and (tmp_path / "cat_1.jpg").is_symlink()


def test_15_a_dangling_symlink_is_not_written_through(tmp_path):
    photos = make_set(tmp_path / "photos")
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "cat.jpg").symlink_to(tmp_path / "elsewhere.jpg")

    assert photos.save(upload()) == "cat_1.jpg"
    assert not (tmp_path / "elsewhere.jpg").exists()
    assert stat.S_ISLNK((tmp_path / "photos" / "cat.jpg").lstat().st_mode)
