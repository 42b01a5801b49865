"""How a saved file is answered with by autoserve."""

import pytest

from gallery.uploads import ALL, UploadSet

from .support import JPEG, make_app, upload


@pytest.fixture
def client(tmp_path):
    files = UploadSet("files", ALL)
    app = make_app(files, UPLOADED_FILES_DEST=tmp_path, UPLOADS_AUTOSERVE=True)
    with app.app_context():
        for name in ("cat.jpg", "a.svg", "a.html", "a.txt", "a.pdf", "a.mp4", "a.zip", "写真.png"):
            files.save(upload(name, b"0123456789"))
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
    assert response.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("name", ["a.svg", "a.html", "a.zip"])
def test_everything_else_is_an_attachment_in_a_sandbox(client, name):
    response = client.get(f"/_uploads/files/{name}")

    assert response.headers["Content-Disposition"].startswith("attachment")
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"


@pytest.mark.parametrize(
    ("asked", "status", "body"),
    [("0-3", 206, b"0123"), ("-2", 206, b"89"), ("5-", 206, b"56789"), ("0-1,4-5", 416, None)],
)
def test_one_range_is_answered_and_several_are_not(client, asked, status, body):
    response = client.get("/_uploads/files/cat.jpg", headers={"Range": f"bytes={asked}"})

    assert response.status_code == status
    assert body is None or response.data == body


def test_an_unchanged_file_is_not_sent_again(client):
    first = client.get("/_uploads/files/cat.jpg")

    again = client.get("/_uploads/files/cat.jpg", headers={"If-None-Match": first.headers["ETag"]})

    assert (first.content_length, again.status_code, again.data) == (10, 304, b"")


@pytest.mark.parametrize(
    "path", ["files/none.jpg", "other/cat.jpg", "files/", "files/a/../cat.jpg"]
)
def test_what_is_not_there_is_a_404(client, path):
    assert client.get(f"/_uploads/{path}").status_code == 404


def test_only_reading_is_offered(client):
    assert client.post("/_uploads/files/cat.jpg", data=JPEG).status_code == 405
