"""An application that used Flask-Reuploaded 1.6 changes its imports and nothing else.

Its published tests pass on this engine; these are of what they do not look at.
"""

import inspect
import io
from unittest.mock import patch

import pytest
from flask import Flask
from werkzeug.datastructures import FileStorage, Headers

import gallery.uploads as uploads
from gallery.uploads import ALL, IMAGES, TestingFileStorage, UploadNotAllowed, UploadSet

from .support import JPEG, listing, make_app, make_set, upload

SIGNATURES = {
    "UploadSet": ["name", "extensions", "default_dest"],
    "UploadConfiguration": ["destination", "base_url", "allow", "deny"],
    "TestingFileStorage": [
        *("stream", "filename", "name", "content_type", "content_length", "headers"),
    ],
    "AllExcept": ["items"],
    "addslash": ["url"],
    "config_for_set": ["uset", "app", "defaults"],
    "configure_uploads": ["app", "upload_sets"],
    "extension": ["filename"],
    "lowercase_ext": ["filename"],
}
METHODS = {
    "url": ["filename"],
    "path": ["filename", "folder"],
    "file_allowed": ["storage", "basename"],
    "extension_allowed": ["ext"],
    "get_basename": ["filename"],
    "save": ["storage", "folder", "name"],
    "resolve_conflict": ["target_folder", "basename"],
}


def positional(function) -> list[str]:
    parameters = inspect.signature(function).parameters.values()
    return [each.name for each in parameters if each.kind is each.POSITIONAL_OR_KEYWORD]


@pytest.mark.parametrize(("name", "parameters"), SIGNATURES.items())
def test_what_is_called_takes_the_same_parameters(name, parameters):
    assert name in uploads.__all__
    assert positional(getattr(uploads, name)) == parameters


@pytest.mark.parametrize(("name", "parameters"), METHODS.items())
def test_a_method_takes_the_same_parameters(name, parameters):
    assert positional(getattr(UploadSet("photos"), name)) == parameters


def test_a_set_has_the_same_attributes():
    def default_dest(app):
        return "/photos"

    photos = UploadSet("photos", IMAGES, default_dest)

    assert (photos.name, photos.extensions, photos._config) == ("photos", IMAGES, None)
    assert photos.default_dest is default_dest


def test_what_was_removed_before_stays_away():
    assert not hasattr(uploads, "patch_request_class")


def test_the_class_of_all_extensions_has_its_name():
    assert isinstance(ALL, uploads.extensions.All)


def test_the_blueprint_can_be_found_by_its_name(tmp_path):
    app = make_app(UploadSet("photos"), UPLOADS_DEFAULT_DEST=tmp_path, UPLOADS_AUTOSERVE=True)

    assert app.blueprints["_uploads"].url_prefix == "/_uploads"


@pytest.mark.parametrize("name", ["name.txt", "🐱", None])
def test_the_first_mistake_is_the_one_that_is_told(tmp_path, name):
    photos = make_set(tmp_path)

    with pytest.raises(TypeError):
        photos.save("a.exe", name=name)
    with pytest.raises(ValueError, match="must not be empty"):
        photos.save(upload(None), name=name)
    with pytest.raises(UploadNotAllowed):
        photos.save(upload("a.exe"), name=name)


@pytest.mark.parametrize(
    ("sent", "basename"),
    [
        ("my Cat.JPG", "my_Cat.jpg"),
        ("Tom & Jerry.jpg", "Tom__Jerry.jpg"),
        ("a + b (1).jpg", "a__b_1.jpg"),
        ("__init__.py", "init__.py"),
        ("/etc/passwd", "etc_passwd"),
        ("a..b.tar.GZ", "a..b.tar.gz"),
    ],
)
def test_a_name_in_ascii_is_cleaned_to_the_same_letter(sent, basename):
    assert UploadSet("files", ALL).get_basename(sent) == basename


def test_a_save_patched_on_the_class_is_called_as_ever(tmp_path, monkeypatch):
    calls = []
    monkeypatch.setattr(FileStorage, "save", lambda self, dst, buffer_size=16384: calls.append(dst))

    assert make_set(tmp_path).save(upload()) == "cat.jpg"
    assert (calls, listing(tmp_path)) == ([f"{tmp_path}/cat.jpg"], [])


def test_so_is_one_that_a_mock_stands_for(tmp_path):
    with patch.object(FileStorage, "save", autospec=True) as save:
        make_set(tmp_path).save(file := upload())

    save.assert_called_once_with(file, f"{tmp_path}/cat.jpg")


def test_patched_folders_are_made_for_nobody_who_saves_by_itself(tmp_path):
    with patch("os.makedirs") as makedirs, patch("os.path.exists", return_value=False):
        saved = make_set(tmp_path / "new").save(TestingFileStorage(filename="cat.jpg"), "ada")

    assert saved == "ada/cat.jpg" and not makedirs.called


def test_testing_file_storage_ignores_headers():
    file = TestingFileStorage(io.BytesIO(JPEG), "cat.jpg", "photo", headers=Headers({"X": "y"}))

    assert (file.name, file.filename, "X" in file.headers) == ("photo", "cat.jpg", False)


def test_autoserve_lets_a_file_be_kept_as_long_as_flask_is_told(tmp_path):
    photos = UploadSet("photos", IMAGES)
    settings = {"UPLOADS_AUTOSERVE": True, "SEND_FILE_MAX_AGE_DEFAULT": 3600}
    app = make_app(photos, UPLOADED_PHOTOS_DEST=tmp_path, **settings)
    (tmp_path / "cat.jpg").write_bytes(JPEG)

    kept = app.test_client().get("/_uploads/photos/cat.jpg").cache_control

    assert (kept.max_age, kept.public) == (3600, True)


def test_what_is_not_for_everybody_is_kept_by_nobody_in_between(tmp_path):
    app = make_app(UploadSet("photos"), UPLOADED_PHOTOS_DEST=tmp_path)
    app.config.update(SEND_FILE_MAX_AGE_DEFAULT=3600, UPLOADS_AUTHORISE=lambda *names: True)
    app.add_url_rule("/", "show", lambda: uploads.deliver("photos", "cat.jpg"))
    (tmp_path / "cat.jpg").write_bytes(JPEG)

    kept = app.test_client().get("/").cache_control

    assert (kept.max_age, kept.private, kept.public) == (3600, True, False)


def test_an_application_of_before_takes_a_file_in(tmp_path):
    app, photos = Flask(__name__), uploads.UploadSet("photos", uploads.IMAGES)
    app.config["UPLOADED_PHOTOS_DEST"] = str(tmp_path)
    uploads.configure_uploads(app, photos)

    with app.app_context():
        assert photos.save(FileStorage(io.BytesIO(b"x"), "a.jpg")) == "a.jpg"
        assert photos.path("a.jpg") == str(tmp_path / "a.jpg")
