"""A set in a bucket as the settings say, and what refuses to start."""

import os
import subprocess
import sys

import pytest

from gallery.uploads import UploadSet, config_for_set
from gallery.uploads.s3 import S3Store
from gallery.uploads.stores import LocalStore
from tests.uploads.support import make_app

from .proxy import answering, overwriting
from .support import BODY, address, put, read

WITHOUT_BOTO3 = """
import sys
sys.modules["boto3"] = None  # as if it were not installed
from flask import Flask
from gallery.uploads import UploadSet, configure_uploads
app = Flask("app")
app.config.update(UPLOADED_PHOTOS_DEST=sys.argv[1])
configure_uploads(app, UploadSet("photos"))
print("configured")
"""

pytestmark = pytest.mark.usefixtures("credentials")


def without_boto3(destination: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", WITHOUT_BOTO3, str(destination)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60)


def test_the_destination_says_bucket_prefix_server_and_region():
    store = S3Store.at("s3://photos/of/%E5%86%99%E7%9C%9F/?endpoint=http://127.0.0.1:1&region=eu")

    assert (store.bucket, store.prefix) == ("photos", "of/写真/")
    assert (store.endpoint_url, store.region) == ("http://127.0.0.1:1", "eu")


@pytest.mark.parametrize(
    "url",
    [
        "s3://",
        "https://photos/of",
        "s3://photos/of#ours",
        "s3://key:secret@photos/of",
        "s3://photos/of?acl=public-read",
        "s3://photos/../of",
    ],
)
def test_no_other_address_is_taken(url):
    with pytest.raises(ValueError):
        S3Store.at(url)


def test_a_shared_bucket_has_a_folder_for_each_set(seaweed, bucket):
    app = make_app(
        UploadSet("photos"), UploadSet("media"), UPLOADS_DEFAULT_DEST=address(seaweed.url, bucket)
    )

    prefixes = [config.store.prefix for config in app.upload_set_config.values()]

    assert prefixes == ["of/ours/photos/", "of/ours/media/"]


def test_a_bucket_stays_one_however_the_application_is_configured(seaweed, bucket):
    destination = address(seaweed.url, bucket)
    app = make_app(UploadSet("photos"), UPLOADED_PHOTOS_DEST=destination)

    assert app.upload_set_config["photos"].destination == destination
    assert isinstance(app.upload_set_config["photos"].store, S3Store)


@pytest.mark.parametrize("faults", [[overwriting] * 2, [answering(501, "NotImplemented")]])
def test_a_server_that_would_overwrite_is_refused(proxy, bucket, faults):
    proxy.next("PUT", *faults)

    with pytest.raises(RuntimeError, match=r"If-None-Match|create-only"):
        make_app(UploadSet("photos"), UPLOADED_PHOTOS_DEST=address(proxy.url, bucket))


def test_it_is_taken_by_those_who_say_so(proxy, bucket):
    proxy.next("PUT", answering(501, "NotImplemented"))

    make_app(
        UploadSet("photos"),
        UPLOADED_PHOTOS_DEST=address(proxy.url, bucket),
        UPLOADS_S3_UNSAFE=True,
    )

    assert proxy.seen == []


def test_a_store_given_to_the_set_is_tried_too(proxy, wired):
    proxy.next("PUT", *[overwriting] * 2)

    with pytest.raises(RuntimeError, match="If-None-Match"):
        make_app(UploadSet("photos", store=wired))


def test_a_server_that_fails_at_the_start_is_named(proxy, bucket):
    proxy.next("PUT", *[answering(500)] * 3)

    with pytest.raises(RuntimeError, match=f"of bucket {bucket} does not answer: .*Error"):
        make_app(UploadSet("photos"), UPLOADED_PHOTOS_DEST=address(proxy.url, bucket))


def test_the_probe_leaves_nothing(store):
    make_app(UploadSet("photos", store=store))

    assert list(store.list("")) == []


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("AWS_ACCESS_KEY_ID", "another", "The S3 store refuses: .*InvalidAccessKeyId"),
        ("AWS_SECRET_ACCESS_KEY", "another", "The S3 store refuses: .*SignatureDoesNotMatch"),
        ("AWS_ACCESS_KEY_ID", None, "cannot be used: Unable to locate credentials"),
    ],
)
def test_wrong_credentials_are_told_at_the_start(
    seaweed, bucket, monkeypatch, name, value, sentence
):
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv(name, value) if value else monkeypatch.delenv(name)

    with pytest.raises(RuntimeError, match=sentence):
        make_app(UploadSet("photos"), UPLOADED_PHOTOS_DEST=address(seaweed.url, bucket))


def test_a_missing_bucket_is_told_at_the_start(seaweed):
    with pytest.raises(RuntimeError, match="bucket does not exist"):
        make_app(UploadSet("photos"), UPLOADED_PHOTOS_DEST=address(seaweed.url, "no-bucket"))


def test_without_boto3_a_bucket_is_refused_with_a_sentence():
    tried = without_boto3("s3://photos")

    assert "RuntimeError: To keep files in S3, install boto3." in tried.stderr


def test_without_boto3_a_folder_works(tmp_path):
    tried = without_boto3(tmp_path)

    assert tried.stdout == "configured\n"


def test_a_child_of_a_fork_has_connections_of_its_own(store):
    put(store, "before.jpg")

    child = os.fork()
    if child == 0:
        put(store, "child.jpg")
        os._exit(0)
    put(store, "parent.jpg")

    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert read(store, "child.jpg") == read(store, "parent.jpg") == BODY


def test_a_folder_is_not_probed(tmp_path):
    app = make_app(UploadSet("photos"), UPLOADED_PHOTOS_DEST=tmp_path / "photos")

    assert isinstance(config_for_set(UploadSet("photos"), app).store, LocalStore)
    assert list(tmp_path.iterdir()) == []
