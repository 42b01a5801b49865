"""How a saved file is answered with: by autoserve, and by deliver() in a view."""

import datetime as dt
import os
import tracemalloc
from pathlib import Path
from urllib.parse import quote, unquote

import pytest
from werkzeug.http import http_date

from gallery.uploads import ALL, LocalStore, UploadConfiguration, UploadSet, deliver

from .support import JPEG, make_app, upload

BODY = b"0123456789"
URL = "/_uploads/files/cat.jpg"
AGE = 1_700_000_000  # when it was last modified
BEFORE, THEN, AFTER = (http_date(AGE + seconds) for seconds in (-1, 0, 1))
MIB = 1024 * 1024


@pytest.fixture
def client(tmp_path):
    app = autoserved(tmp_path)
    with app.app_context():
        for name in ("cat.jpg", "a.svg", "a.html", "a.txt", "a.pdf", "a.mp4", "a.zip", "写真.png"):
            app.files.save(upload(name, BODY))
    os.utime(tmp_path / "cat.jpg", (AGE, AGE))
    return app.test_client()


@pytest.mark.parametrize(
    ("name", "type"),
    [
        ("cat.jpg", "image/jpeg"),
        ("a.txt", "text/plain; charset=utf-8"),
        ("a.pdf", "application/pdf"),
        ("a.mp4", "video/mp4"),
        ("写真.png", "image/png"),
    ],
)
def test_pictures_films_texts_and_papers_are_shown(client, name, type):
    response = client.get(f"/_uploads/files/{name}")

    assert response.headers["Content-Type"] == type
    assert response.headers["Content-Disposition"].startswith("inline")
    assert "Content-Security-Policy" not in response.headers


@pytest.mark.parametrize("name", ["a.svg", "a.html", "a.zip"])
def test_everything_else_is_an_attachment_in_a_sandbox(client, name):
    response = client.get(f"/_uploads/files/{name}")

    assert response.headers["Content-Disposition"].startswith("attachment")
    assert response.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"


@pytest.mark.parametrize("name", ["A.SVG", "a.svgz", "a.xhtml", "a.xml", "a.js", "a.jpg.html", "a"])
def test_no_other_extension_is_shown(tmp_path, name):
    (tmp_path / name).write_bytes(BODY)

    response = autoserved(tmp_path).test_client().get(f"/_uploads/files/{name}")

    assert response.headers["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize("settings", [{}, {"UPLOADS_ACCEL": "/p/"}, {"USE_X_SENDFILE": True}])
@pytest.mark.parametrize("asked", [{}, {"Range": "bytes=1-"}, {"If-None-Match": "*"}])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_no_answer_lets_a_browser_guess_the_type(client, settings, asked, method):
    client.application.config.update(settings)

    response = client.open(URL, method=method, headers=asked)

    assert response.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    ("asked", "body", "told"),
    [
        ("0-3", b"0123", "0-3"),
        ("5-", b"56789", "5-9"),
        ("0-", BODY, "0-9"),
        ("9-9", b"9", "9-9"),
        ("8-99", b"89", "8-9"),
        (f"8-{'9' * 4000}", b"89", "8-9"),
        ("-2", b"89", "8-9"),
        ("-11", BODY, "0-9"),
    ],
)
def test_one_range_is_answered(client, asked, body, told):
    response = client.get(URL, headers={"Range": f"bytes={asked}"})

    assert (response.status_code, response.data) == (206, body)
    assert response.content_length == len(body)
    assert response.headers["Content-Range"] == f"bytes {told}/10"


@pytest.mark.parametrize(
    "asked",
    [
        "0-1,4-5",
        "10-",
        "99-100",
        "-0",
        "5-3",
        "",
        "-",
        "x",
        "1-x",
        f"{'9' * 5000}-",
        "0-0," * 50_000,
    ],
)
def test_several_ranges_and_impossible_ones_are_refused(client, asked):
    response = client.get(URL, headers={"Range": f"bytes={asked}"})

    assert response.status_code == 416
    assert response.headers["Content-Range"] == "bytes */10"


def test_a_range_in_another_unit_is_overlooked(client):
    response = client.get(URL, headers={"Range": "items=0-3"})

    assert (response.status_code, response.data) == (200, BODY)


@pytest.mark.parametrize("asked", ["0-", "-5", "3-4"])
def test_an_empty_file_has_no_ranges(tmp_path, asked):
    (tmp_path / "cat.jpg").touch()

    response = autoserved(tmp_path).test_client().get(URL, headers={"Range": f"bytes={asked}"})

    assert (response.status_code, response.data, response.content_length) == (200, b"", 0)


@pytest.mark.parametrize(
    ("name", "value", "status"),
    [
        ("If-None-Match", "{tag}", 304),
        ("If-None-Match", '"other", W/{tag}', 304),
        ("If-None-Match", "*", 304),
        ("If-None-Match", '"other"', 200),
        ("If-Match", "{tag}", 200),
        ("If-Match", "*", 200),
        ("If-Match", "W/{tag}", 412),
        ("If-Match", '"other"', 412),
        ("If-Modified-Since", BEFORE, 200),
        ("If-Modified-Since", THEN, 304),
        ("If-Modified-Since", "yesterday", 200),
        ("If-Unmodified-Since", BEFORE, 412),
        ("If-Unmodified-Since", THEN, 200),
    ],
)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_condition_is_kept(client, method, name, value, status):
    tag = client.get(URL).headers["ETag"]

    response = client.open(URL, method=method, headers={name: value.format(tag=tag)})

    assert response.status_code == status


@pytest.mark.parametrize(
    ("conditions", "status"),
    [
        ({"If-None-Match": '"other"', "If-Modified-Since": AFTER}, 200),
        ({"If-Match": "*", "If-Unmodified-Since": BEFORE}, 200),
        ({"If-Match": "*", "If-None-Match": "*"}, 304),
        ({"If-Match": '"other"', "If-None-Match": "*"}, 412),
        ({"If-None-Match": "*", "Range": "bytes=0-3"}, 304),
        ({"If-Match": '"other"', "Range": "bytes=0-3"}, 412),
    ],
)
def test_tags_come_before_dates_and_both_before_ranges(client, conditions, status):
    assert client.get(URL, headers=conditions).status_code == status


@pytest.mark.parametrize(
    ("known", "status"),
    [("{tag}", 206), (THEN, 206), ("W/{tag}", 200), ('"other"', 200), (AFTER, 200), (BEFORE, 200)],
)
def test_a_part_is_only_added_to_the_same_file(client, known, status):
    tag = client.get(URL).headers["ETag"]

    response = client.get(URL, headers={"Range": "bytes=0-3", "If-Range": known.format(tag=tag)})

    assert response.status_code == status


def test_an_unchanged_file_is_not_sent_again(client):
    first = client.get(URL)

    again = client.get(URL, headers={"If-None-Match": first.headers["ETag"]})

    assert (again.status_code, again.data, again.content_length) == (304, b"", None)
    assert again.headers["ETag"] == first.headers["ETag"]
    assert first.headers["Last-Modified"] == THEN


@pytest.mark.parametrize("asked", [{}, {"Range": "bytes=0-3"}])
def test_head_tells_of_the_whole_file_and_sends_nothing(client, asked):
    told, sent = client.head(URL, headers=asked), client.get(URL)

    assert (told.status_code, told.data) == (200, b"")
    assert told.content_length == 10
    assert told.headers["Accept-Ranges"] == "bytes"
    assert {**told.headers, "Date": ""} == {**sent.headers, "Date": ""}


def test_a_known_digest_is_the_tag(client):
    digest = "ab" * 32

    assert delivered(client, sha256=digest).get_etag() == (digest, False)
    assert delivered(client, sha256="").get_etag()[0]


@pytest.mark.parametrize(
    "path",
    ["files/none.jpg", "other/cat.jpg", "files/", "files/a/../cat.jpg", "files/a%00b.jpg", "f-s/a"],
)
def test_what_is_not_there_is_a_404(client, path):
    assert client.get(f"/_uploads/{path}").status_code == 404


def test_only_reading_is_offered(client):
    assert client.post(URL, data=JPEG).status_code == 405


def test_a_private_set_is_not_autoserved_but_delivered(tmp_path):
    app = autoserved(tmp_path, UPLOADED_FILES_PRIVATE=True)
    (tmp_path / "cat.jpg").write_bytes(BODY)

    assert app.test_client().get(URL).status_code == 404
    assert delivered(app.test_client()).status_code == 200


def test_a_set_with_a_configuration_of_its_own_is_delivered_from_there(tmp_path):
    files = autoserved(tmp_path / "elsewhere").files
    files._config = UploadConfiguration(tmp_path)
    (tmp_path / "cat.jpg").write_bytes(BODY)
    app = make_app(UploadSet("other"), UPLOADED_OTHER_DEST=tmp_path / "other")

    assert delivered(app.test_client(), uset=files).get_data() == BODY


@pytest.mark.parametrize("settings", [{}, {"UPLOADS_ACCEL": "/p/"}, {"USE_X_SENDFILE": True}])
@pytest.mark.parametrize("path", ["link.txt", "folder/a.txt", "folder", "dangling.txt", ".a.txt"])
def test_no_symlink_folder_or_hidden_file_is_served(tmp_path, path, settings):
    folder, outside = tmp_path / "in", tmp_path / "out"
    for each in (folder, outside):
        each.mkdir()
        (each / ".a.txt").write_bytes(BODY)
    (outside / "a.txt").write_bytes(BODY)
    (folder / "link.txt").symlink_to(outside / "a.txt")
    (folder / "folder").symlink_to(outside)
    (folder / "dangling.txt").symlink_to(outside / "none")

    client = autoserved(folder, **settings).test_client()

    assert client.get(f"/_uploads/files/{path}").status_code == 404


class Changing(LocalStore):
    """A folder where something happens to a file after it was looked at."""

    changes: list

    def open(self, key, start=0, stop=None):
        if self.changes:
            self.changes.pop()(os.path.join(self.root, key))
        return super().open(key, start, stop)


def changing(folder, *changes):
    (folder / "cat.jpg").write_bytes(BODY)
    store = Changing(folder)
    store.changes = list(changes)
    return make_app(UploadSet("files", ALL, store=store), UPLOADS_AUTOSERVE=True).test_client()


def replace(path):
    newer = Path(f"{path}.new")
    newer.write_bytes(b"another, and longer")
    newer.replace(path)


@pytest.mark.parametrize(("asked", "sent"), [("0-", b"another, and longer"), ("-6", b"longer")])
def test_a_file_replaced_while_it_is_looked_at_is_sent_as_one(tmp_path, asked, sent):
    response = changing(tmp_path, replace).get(URL, headers={"Range": f"bytes={asked}"})

    assert (response.data, response.content_length) == (sent, len(sent))
    assert response.headers["Content-Range"].endswith("/19")


def test_a_file_deleted_while_it_is_looked_at_is_gone(tmp_path):
    assert changing(tmp_path, os.unlink).get(URL).status_code == 404


def test_a_file_that_never_rests_is_not_sent_in_a_mixture(tmp_path):
    response = changing(tmp_path, *[replace] * 9).get(URL)

    assert response.status_code == 503


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize(
    "asked",
    [{}, {"Range": "bytes=0-3"}, {"Range": "bytes=99-"}, {"If-None-Match": "*"}, {"If-Match": "-"}],
)
def test_no_file_stays_open_when_the_client_leaves(client, method, asked):
    client.open(URL, method=method, headers=asked).close()  # what is read once is left open
    before = len(os.listdir("/proc/self/fd"))

    responses = [client.open(URL, method=method, headers=asked, buffered=False) for _ in range(5)]
    for response in responses:
        response.close()

    assert len(os.listdir("/proc/self/fd")) == before


def test_no_replaced_file_stays_open(tmp_path):
    client = changing(tmp_path, *[replace] * 9)
    before = len(os.listdir("/proc/self/fd"))

    client.get(URL)

    assert len(os.listdir("/proc/self/fd")) == before


@pytest.mark.parametrize(
    "size", [64 * MIB, pytest.param(1024 * MIB, marks=pytest.mark.slow, id="a-gigabyte")]
)
@pytest.mark.parametrize("asked", [{}, {"Range": "bytes=1-"}])
def test_an_original_is_served_in_pieces(client, tmp_path, size, asked):
    os.truncate(tmp_path / "cat.jpg", size)
    tracemalloc.start()
    try:
        response = client.get(URL, headers=asked, buffered=False)
        length = sum(map(len, response.iter_encoded()))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert length == response.content_length
    assert peak < 16 * MIB


def test_a_name_in_any_script_is_told_to_the_browser(client):
    response = client.get("/_uploads/files/写真.png")

    assert f"filename*=UTF-8''{quote('写真.png')}" in response.headers["Content-Disposition"]


@pytest.mark.parametrize(
    "name", ['a\r\nSet-Cookie: x=y".jpg', "a\0\x1b\x7f\x85\u2028.jpg", "\ud800"]
)
def test_no_name_breaks_out_of_its_header(client, name):
    response = delivered(client, download_name=name)

    assert "Set-Cookie" not in response.headers
    assert response.headers["Content-Disposition"].isprintable()


def test_no_name_turns_its_extension_around(client):
    response = delivered(client, download_name="a\u202egpj.exe")

    assert "filename=a_gpj.exe" in response.headers["Content-Disposition"]


def test_a_picture_can_be_had_as_an_attachment_under_another_name(client):
    response = delivered(client, download=True, download_name="My cat.jpg")

    assert response.headers["Content-Disposition"] == 'attachment; filename="My cat.jpg"'
    assert response.headers["Content-Type"] == "image/jpeg"


STRANGE = ("写真.jpg", "a b.jpg", "100%25.jpg", "a\r\nX-Evil: 1.jpg", "a?b#c.jpg", "ada/cat.jpg")


@pytest.mark.parametrize("name", STRANGE)
@pytest.mark.parametrize(
    ("header", "settings", "above"),
    [
        ("X-Accel-Redirect", {"UPLOADS_ACCEL": "/kept here"}, "/kept here/files"),
        ("X-Sendfile", {"USE_X_SENDFILE": True}, None),
    ],
)
def test_the_web_server_is_told_the_quoted_path(tmp_path, name, header, settings, above):
    path = tmp_path / "a folder" / name
    path.parent.mkdir(parents=True)
    path.write_bytes(BODY)

    response = delivered(autoserved(tmp_path / "a folder", **settings).test_client(), name)

    assert response.headers[header].isascii() and response.headers[header].isprintable()
    assert unquote(response.headers[header]) == f"{above or tmp_path / 'a folder'}/{name}"
    assert response.get_data() == b""


@pytest.mark.parametrize("asked", ["If-None-Match", "If-Match", "Range", "If-Modified-Since"])
def test_the_web_server_judges_by_its_own_tag(client, asked):
    client.application.config["UPLOADS_ACCEL"] = "/protected/"

    response = client.get(URL, headers={asked: '"its tag"'})

    assert response.status_code == 200
    assert response.headers["X-Accel-Redirect"] == "/protected/files/cat.jpg"
    assert "ETag" not in response.headers


def test_the_application_sends_the_bytes_by_default(client):
    response = client.get(URL)

    assert response.data == BODY
    assert not {"X-Accel-Redirect", "X-Sendfile", "Location"} & {*response.headers.keys()}


def test_nothing_is_redirected_to_a_folder(client):
    client.application.config["UPLOADS_REDIRECT"] = True

    assert client.get(URL).data == BODY


def test_who_may_not_have_it_does_not_learn_that_it_is_there(client):
    client.application.config["UPLOADS_AUTHORISE"] = lambda name, filename: filename == "a.txt"

    refused, missing = client.get(URL), client.get("/_uploads/files/none.jpg")

    assert client.get("/_uploads/files/a.txt").data == BODY
    assert refused.status_code == missing.status_code == 404
    assert refused.data == missing.data


def test_the_authorisation_of_a_view_comes_before_the_applications(client):
    client.application.config["UPLOADS_AUTHORISE"] = lambda *_: False

    assert delivered(client, authorise=lambda *_: True).status_code == 200


def test_only_what_was_authorised_is_private(client):
    assert str(delivered(client).cache_control) == "no-cache"
    assert delivered(client, authorise=lambda *_: True).cache_control.private


def test_caches_follow_the_applications_setting(client):
    client.application.config["SEND_FILE_MAX_AGE_DEFAULT"] = dt.timedelta(minutes=1)

    allowed = delivered(client, authorise=lambda *_: True).cache_control

    assert {*delivered(client).cache_control} == {"public", "max-age"}
    assert {*allowed} == {"private", "max-age"}


def autoserved(folder, **settings):
    """An application that serves a set, its ``files``, from a folder to everybody."""
    files = UploadSet("files", ALL)
    app = make_app(files, UPLOADED_FILES_DEST=folder, UPLOADS_AUTOSERVE=True, **settings)
    app.files = files
    return app


def delivered(client, name="cat.jpg", uset="files", **options):
    """What a view gets that delivers a file, read to its end."""
    with client.application.test_request_context(), deliver(uset, name, **options) as response:
        response.direct_passthrough = False
        response.make_sequence()
    return response
