"""The names, exceptions and messages that applications and their tests rely on."""

import io
import json
import os
import pickle
import sqlite3

import pytest
from flask import Flask
from werkzeug.datastructures import FileStorage
from werkzeug.routing import BuildError

import gallery.uploads as uploads
from gallery.uploads import (
    ALL,
    ARCHIVES,
    AUDIO,
    DATA,
    DEFAULTS,
    DOCUMENTS,
    EXECUTABLES,
    IMAGES,
    MODERN_IMAGES,
    SCRIPTS,
    SOURCE,
    TEXT,
    VIDEO,
    AllExcept,
    TestingFileStorage,
    UploadConfiguration,
    UploadError,
    UploadNotAllowed,
    UploadSet,
    addslash,
    config_for_set,
    configure_uploads,
    extension,
    lowercase_ext,
)

from .support import JPEG, listing, make_app, make_set, upload


def test_every_public_name_is_there_and_explained():
    for name in uploads.__all__:
        public = getattr(uploads, name)
        assert not callable(public) or public.__doc__, name


# Sets and their configuration


@pytest.mark.parametrize("name", ["", "my_photos", "a-b", "a b"])
def test_a_set_s_name_is_letters_and_digits(name):
    with pytest.raises(ValueError, match=r"^Name must be alphanumeric \(no underscores\)$"):
        UploadSet(name)
    assert UploadSet("写真").name == "写真"


def test_an_application_without_sets_says_so():
    message = (
        "The application is not properly configured. Please make sure to use `configure_uploads`."
    )
    with Flask(__name__).app_context(), pytest.raises(RuntimeError) as error:
        _ = UploadSet("photos").config
    assert str(error.value) == message


def test_an_application_without_this_set_is_a_key_error():
    app = make_app(UploadSet("photos"), UPLOADS_DEFAULT_DEST="/u")

    with app.app_context(), pytest.raises(KeyError, match=r"^'other'$"):
        _ = UploadSet("other").config


def test_without_an_application_flask_says_so():
    with pytest.raises(RuntimeError, match="Working outside of application context"):
        _ = UploadSet("photos").config


def test_configurations_are_equal_by_their_four_values():
    one = UploadConfiguration("/a", "http://b/", ("c",), ("d",))

    assert one == UploadConfiguration("/a", "http://b/", ("c",), ("d",))
    assert one != UploadConfiguration("/a")
    assert one.__eq__("/a") is NotImplemented
    assert one.tuple == ("/a", "http://b/", ("c",), ("d",))
    with pytest.raises(TypeError):
        hash(one)


def test_the_default_url_goes_with_the_default_destination_only():
    photos, own = UploadSet("photos"), UploadSet("own")
    app = make_app(
        *(photos, own),
        UPLOADS_DEFAULT_DEST="/u",
        UPLOADS_DEFAULT_URL="http://cdn",
        UPLOADED_OWN_DEST="/own",
    )

    assert app.upload_set_config["photos"].base_url == "http://cdn/photos/"
    assert app.upload_set_config["own"].base_url is None


def test_config_for_set_needs_no_defaults():
    app = Flask(__name__)
    app.config.update(UPLOADED_FILES_DEST="/f", UPLOADED_FILES_URL="http://x")

    assert config_for_set(UploadSet(), app) == UploadConfiguration("/f", "http://x")


def test_a_url_is_the_base_and_the_name_unchanged():
    photos = UploadSet("photos")
    photos._config = UploadConfiguration("/p", "http://cdn")

    assert photos.url("a b.jpg") == "http://cdna b.jpg"
    photos._config = UploadConfiguration("/p", "")
    assert photos.url("ada/cat.jpg") == "ada/cat.jpg"


def test_a_url_without_base_needs_autoserve():
    app = make_app(photos := UploadSet("photos"), UPLOADS_DEFAULT_DEST="/u")

    with app.test_request_context(), pytest.raises(BuildError):
        photos.url("cat.jpg")


def test_a_path_is_joined_and_not_checked():
    photos = UploadSet("photos")
    photos._config = UploadConfiguration("/p")

    assert photos.path("a.jpg") == "/p/a.jpg"
    assert photos.path("b/a.jpg", folder="ada") == "/p/ada/b/a.jpg"
    assert photos.path("../x") == "/p/../x"


def test_allow_beats_deny():
    files = UploadSet("files", ("txt", "exe"))
    files._config = UploadConfiguration("/f", allow="exe", deny=("exe", "TXT"))

    assert files.extension_allowed("exe") and not files.extension_allowed("txt")


def test_the_settings_take_a_mere_container_too():
    files = UploadSet("files", TEXT)
    files._config = UploadConfiguration("/f", allow=ALL)
    assert files.extension_allowed("exe")

    files._config = UploadConfiguration("/f", deny=AllExcept(["txt"]))
    assert files.extension_allowed("txt") and not files.extension_allowed("exe")


# Extensions


@pytest.mark.parametrize(
    ("preset", "members"),
    [
        (TEXT, "txt"),
        (DOCUMENTS, "rtf odf ods gnumeric abw doc docx xls xlsx pdf"),
        (IMAGES, "jpg jpe jpeg png gif svg bmp webp"),
        (AUDIO, "wav mp3 aac ogg oga flac"),
        (DATA, "csv ini json plist xml yaml yml"),
        (SCRIPTS, "js php pl py rb sh"),
        (ARCHIVES, "gz bz2 zip tar tgz txz 7z"),
        (EXECUTABLES, "so exe dll"),
        (MODERN_IMAGES, "avif heic heif jxl tif tiff"),
        (VIDEO, "mp4 m4v mov webm mkv avi"),
    ],
)
def test_a_preset_is_a_tuple_of(preset, members):
    assert preset == tuple(members.split())


def test_presets_can_be_added_up():
    assert TEXT + DOCUMENTS + IMAGES + DATA == DEFAULTS
    assert len(SOURCE) == 28 and {"c", "f90", "s"} <= set(SOURCE)


def test_all_and_all_except_contain():
    assert "exe" in ALL and "" in ALL
    assert "txt" in AllExcept(["exe"]) and "exe" not in AllExcept(["EXE"])
    assert "php" not in AllExcept(SCRIPTS + EXECUTABLES)


@pytest.mark.parametrize(
    ("name", "ext", "lowered"),
    [
        ("foo.TXT", "TXT", "foo.txt"),
        ("FOO", "", "FOO"),
        ("A.TAR.GZ", "GZ", "A.TAR.gz"),
        (".profile", "", ".profile"),
    ],
)
def test_extension_and_lowercase_ext(name, ext, lowered):
    assert (extension(name), lowercase_ext(name)) == (ext, lowered)


def test_addslash_adds_one_slash_at_most():
    assert addslash("http://a") == addslash("http://a/") == "http://a/"


# Saving


def test_the_file_name_is_looked_at_before_the_configuration():
    with pytest.raises(ValueError, match=r"^Filename must not be empty!$"):
        UploadSet("files").save(TestingFileStorage())


@pytest.mark.parametrize(
    ("filename", "name"), [("a.EXE", None), ("a.jpg", "b.EXE"), ("a.jpg", "../t/rce.eXe")]
)
def test_a_refused_extension_is_named_in_lower_case(tmp_path, filename, name):
    with pytest.raises(UploadNotAllowed, match=r"^File extension 'exe' is not allowed$"):
        make_set(tmp_path).save(upload(filename), name=name)


def test_file_allowed_is_asked_about_the_client_s_name_and_the_final_one(tmp_path):
    class Asking(UploadSet):
        def file_allowed(self, storage, basename):
            asked.append(basename)
            return basename != "secret.jpg"

    photos, asked = Asking("photos", IMAGES), []
    photos._config = UploadConfiguration(tmp_path)

    with pytest.raises(UploadNotAllowed):
        photos.save(upload(), name="secret.jpg")
    assert (asked, listing(tmp_path)) == (["cat.jpg", "secret.jpg"], [])


def test_a_name_s_extension_is_checked_whatever_file_allowed_says(tmp_path):
    class Trusting(UploadSet):
        def file_allowed(self, storage, basename):
            return True

    files = Trusting("files", IMAGES)
    files._config = UploadConfiguration(tmp_path)

    assert files.save(upload("a.exe")) == "a.exe"
    for name in ("b.exe", "foo"):
        with pytest.raises(UploadNotAllowed):
            files.save(upload("a.exe"), name=name)


def test_upload_not_allowed_says_what_http_would():
    assert (UploadNotAllowed().code, issubclass(UploadNotAllowed, UploadError)) == (415, True)
    assert UploadNotAllowed().description == "Files of this kind are not allowed here."
    assert UploadNotAllowed("No cats.").description == str(UploadNotAllowed("No cats."))


def test_a_single_empty_extension_allows_files_without_one(tmp_path):
    files = make_set(tmp_path, (""))

    assert [files.save(upload("foo")), files.save(upload("foo"))] == ["foo", "foo_1"]


def test_a_file_without_extension_gets_a_number_at_its_end(tmp_path):
    files = make_set(tmp_path, ALL)

    names = [files.save(upload("a.tar.gz")) for _ in range(2)]

    assert names == ["a.tar.gz", "a.tar_1.gz"]


def test_a_storage_with_its_own_save_gets_the_final_path_and_nothing_is_written(tmp_path):
    file = TestingFileStorage(io.BytesIO(JPEG), "cat.jpg")

    saved = make_set(tmp_path / "new").save(file, folder="ada")

    assert (saved, file.saved) == ("ada/cat.jpg", f"{tmp_path}/new/ada/cat.jpg")
    assert type(file.saved) is str and list(tmp_path.iterdir()) == []


def test_a_storage_with_its_own_save_is_checked_as_any_other(tmp_path):
    photos = make_set(tmp_path, checks=[uploads.same_kind])
    file = TestingFileStorage(io.BytesIO(b"<html>"), "cat.jpg")

    with pytest.raises(UploadNotAllowed):
        photos.save(file)
    assert file.saved is None


@pytest.mark.parametrize("link", ["folder", "cat.jpg"])
def test_a_storage_with_its_own_save_is_not_led_out(tmp_path, link):
    (tmp_path / "photos" / "x").mkdir(parents=True)
    (tmp_path / "photos" / link).symlink_to(tmp_path / "elsewhere")

    with pytest.raises(ValueError, match=r"^Security: Path traversal attempt detected$"):
        folder = link if link == "folder" else None
        make_set(tmp_path / "photos").save(TestingFileStorage(filename="cat.jpg"), folder)


def test_the_conflict_path_asks_os_path_exists_when_it_is_called(tmp_path, monkeypatch):
    files, asked = make_set(tmp_path), []
    taken = {f"{tmp_path}/cat.jpg", *(f"{tmp_path}/cat_{n}.jpg" for n in range(1, 6))}
    monkeypatch.setattr(os.path, "exists", lambda path: asked.append(path) or path in taken)

    assert files.save(TestingFileStorage(filename="cat.jpg")) == "cat_6.jpg"
    assert asked[0] == f"{tmp_path}/cat.jpg" and {type(path) for path in asked} == {str}


def test_the_first_free_number_is_taken_even_after_deletions(tmp_path):
    photos = make_set(tmp_path)
    for _ in range(6):
        photos.save(upload())

    photos.delete("cat_3.jpg")

    assert photos.save(upload()) == "cat_3.jpg"


class Overwriting(UploadSet):
    def resolve_conflict(self, target_folder, basename):
        os.remove(os.path.join(target_folder, basename))
        return basename


class Replacing(UploadSet):
    def resolve_conflict(self, target_folder, basename):
        return basename


@pytest.mark.parametrize("recipe", [Overwriting, Replacing])
def test_the_overwrite_recipe_keeps_working(tmp_path, recipe):
    photos = recipe("photos", IMAGES)
    photos._config = UploadConfiguration(tmp_path)

    names = [photos.save(upload(body=body)) for body in (b"first", b"second")]

    assert names == ["cat.jpg", "cat.jpg"] == [*listing(tmp_path), "cat.jpg"]
    assert (tmp_path / "cat.jpg").read_bytes() == b"second"


@pytest.mark.parametrize("escape", ["../cat.jpg", "a/../../cat.jpg", "/tmp/cat.jpg", ".cat.jpg"])
@pytest.mark.parametrize("point", ["get_basename", "resolve_conflict"])
def test_an_override_cannot_lead_out(tmp_path, escape, point):
    class Careless(UploadSet):
        pass

    setattr(Careless, point, lambda self, *args: escape)
    photos = Careless("photos", ALL)
    photos._config = UploadConfiguration(tmp_path / "photos")
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "cat.jpg").touch()

    with pytest.raises(ValueError, match="Path traversal"):
        photos.save(upload())
    assert listing(tmp_path) == ["photos/cat.jpg"]


def test_a_file_whose_names_all_are_taken_is_an_error_and_no_endless_loop(tmp_path):
    class Stubborn(UploadSet):
        def resolve_conflict(self, target_folder, basename):
            names.reverse()
            return names[0]

    photos, names = Stubborn("photos", IMAGES), ["a.jpg", "b.jpg"]
    photos._config = UploadConfiguration(tmp_path)
    for name in ("cat.jpg", *names):
        (tmp_path / name).touch()

    with pytest.raises(UploadError, match="No free name"):
        photos.save(upload())


# The value that save returns


def test_saved_is_a_string_that_knows_more(tmp_path):
    photos = make_set(tmp_path)
    saved = photos.save(upload(), folder="ada")

    assert saved == "ada/cat.jpg" and isinstance(saved, str)
    assert (saved.size, saved.type, saved.set) == (len(JPEG), "image/jpeg", photos)
    assert len(saved.sha256) == 64
    assert json.dumps(saved) == '"ada/cat.jpg"'
    row = sqlite3.connect(":memory:").execute("select ?", (saved,)).fetchone()
    assert row == ("ada/cat.jpg",)


def test_saved_has_the_url_of_its_set(tmp_path):
    photos = make_set(tmp_path)
    photos._config = UploadConfiguration(tmp_path, "http://cdn/")

    assert photos.save(upload()).url == "http://cdn/cat.jpg"


def test_a_discarded_file_is_gone_and_its_name_free(tmp_path):
    photos = make_set(tmp_path)
    saved = photos.save(upload())

    saved.discard()
    saved.discard()

    assert listing(tmp_path) == []
    assert photos.save(upload()) == "cat.jpg"


def test_a_saved_name_travels_as_a_mere_string(tmp_path):
    copy = pickle.loads(pickle.dumps(make_set(tmp_path).save(upload())))

    assert (type(copy), copy) == (str, "cat.jpg")


# For applications' tests


def test_testing_file_storage_remembers_a_path_in_a_string():
    file = TestingFileStorage(filename="foo.bar")
    assert (file.name, file.saved, TestingFileStorage.__test__) == (None, None, False)
    assert (file.content_type, file.headers["Content-Length"]) == ("application/octet-stream", "-1")

    file.save("foo_bar.txt")

    assert file.saved == "foo_bar.txt"
    with pytest.raises(RuntimeError, match=r"^dst currently has to be a `str`$"):
        file.save(io.BytesIO())


def test_a_patched_save_is_called_as_ever(tmp_path):
    file = FileStorage(io.BytesIO(JPEG), "cat.jpg")
    calls = []
    file.save = calls.append

    assert make_set(tmp_path).save(file) == "cat.jpg"
    assert calls == [f"{tmp_path}/cat.jpg"]


def test_two_applications_configured_twice_share_the_blueprint(tmp_path):
    photos = UploadSet("photos")
    for _ in range(2):
        app = make_app(photos, UPLOADS_DEFAULT_DEST=tmp_path, UPLOADS_AUTOSERVE=True)
        configure_uploads(app, photos)

    assert [rule.endpoint for rule in app.url_map.iter_rules()].count("_uploads.uploaded_file") == 1
