"""A whole application whose sets keep their files in a bucket."""

import os

import pytest
from flask import Flask

from gallery.uploads import (
    IMAGES,
    StoreUnavailable,
    UploadConfiguration,
    UploadRequest,
    UploadSet,
)
from gallery.uploads.s3 import S3Store
from gallery.uploads.testing import TestingFileStorage
from tests.uploads.support import (
    JPEG,
    MULTIPART,
    at_once,
    form,
    listing,
    make_app,
    make_upload_app,
    upload,
)

from .proxy import answering
from .support import address, put, read

LARGE = 3_000_000

pytestmark = pytest.mark.usefixtures("credentials")


@pytest.fixture
def photos() -> UploadSet:
    return UploadSet("photos", IMAGES)


@pytest.fixture
def app(photos, seaweed, bucket) -> Flask:
    return make_upload_app(address(seaweed.url, bucket), photos, request_class=UploadRequest)


def post(app: Flask, *files: tuple[str, bytes]):
    return app.test_client().post("/", data=form(*files), content_type=MULTIPART)


def test_a_form_s_file_lies_in_the_bucket(app, store):
    body = JPEG + os.urandom(LARGE)

    assert post(app, ("cat.jpg", body)).json == ["cat.jpg"]

    assert read(store, "cat.jpg") == body


def test_the_bucket_knows_its_type(app, seaweed, bucket):
    post(app, ("cat.jpg", JPEG))

    facts = seaweed.client().head_object(Bucket=bucket, Key="of/ours/cat.jpg")

    assert facts["ContentType"] == "image/jpeg"


def test_two_of_one_name_get_two_names(app, store):
    names = post(app, ("cat.jpg", JPEG), ("cat.jpg", JPEG + b"2")).json

    assert names == ["cat.jpg", "cat_1.jpg"]
    assert [read(store, name) for name in names] == [JPEG, JPEG + b"2"]


def test_the_third_is_counted_on(app):
    names = post(app, *[("cat.jpg", JPEG)] * 3).json

    assert names == ["cat.jpg", "cat_1.jpg", "cat_2.jpg"]


def test_eight_of_one_name_at_once_are_all_kept(app, store):
    def save(number: int) -> tuple[str, bytes]:
        body = JPEG + bytes([number]) * 1000
        return post(app, ("cat.jpg", body)).json[0], body

    saved = dict(at_once(8, save))

    assert {name: read(store, name) for name in saved} == saved
    assert sorted(store.list("")) == sorted(saved) and len(saved) == 8


def test_a_taken_name_costs_no_second_body(photos, proxy, store, wired):
    for name in ("cat.jpg", "cat_1.jpg"):
        put(store, name)
    photos._config = UploadConfiguration(address(proxy.url, store.bucket))

    assert photos.save(upload(body=bytes(LARGE))) == "cat_2.jpg"

    assert proxy.bodies("PUT") == [LARGE]


def test_a_name_lost_to_a_race_costs_one_more_body_at_most(photos, store):
    tries = []

    class Contested(S3Store):
        def put(self, part, key, *, replace=False, type):
            tries.append(key)
            if key in ("cat.jpg", "cat_1.jpg"):  # another was quicker
                put(store, key)
            super().put(part, key, replace=replace, type=type)

    photos._config = UploadConfiguration(
        "", store=Contested(store.bucket, "of/ours", endpoint_url=store.endpoint_url, region="x")
    )

    saved = photos.save(upload(body=bytes(LARGE)))

    assert tries == ["cat.jpg", saved] and saved not in ("cat.jpg", "cat_1.jpg")


@pytest.mark.parametrize("folder", ["ada", "写真/Ада", "a/b/c"])
def test_folders_and_names_in_any_script_are_kept(app, photos, store, folder):
    with app.app_context():
        saved = [photos.save(upload("фото.jpg"), folder=folder) for _ in range(2)]

    assert saved == [f"{folder}/фото.jpg", f"{folder}/фото_1.jpg"]
    assert sorted(store.list(f"{folder}/")) == saved


def test_a_set_opens_and_deletes_what_it_saved(app, photos):
    with app.app_context():
        saved = photos.save(upload(), folder="ada")
        with photos.open(saved) as file:
            assert file.read() == JPEG

        photos.delete(saved)

        with pytest.raises(FileNotFoundError):
            photos.open(saved)


def test_what_is_discarded_is_gone(app, photos, store):
    with app.app_context():
        photos.save(upload()).discard()

    assert list(store.list("")) == []


def test_a_set_that_replaces_does_so_in_a_bucket(seaweed, bucket, store):
    class Latest(UploadSet):
        def resolve_conflict(self, target_folder, basename):
            return basename

    latest = Latest("photos", IMAGES)
    latest._config = UploadConfiguration(address(seaweed.url, bucket))

    names = [latest.save(upload(body=body), folder="ada") for body in (JPEG, JPEG + b"2")]

    assert names == ["ada/cat.jpg"] * 2
    assert read(store, "ada/cat.jpg") == JPEG + b"2"


def test_one_form_feeds_a_bucket_and_a_folder(tmp_path, seaweed, bucket, store):
    photos, media = UploadSet("photos", IMAGES), UploadSet("media", IMAGES)
    app = make_app(
        photos,
        media,
        request_class=UploadRequest,
        UPLOADED_PHOTOS_DEST=address(seaweed.url, bucket),
        UPLOADED_MEDIA_DEST=tmp_path,
    )
    body = form(("cat.jpg", JPEG + bytes(LARGE)))

    with app.test_request_context(method="POST", data=body, content_type=MULTIPART) as context:
        file = context.request.files["photo"]
        saved = [media.save(file), photos.save(file)]

    assert saved == ["cat.jpg"] * 2 and listing(tmp_path) == ["cat.jpg"]
    assert read(store, "cat.jpg") == (tmp_path / "cat.jpg").read_bytes()


def test_bodies_wait_in_the_temporary_folder_when_all_sets_are_buckets(app, tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "waiting"))
    monkeypatch.chdir(tmp_path)

    assert post(app, ("cat.jpg", bytes(LARGE))).json == ["cat.jpg"]

    assert (tmp_path / "waiting").is_dir() and listing(tmp_path) == []
    assert os.listdir(tmp_path) == ["waiting"]


def test_a_bucket_that_fails_is_told_to_the_view(photos, proxy, bucket, store):
    photos._config = UploadConfiguration(address(proxy.url, bucket))
    proxy.next("PUT", *[answering(500)] * 3)

    with pytest.raises(StoreUnavailable) as failure:
        photos.save(upload())

    assert (failure.value.code, list(store.list(""))) == (503, [])


def test_a_storage_with_its_own_way_is_told_where_it_would_be(photos, seaweed, bucket):
    destination = address(seaweed.url, bucket)
    photos._config = UploadConfiguration(destination)
    storage = TestingFileStorage(filename="cat.jpg")

    assert photos.save(storage, folder="ada") == "ada/cat.jpg"

    assert storage.saved == os.path.join(destination, "ada", "cat.jpg")
