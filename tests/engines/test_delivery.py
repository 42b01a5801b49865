"""Delivery from a bucket of a real S3 server: streamed through, or redirected to."""

import io
import os
import random
import secrets
import tracemalloc
import urllib.request
from urllib.parse import quote

import pytest
from flask import Flask
from werkzeug.datastructures import FileStorage

from gallery.uploads import ALL, UploadSet, configure_uploads, deliver, signed_url
from gallery.uploads.s3 import S3Store

pytestmark = pytest.mark.usefixtures("credentials")

BODY = random.Random(1).randbytes(300_000)  # the same in every process of the run
URL = "/_uploads/files/ada/cat.jpg"
MIB = 1024 * 1024


@pytest.fixture(scope="module")
def bucket(seaweed) -> str:
    name = f"photos-{secrets.token_hex(4)}"
    seaweed.client().create_bucket(Bucket=name)
    return name


@pytest.fixture
def destination(seaweed, bucket) -> str:
    folder = secrets.token_hex(4)
    return f"s3://{bucket}/{folder}/of-ours?endpoint={seaweed.url}&region=us-east-1"


@pytest.fixture
def client(destination):
    client = served(UploadSet("files", ALL), UPLOADED_FILES_DEST=destination)
    save(client, "cat.jpg", BODY, folder="ada")
    return client


def test_a_file_is_streamed_through_by_default(client):
    response = client.get(URL)

    assert (response.status_code, response.data) == (200, BODY)
    assert response.content_length == len(BODY)
    assert response.headers["Content-Type"] == "image/jpeg"
    assert response.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    ("asked", "part"),
    [
        ("0-3", BODY[:4]),
        ("100000-200000", BODY[100_000:200_001]),
        ("299999-", BODY[-1:]),
        ("-5", BODY[-5:]),
    ],
)
def test_a_range_is_streamed_through(client, asked, part):
    response = client.get(URL, headers={"Range": f"bytes={asked}"})

    assert (response.status_code, response.data) == (206, part)
    assert response.headers["Content-Range"].endswith(f"/{len(BODY)}")


@pytest.mark.parametrize("asked", ["300000-", "0-1,4-5"])
def test_a_range_that_is_not_there_is_refused(client, asked):
    assert client.get(URL, headers={"Range": f"bytes={asked}"}).status_code == 416


def test_an_empty_file_is_whole(client):
    save(client, "empty.txt", b"")

    response = client.get("/_uploads/files/empty.txt", headers={"Range": "bytes=0-"})

    assert (response.status_code, response.data) == (200, b"")


@pytest.mark.parametrize("redirect", [False, True])
@pytest.mark.parametrize("name", ["none.jpg", "ada", "ada/", "../of-ours/ada/cat.jpg", "x" * 1100])
def test_a_missing_key_is_a_404(client, name, redirect):
    client.application.config["UPLOADS_REDIRECT"] = redirect

    assert client.get(f"/_uploads/files/{name}").status_code == 404


def test_its_digest_is_the_tag_and_what_is_known_is_not_sent_again(client):
    told = client.head(URL)

    again = client.get(URL, headers={"If-None-Match": told.headers["ETag"]})

    assert (told.content_length, told.data) == (len(BODY), b"")
    assert (again.status_code, again.data) == (304, b"")


class Changing(S3Store):
    """A bucket where a file is replaced after it was looked at."""

    def open(self, key, start=0, stop=None):
        if client := vars(self).pop("raw", None):
            client.put_object(Bucket=self.bucket, Key=self.prefix + key, Body=b"another")
        return super().open(key, start, stop)


def test_a_file_replaced_while_it_is_looked_at_is_sent_as_one(destination, seaweed):
    store = Changing.at(destination)
    client = served(UploadSet("files", ALL, store=store))
    save(client, "cat.jpg", BODY, folder="ada")
    store.raw = seaweed.client()

    response = client.get(URL, headers={"Range": "bytes=-3"})

    assert (response.data, response.headers["Content-Range"]) == (b"her", "bytes 4-6/7")


def test_no_connection_stays_open_when_clients_leave(client):
    client.get(URL)
    before = len(os.listdir("/proc/self/fd"))

    responses = [client.get(URL, buffered=False) for _ in range(5)]
    for response in responses:
        next(response.iter_encoded())
        response.close()

    assert len(os.listdir("/proc/self/fd")) <= before


@pytest.mark.parametrize(
    "size", [48 * MIB, pytest.param(512 * MIB, marks=pytest.mark.slow, id="half-a-gigabyte")]
)
def test_an_original_is_streamed_in_pieces(client, size):
    save(client, "big.bin", bytes(size))
    tracemalloc.start()
    try:
        response = client.get("/_uploads/files/big.bin", buffered=False)
        length = sum(map(len, response.iter_encoded()))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert length == size
    assert peak < 16 * MIB


def test_a_signed_url_streams_as_well(client):
    with client.application.test_request_context():
        url = signed_url("files", "ada/cat.jpg")

    assert client.get(url).data == BODY


def test_no_web_server_is_told_of_a_path_that_it_does_not_have(client):
    client.application.config.update(UPLOADS_ACCEL="/protected/", USE_X_SENDFILE=True)

    response = client.get(URL)

    assert response.data == BODY
    assert not {"X-Accel-Redirect", "X-Sendfile"} & {*response.headers.keys()}


def test_a_redirect_leads_to_the_file_and_lets_it_be_shown(client):
    headers, body = followed(client, "ada/cat.jpg")

    assert body == BODY
    assert headers["Content-Type"] == "image/jpeg"
    assert "attachment" not in headers.get("Content-Disposition", "")


@pytest.mark.parametrize("name", ["a.svg", "a.html", "写真.zip"])
def test_a_redirect_has_stored_what_is_not_to_be_shown(client, name):
    save(client, name, b"<svg onload='alert(1)'/>")

    headers, _ = followed(client, name)

    assert headers["Content-Disposition"] == f"attachment; filename*=UTF-8''{quote(name)}"


def test_a_redirect_stores_a_picture_under_another_name_if_told(client):
    headers, _ = followed(client, "ada/cat.jpg", download=True, download_name="My 写真.jpg")

    name = quote("My 写真.jpg")
    assert headers["Content-Disposition"] == f"attachment; filename*=UTF-8''{name}"


def test_a_redirect_shows_nothing_but_what_the_name_says(client):
    save(client, "page.jpg", b"<html><script>alert(1)</script>")

    headers, _ = followed(client, "page.jpg")

    assert headers["Content-Type"] == "image/jpeg"


def test_a_range_is_kept_across_a_redirect(client):
    url = redirected(client, "ada/cat.jpg").location
    request = urllib.request.Request(url, headers={"Range": "bytes=0-3"})

    with urllib.request.urlopen(request, timeout=10) as answer:
        assert (answer.status, answer.read()) == (206, BODY[:4])


def test_no_cache_keeps_a_redirect_that_expires(client):
    response = redirected(client, "ada/cat.jpg", authorise=lambda *_: True)

    assert response.status_code == 302
    assert response.cache_control.no_store and response.cache_control.private
    assert "X-Amz-Expires=300" in response.location


def test_nobody_is_redirected_who_may_not_have_the_file(client):
    client.application.config.update(UPLOADS_REDIRECT=True, UPLOADS_AUTHORISE=lambda *_: False)

    assert client.get(URL).status_code == 404


def test_head_is_answered_here_since_the_redirect_is_signed_for_get(client):
    client.application.config["UPLOADS_REDIRECT"] = True

    response = client.head(URL)

    assert (response.status_code, response.content_length) == (200, len(BODY))


def served(files, **settings):
    """A client of an application that serves a set to everybody."""
    app = Flask(__name__)
    app.config.update(settings, UPLOADS_AUTOSERVE=True, UPLOADS_SIGNED=True, SECRET_KEY="a key")
    configure_uploads(app, files)
    app.files = files
    return app.test_client()


def save(client, name, body, folder=None):
    with client.application.app_context():
        client.application.files.save(FileStorage(io.BytesIO(body), name), folder)


def redirected(client, name, **options):
    client.application.config["UPLOADS_REDIRECT"] = True
    with client.application.test_request_context():
        return deliver("files", name, **options)


def followed(client, name, **options):
    """What the bucket itself answers."""
    url = redirected(client, name, **options).location
    with urllib.request.urlopen(url, timeout=10) as answer:
        return answer.headers, answer.read()
