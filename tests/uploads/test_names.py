"""What files and folders are called, case by case and as properties."""

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gallery.uploads import ALL, IMAGES, UploadNotAllowed, UploadSet
from gallery.uploads.exceptions import UnsafePath
from gallery.uploads.names import clean_folder, clean_name

from .support import listing, make_app, make_set, upload

NAMES = {
    "写真.jpg": "写真.jpg",
    "фото.png": "фото.png",
    "🐱.jpg": "file.jpg",
    ".jpg": "file.jpg",
    "C:\\Users\\me\\cat.jpg": "C_Users_me_cat.jpg",
    "CON.jpg": "_CON.jpg",
    "nul.png": "_nul.png",
    "COM1.jpg": "_COM1.jpg",
    "cat.jpg.": "cat.jpg",
    "cat.jpg ": "cat.jpg",
    "cat.jpg. . .": "cat.jpg",
    "cat\0.jpg": "cat.jpg",
    "CAT.JPG": "CAT.jpg",
    "a/b.jpg": "a_b.jpg",
    "ｃａｔ．ｊｐｇ": "cat.jpg",
    "e\u0301.jpg": "é.jpg",
    "\u202ecat\u200b.jpg": "cat.jpg",
    "\u3164c\u115fat\ufe0f.jpg": "cat.jpg",
    "हिन्दी.jpg": "हिन्दी.jpg",
}


@pytest.mark.parametrize(("name", "saved"), NAMES.items())
def test_a_set_of_images_saves_it_as(tmp_path, name, saved):
    assert make_set(tmp_path).save(upload(name)) == saved
    assert listing(tmp_path) == [saved]


@pytest.mark.parametrize(
    "name",
    [".", "..", "...", "", "../../my_app.wsgi", "cat.jpg\0.exe", "a\u202egpj.exe", "x.jpg.php"],
)
def test_a_set_of_images_refuses(tmp_path, name):
    with pytest.raises(UploadNotAllowed):
        make_set(tmp_path).save(upload(name))


@pytest.mark.parametrize(
    ("name", "saved"),
    {
        ".": "file",
        "..": "file",
        "": "file",
        "../../../home/u/.bash": "home_u_.bash",
        "../../my_app.wsgi": "my_app.wsgi",
        "/etc/passwd": "etc_passwd",
        "a\u202egpj.exe": "agpj.exe",
        "x.jpg.php": "x.jpg.php",
    }.items(),
)
def test_a_set_of_all_files_saves_it_as(tmp_path, name, saved):
    files = make_set(tmp_path, ALL)

    assert files.save(upload(name)) == saved
    assert files.save(upload(name)).startswith(os.path.splitext(saved)[0] + "_1")


@pytest.mark.parametrize(
    ("where", "saved"),
    [
        ({"folder": "a/b"}, "a/b/cat.jpg"),
        ({"name": "a/b/c.jpg"}, "a/b/c.jpg"),
        ({"folder": "写真"}, "写真/cat.jpg"),
        ({"folder": "../../tmp"}, "tmp/cat.jpg"),
        ({"folder": "/a//b/"}, "a/b/cat.jpg"),
        ({"folder": "a\\b"}, "a_b/cat.jpg"),
        ({"folder": "con"}, "_con/cat.jpg"),
        ({"folder": "a", "name": "b/c.jpg"}, "a/b_c.jpg"),
        ({"name": "/dog.jpg"}, "dog.jpg"),
        ({"name": "x.php."}, "x.php.jpg"),
        ({"name": "dog. "}, "dog.jpg"),
        ({"name": "🐱.jpg"}, "file.jpg"),
    ],
)
def test_folder_and_name_lead_to(tmp_path, where, saved):
    assert make_set(tmp_path).save(upload(), **where) == saved


@pytest.mark.parametrize("name", ["...", "🐱", "a/..", " . "])
def test_a_name_of_which_nothing_is_left_is_refused(tmp_path, name):
    with pytest.raises(ValueError, match="sanitization"):
        make_set(tmp_path, ALL).save(upload(), name=name)


@pytest.mark.parametrize("stem", ["x" * 300, "写" * 100, "x" * 251])
def test_a_long_name_is_cut_and_still_takes_a_number(tmp_path, stem):
    photos = make_set(tmp_path)

    saved = [photos.save(upload(f"{stem}.jpg")) for _ in range(2)]

    assert all(len(name.encode()) <= 255 and name.endswith(".jpg") for name in saved)
    assert saved[0][:-4] in stem and listing(tmp_path) == sorted(saved)


def test_a_long_folder_is_cut_and_a_very_long_one_refused(tmp_path):
    photos = make_set(tmp_path)

    assert len(photos.save(upload(), folder="x" * 300)) == 240 + len("/cat.jpg")
    with pytest.raises(UnsafePath):
        photos.save(upload(), folder="x/" * 1000)


def test_ascii_names_fold_as_they_used_to(tmp_path):
    photos = UploadSet("photos", IMAGES)
    app = make_app(photos, UPLOADED_PHOTOS_DEST=tmp_path, UPLOADS_ASCII_NAMES=True)

    with app.app_context():
        saved = [photos.save(upload("Grüße.jpg")), photos.save(upload("写真.jpg"), folder="é")]

    assert saved == ["Gru_e.jpg".replace("_", ""), "e/file.jpg"]


@given(st.text())
def test_a_clean_name_stays_as_it_is(text):
    assert clean_name(clean_name(text)) == clean_name(text)


@given(st.text(st.characters(categories=["L", "M", "N", "P", "Z", "Cf", "Cs"]), min_size=200))
def test_a_clean_name_fits_and_is_one_visible_segment(text):
    name = clean_name(text)

    assert len(name.encode()) <= 240
    assert not name.startswith(".") and not name.endswith(".")
    assert not any(char in name for char in '/\\\0:*?"<>|\u202e\u200b ')


@given(st.lists(st.text(max_size=20), max_size=5).map("/".join))
def test_a_clean_folder_stays_inside_and_as_it_is(text):
    try:
        folder = clean_folder(text)
    except UnsafePath:
        return

    assert clean_folder(folder) == folder
    assert not any(part in ("", ".", "..") for part in folder.split("/")) or folder == ""


@given(st.lists(st.text(min_size=1), min_size=1, max_size=3).map("/".join))
def test_whatever_the_folder_a_file_never_lands_in_the_root_unasked(text):
    try:
        folder = clean_folder(text)
    except UnsafePath:
        return

    assert folder or not text.strip("/")
