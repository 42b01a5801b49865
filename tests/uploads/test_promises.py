"""The 54 promises of the system, sentence by sentence; the number is in the test's name."""

import io
import json
import os

import pytest
from flask import Flask, abort, current_app, request, send_from_directory, url_for
from werkzeug.datastructures import FileStorage
from werkzeug.routing import BuildError

from gallery.uploads import (
    ALL,
    IMAGES,
    UploadConfiguration,
    UploadNotAllowed,
    UploadRequest,
    UploadSet,
    UploadTooLarge,
    configure_uploads,
    extensions,
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

# Sets


def test_01_each_set_deals_with_its_own_files(tmp_path):
    photos, media = UploadSet("photos", IMAGES), UploadSet("media", ALL)
    app = make_app(photos, media, UPLOADS_DEFAULT_DEST=tmp_path)

    with app.app_context():
        photos.save(upload("a.jpg"))
        media.save(upload("a.jpg"))

    assert listing(tmp_path) == ["media/a.jpg", "photos/a.jpg"]


def test_02_the_name_comes_first_and_is_files_by_default():
    assert UploadSet("photos").name == "photos"
    assert UploadSet().name == "files"


def test_03_name_and_extensions_are_keywords():
    photos = UploadSet(name="photos", extensions=IMAGES)

    assert (photos.name, photos.extensions) == ("photos", IMAGES)


@pytest.mark.parametrize("given", [["jpg"], {"jpg"}, iter(["jpg"]), ("JPG",), "jpg", ".jpg"])
def test_04_extensions_are_any_iterable(tmp_path, given):
    uset = make_set(tmp_path, given)

    assert uset.extension_allowed("jpg")
    assert not any(uset.extension_allowed(ext) for ext in ("png", "j", ""))


def test_04_extensions_are_optional(tmp_path):
    uset = UploadSet("files")
    uset._config = UploadConfiguration(tmp_path)

    assert uset.extension_allowed("txt") and not uset.extension_allowed("exe")


def test_05_presets_are_in_the_extensions_module():
    assert extensions.IMAGES == ("jpg", "jpe", "jpeg", "png", "gif", "svg", "bmp", "webp")
    assert extensions.DEFAULTS == (
        extensions.TEXT + extensions.DOCUMENTS + extensions.IMAGES + extensions.DATA
    )


def test_06_the_third_parameter_is_a_callable_default_dest(tmp_path):
    photos = UploadSet("photos", IMAGES, lambda app: tmp_path)

    app = make_app(photos)

    assert app.upload_set_config["photos"].destination == str(tmp_path)


def test_07_configure_uploads_builds_the_configuration(tmp_path):
    app = make_app(UploadSet("photos"), UPLOADED_PHOTOS_DEST=tmp_path)

    assert isinstance(app.upload_set_config["photos"], UploadConfiguration)


def test_08_the_set_saves_and_the_configuration_serves(tmp_path):
    photos = UploadSet("photos", IMAGES)
    app = make_app(photos, UPLOADED_PHOTOS_DEST=tmp_path)

    with app.test_request_context():
        saved = photos.save(upload(body=b"picture"))
        response = send_from_directory(photos.config.destination, saved)
        response.direct_passthrough = False

    assert response.data == b"picture"


@pytest.mark.parametrize("path", ["../secret.jpg", "..%2fsecret.jpg", ".hidden.jpg", "link.jpg"])
def test_09_checks_run_on_serving_too(tmp_path, path):
    (tmp_path / "secret.jpg").write_bytes(b"secret")
    app = make_app(UploadSet("photos"), UPLOADED_PHOTOS_DEST=tmp_path / "p", UPLOADS_AUTOSERVE=True)
    (tmp_path / "p").mkdir()
    (tmp_path / "p" / ".hidden.jpg").write_bytes(b"hidden")
    (tmp_path / "p" / "link.jpg").symlink_to(tmp_path / "secret.jpg")
    (tmp_path / "p" / "cat.jpg").write_bytes(JPEG)

    assert app.test_client().get("/_uploads/photos/cat.jpg").data == JPEG
    assert app.test_client().get(f"/_uploads/photos/{path}").status_code == 404


# Security


@pytest.mark.parametrize(
    "name", [".", "..", "../../../home/{username}/.bash", "../../my_app.wsgi", ".jpg"]
)
def test_10_no_file_is_saved_under_a_name_that_starts_with_a_dot(tmp_path, name):
    saved = make_set(tmp_path / "uploads", ALL).save(upload(name))

    assert not saved.startswith(".") and "/" not in saved
    assert listing(tmp_path) == [f"uploads/{saved}"]


@pytest.mark.parametrize(
    ("name", "renamed"),
    [(".jpg", "file.jpg"), (".hidden.jpg", "hidden.jpg"), (".", "file"), ("..", "file")],
)
def test_11_such_a_file_is_renamed(tmp_path, name, renamed):
    assert make_set(tmp_path, (*IMAGES, "")).save(upload(name)) == renamed


def test_12_a_similar_name_gets_a_number(tmp_path):
    photos = make_set(tmp_path)

    names = [photos.save(upload("cat.jpg", body)) for body in (b"ada", b"bob", b"eve")]

    assert names == ["cat.jpg", "cat_1.jpg", "cat_2.jpg"]
    assert (tmp_path / "cat.jpg").read_bytes() == b"ada"


@pytest.mark.parametrize("exists", [os.path.exists, lambda path: False], ids=["hint", "blind"])
def test_12_nobody_overwrites_under_concurrency(tmp_path, monkeypatch, exists):
    # Without the hint every thread loses its race, as it otherwise seldom does.
    monkeypatch.setattr(os.path, "exists", exists)
    photos = make_set(tmp_path)

    names = at_once(16, lambda number: photos.save(upload("cat.jpg", b"%d" % number)))

    assert len(set(names)) == 16
    assert {(tmp_path / name).read_bytes() for name in names} == {b"%d" % n for n in range(16)}


def test_13_an_extension_that_is_not_allowed_cannot_be_uploaded(tmp_path):
    photos = make_set(tmp_path)

    for filename, name in (("a.exe", None), ("a.jpg", "a.exe"), ("a.jpg", "foo"), ("jpg", None)):
        with pytest.raises(UploadNotAllowed):
            photos.save(upload(filename), name=name)
    assert listing(tmp_path) == []


def test_14_each_mechanism_can_be_extended(tmp_path):
    class Diary(UploadSet):
        def get_basename(self, filename):
            return "page.txt"

        def file_allowed(self, storage, basename):
            return basename == "page.txt"

        def resolve_conflict(self, target_folder, basename):
            return f"next to {basename}".replace(" ", "-")

    diary = Diary("diary")
    diary._config = UploadConfiguration(tmp_path)

    assert [diary.save(upload("x.exe")), diary.save(upload("y"))] == [
        "page.txt",
        "next-to-page.txt",
    ]


def test_15_any_length_is_accepted_by_default(tmp_path):
    photos = make_set(tmp_path)

    assert photos.save(upload(body=bytes(3_000_000))).size == 3_000_000


def test_15_a_set_may_have_a_largest_size(tmp_path):
    photos = make_set(tmp_path, max_size=10)

    assert photos.save(upload(body=bytes(10)))
    with pytest.raises(UploadTooLarge):
        photos.save(upload("big.jpg", bytes(11)))
    assert listing(tmp_path) == ["cat.jpg"]


@pytest.mark.parametrize("announced", [True, False])
def test_16_flask_refuses_what_is_over_max_content_length(tmp_path, announced):
    app = make_upload_app(
        tmp_path, UploadSet("photos"), request_class=UploadRequest, MAX_CONTENT_LENGTH=1000
    )

    facts = {} if announced else {"wsgi.input_terminated": True, "CONTENT_LENGTH": ""}

    response = app.test_client().post(
        "/",
        data=form(("a.jpg", bytes(2000))),
        content_type=MULTIPART,
        environ_overrides=facts,
    )

    assert (response.status_code, listing(tmp_path)) == (413, [])


def test_17_only_flask_limits_how_many_files_come_at_once(tmp_path):
    app = make_upload_app(
        tmp_path, UploadSet("photos"), request_class=UploadRequest, MAX_FORM_PARTS=50
    )
    client, files = app.test_client(), [("cat.jpg", JPEG)] * 51

    assert client.post("/", data=form(*files), content_type=MULTIPART).status_code == 413
    assert client.post("/", data=form(*files[1:]), content_type=MULTIPART).status_code == 200
    assert len(listing(tmp_path)) == 50


# Destination


def test_18_each_set_knows_its_destination(tmp_path):
    photos = UploadSet("photos")
    app = make_app(photos, UPLOADED_PHOTOS_DEST=tmp_path)

    with app.app_context():
        assert photos.config.destination == str(tmp_path)
        assert photos.path("a.jpg") == str(tmp_path / "a.jpg")


def test_19_the_set_s_own_setting_comes_first():
    photos = UploadSet("photos", default_dest=lambda app: "/second")

    app = make_app(photos, UPLOADED_PHOTOS_DEST="/first", UPLOADS_DEFAULT_DEST="/third")

    assert app.upload_set_config["photos"].destination == "/first"


@pytest.mark.parametrize(("returned", "taken"), [("/second", "/second"), (None, "/third/photos")])
def test_20_default_dest_comes_second(returned, taken):
    photos = UploadSet("photos", default_dest=lambda app: returned)

    app = make_app(photos, UPLOADS_DEFAULT_DEST="/third")

    assert app.upload_set_config["photos"].destination == taken


def test_21_a_folder_of_the_default_destination_comes_third():
    app = make_app(UploadSet("photos"), UPLOADS_DEFAULT_DEST="/third")

    assert app.upload_set_config["photos"].destination == "/third/photos"


def test_22_without_any_destination_there_is_a_runtime_error():
    with pytest.raises(RuntimeError, match="no destination for set photos"):
        make_app(UploadSet("photos", default_dest=lambda app: None))


def test_23_default_dest_takes_the_application():
    def set_destination(app):
        return os.path.join(app.instance_path, "uploads")

    app = make_app(UploadSet("media", default_dest=set_destination))

    expected = os.path.join(app.instance_path, "uploads")
    assert app.upload_set_config["media"].destination == expected


def test_24_uploads_are_then_saved_in_it(tmp_path):
    media = UploadSet("media", IMAGES, default_dest=lambda app: tmp_path / "new" / "uploads")
    app = make_app(media)

    with app.app_context():
        media.save(upload())

    assert listing(tmp_path) == ["new/uploads/cat.jpg"]


# configure_uploads


def test_25_it_is_called_after_the_application_has_its_settings(tmp_path):
    app, photos = Flask(__name__), UploadSet("photos")
    with pytest.raises(RuntimeError):
        configure_uploads(app, photos)

    app.config["UPLOADED_PHOTOS_DEST"] = tmp_path
    configure_uploads(app, photos)

    assert app.upload_set_config["photos"].destination == str(tmp_path)


def test_26_it_stores_the_configurations_on_the_application():
    app = make_app(UploadSet("a"), UploadSet("b"), UPLOADS_DEFAULT_DEST="/u")

    assert app.upload_set_config == {
        "a": UploadConfiguration("/u/a"),
        "b": UploadConfiguration("/u/b"),
    }


def test_27_it_takes_a_set_or_an_iterable_of_sets():
    app = Flask(__name__)
    app.config["UPLOADS_DEFAULT_DEST"] = "/u"

    configure_uploads(app, UploadSet("a"))
    configure_uploads(app, (UploadSet(name) for name in "bc"))

    assert set(app.upload_set_config) == {"a", "b", "c"}


def test_28_it_may_be_called_more_than_once_even_while_serving(tmp_path):
    photos = UploadSet("photos")
    app = make_app(photos, UPLOADS_DEFAULT_DEST=tmp_path)
    client = app.test_client()
    assert client.get("/_uploads/photos/a.txt").status_code == 404

    app.config["UPLOADS_AUTOSERVE"] = True
    configure_uploads(app, photos)
    configure_uploads(app, photos)
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "a.txt").write_text("text")

    assert client.get("/_uploads/photos/a.txt").text == "text"


def test_29_the_application_has_a_dict_of_names_and_configurations():
    app = make_app(UploadSet("photos"), UPLOADED_PHOTOS_DEST="/photos")

    assert type(app.upload_set_config) is dict
    assert app.upload_set_config == {"photos": UploadConfiguration("/photos")}


def test_30_views_find_it_on_current_app():
    app = make_app(UploadSet("photos"), UPLOADED_PHOTOS_DEST="/photos")

    @app.get("/")
    def index():
        return current_app.upload_set_config["photos"].destination

    assert app.test_client().get("/").text == "/photos"


def test_31_several_applications_share_a_set_in_their_threads(tmp_path):
    photos = UploadSet("photos", IMAGES)
    apps = [make_app(photos, UPLOADED_PHOTOS_DEST=tmp_path / str(n)) for n in range(4)]

    def save_ten(number):
        with apps[number].app_context():
            return [photos.save(upload(f"{n}.jpg", b"%d" % number)) for n in range(10)]

    at_once(4, save_ten)

    for number in range(4):
        bodies = [path.read_bytes() for path in (tmp_path / str(number)).iterdir()]
        assert bodies == [b"%d" % number] * 10


def test_32_it_works_in_a_factory(tmp_path):
    photos, media = UploadSet("photos"), UploadSet("media")

    def create_app(name):
        app = Flask(name)
        app.config["UPLOADS_DEFAULT_DEST"] = tmp_path / name
        configure_uploads(app, (photos, media))
        return app

    for app in [create_app("one"), create_app("two")]:
        destinations = {each: cfg.destination for each, cfg in app.upload_set_config.items()}
        assert destinations == {n: f"{tmp_path}/{app.name}/{n}" for n in ("photos", "media")}


# Saving


def test_33_save_takes_a_file_storage(tmp_path):
    assert make_set(tmp_path).save(FileStorage(io.BytesIO(b"x"), "a.jpg")) == "a.jpg"


@pytest.mark.parametrize("other", ["a.jpg", b"x", None, io.BytesIO(b"x")])
def test_34_anything_else_is_a_type_error(tmp_path, other):
    with pytest.raises(TypeError, match=r"storage must be a werkzeug\.FileStorage"):
        make_set(tmp_path).save(other)


@pytest.mark.parametrize("request_class", [Flask.request_class, UploadRequest])
def test_35_the_file_comes_from_request_files(tmp_path, request_class):
    photos = UploadSet("photos", IMAGES)
    app = make_upload_app(tmp_path, photos, request_class=request_class)

    response = app.test_client().post("/", data={"photo": (io.BytesIO(JPEG), "cat.jpg")})

    assert response.json == ["cat.jpg"]
    assert (tmp_path / "cat.jpg").read_bytes() == JPEG


def test_36_folder_is_a_folder_below_the_destination(tmp_path):
    make_set(tmp_path).save(upload(), folder="ada")

    assert listing(tmp_path) == ["ada/cat.jpg"]


def test_37_name_takes_the_place_of_the_client_s(tmp_path):
    photos = make_set(tmp_path)

    assert photos.save(upload(), name="dog.png") == "dog.png"
    with pytest.raises(UploadNotAllowed):
        photos.save(upload("cat.exe"), name="dog.png")


def test_38_name_may_hold_the_folder_and_keep_the_extension(tmp_path):
    assert make_set(tmp_path).save(upload(), name="someguy/photo_123.") == "someguy/photo_123.jpg"


@pytest.mark.parametrize("where", [{"folder": "a/b", "name": "c.jpg"}, {"name": "a/b/c.jpg"}])
def test_39_folder_and_name_are_complete_control(tmp_path, where):
    assert make_set(tmp_path).save(upload(), **where) == "a/b/c.jpg"
    assert listing(tmp_path) == ["a/b/c.jpg"]


def test_40_each_user_has_a_folder_of_their_own(tmp_path):
    photos, users = make_set(tmp_path), ["ada", "写真", "фото", "a/b", "a_b", "é", "e"]

    saved = [photos.save(upload(), folder=user) for user in users]

    assert saved == [f"{user}/cat.jpg" for user in users]


def test_41_save_returns_the_name_that_was_saved(tmp_path):
    photos = make_set(tmp_path)

    saved = [photos.save(upload(" my cat.JPG")), photos.save(upload(), name="my cat.jpg")]

    assert saved == ["my_cat.jpg", "my_cat_1.jpg"]
    assert listing(tmp_path) == sorted(saved)


@pytest.mark.parametrize("name", ["../cat.jpg", "a b.jpg", "CON.jpg", "x" * 300 + ".jpg"])
def test_42_it_may_rename(tmp_path, name):
    saved = make_set(tmp_path).save(upload(name))

    assert saved != name and listing(tmp_path) == [saved]


def test_43_with_a_folder_the_name_is_relative_to_the_destination(tmp_path):
    saved = make_set(tmp_path).save(upload(), folder="ada/2024")

    assert saved == "ada/2024/cat.jpg" and (tmp_path / saved).is_file()


def test_44_the_name_is_what_one_stores_to_serve_the_file_later(tmp_path):
    app = make_app(photos := UploadSet("photos", IMAGES), UPLOADED_PHOTOS_DEST=tmp_path)
    with app.app_context():
        stored = json.loads(json.dumps(photos.save(upload("мой кот.jpg", b"cat"))))

    @app.get("/<path:filename>")
    def show(filename):
        return send_from_directory(photos.config.destination, filename)

    assert app.test_client().get(f"/{stored}").data == b"cat"


# Forms


@pytest.mark.parametrize("request_class", [Flask.request_class, UploadRequest])
def test_45_request_files_is_empty_unless_a_multipart_body_came(tmp_path, request_class):
    app = make_upload_app(tmp_path, UploadSet("photos"), request_class=request_class)
    app.add_url_rule("/", "index", lambda: str(len(request.files)))
    client = app.test_client()

    assert client.get("/").text == "0"
    assert client.post("/", data=JPEG, content_type="image/jpeg").json == []


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH"])
@pytest.mark.parametrize("request_class", [Flask.request_class, UploadRequest])
def test_45_a_multipart_body_has_its_files_whatever_the_method(tmp_path, method, request_class):
    app = make_app(request_class=request_class)
    app.add_url_rule("/", "n", lambda: str(len(request.files)), methods=[method])

    response = app.test_client().open(
        "/", method=method, data=form(("cat.jpg", JPEG)), content_type=MULTIPART
    )

    assert response.text == "1"


def test_46_without_enctype_only_the_name_is_sent(tmp_path):
    app = make_app(request_class=UploadRequest)

    @app.post("/")
    def create():
        return [request.form["photo"], len(request.files)]

    response = app.test_client().post(
        "/", data="photo=cat.jpg", content_type="application/x-www-form-urlencoded"
    )

    assert response.json == ["cat.jpg", 0]


def test_47_any_client_may_send_such_a_request(tmp_path):
    app = make_upload_app(tmp_path, UploadSet("photos", IMAGES), request_class=UploadRequest)

    response = app.test_client().post("/", data=form(("cat.jpg", JPEG)), content_type=MULTIPART)

    assert response.json == ["cat.jpg"]


# Serving


def serving_view(app):
    @app.get("/<uploadset_name>/<path:filename>")
    def show(uploadset_name, filename):
        uploadset_config = current_app.upload_set_config.get(uploadset_name)
        if uploadset_config is None:
            abort(404)
        return send_from_directory(uploadset_config.destination, filename)


def test_48_set_name_and_saved_name_are_enough_to_serve(tmp_path):
    sets = [UploadSet("photos", IMAGES), UploadSet("media", IMAGES)]
    app = make_app(*sets, UPLOADS_DEFAULT_DEST=tmp_path)
    serving_view(app)
    with app.app_context():
        rows = [(uset.name, uset.save(upload(body=uset.name.encode()), "ada")) for uset in sets]

    bodies = [app.test_client().get(f"/{name}/{filename}").text for name, filename in rows]

    assert bodies == ["photos", "media"]


def test_49_an_unknown_set_has_no_configuration(tmp_path):
    app = make_app(UploadSet("photos"), UPLOADS_DEFAULT_DEST=tmp_path)
    serving_view(app)

    assert app.upload_set_config.get("other") is None
    assert app.test_client().get("/other/cat.jpg").status_code == 404


def test_50_send_from_directory_serves_safely_from_a_relative_destination_too(
    tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    photos = UploadSet("photos", IMAGES)
    app = make_app(photos, UPLOADED_PHOTOS_DEST="uploads")
    serving_view(app)
    with app.app_context():
        photos.save(upload())
    (tmp_path / "secret.jpg").write_bytes(b"secret")

    assert app.test_client().get("/photos/cat.jpg").data == JPEG
    assert app.test_client().get("/photos/../secret.jpg").status_code == 404


def test_51_autoserve_adds_an_endpoint_for_the_sets_without_a_url(tmp_path):
    open_set, own = UploadSet("open", IMAGES), UploadSet("own", IMAGES)
    app = make_app(
        *(open_set, own),
        UPLOADS_DEFAULT_DEST=tmp_path,
        UPLOADED_OWN_URL="https://cdn.example/",
        UPLOADS_AUTOSERVE=True,
    )
    with app.app_context():
        open_set.save(upload())
        own.save(upload())

    assert app.test_client().get("/_uploads/open/cat.jpg").data == JPEG
    assert app.test_client().get("/_uploads/own/cat.jpg").status_code == 404


def test_51_the_endpoint_is_there_though_every_set_has_a_url():
    app = make_app(
        UploadSet("own"),
        UPLOADED_OWN_DEST="/own",
        UPLOADED_OWN_URL="https://cdn.example/",
        UPLOADS_AUTOSERVE=True,
    )

    assert "_uploads.uploaded_file" in app.view_functions
    assert app.test_client().get("/_uploads/own/cat.jpg").status_code == 404


@pytest.mark.parametrize("folder", [None, "ada/2024"])
def test_52_the_endpoint_takes_a_set_name_and_a_name_or_path(tmp_path, folder):
    photos = UploadSet("photos", IMAGES)
    app = make_app(photos, UPLOADED_PHOTOS_DEST=tmp_path, UPLOADS_AUTOSERVE=True)
    with app.app_context():
        filename = photos.save(upload(), folder)

    assert app.test_client().get(f"/_uploads/photos/{filename}").data == JPEG


def test_53_url_for_builds_its_address():
    photos = UploadSet("photos")
    app = make_app(photos, UPLOADED_PHOTOS_DEST="/photos", UPLOADS_AUTOSERVE=True)

    with app.test_request_context():
        url = url_for("_uploads.uploaded_file", setname="photos", filename="ada/cat.jpg")
        assert url == "/_uploads/photos/ada/cat.jpg"
        assert photos.url("ada/cat.jpg") == f"http://localhost{url}"


def test_54_autoserve_is_off_by_default(tmp_path):
    photos = UploadSet("photos")
    app = make_app(photos, UPLOADED_PHOTOS_DEST=tmp_path)
    (tmp_path / "cat.jpg").write_bytes(JPEG)

    assert app.test_client().get("/_uploads/photos/cat.jpg").status_code == 404
    with app.test_request_context(), pytest.raises(BuildError):
        photos.url("cat.jpg")
