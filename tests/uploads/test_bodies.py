"""What a view sees of a body that arrived whole, and of one that did not."""

import io
import os
import socket
import threading

import pytest
from flask import Flask, Request, request
from werkzeug.serving import make_server

from gallery.uploads import ALL, Spool, UploadRequest, UploadSet

from .support import BOUNDARY, JPEG, MULTIPART, form, listing, make_app, make_upload_app

LARGE = os.urandom(1_000_000)


@pytest.fixture
def app(tmp_path):
    return make_upload_app(tmp_path, UploadSet("photos", ALL), request_class=UploadRequest)


def post(app: Flask, body: bytes, length: int | None = None, terminated: bool = False):
    """As servers pass a body on: some cut it at Content-Length, some end it themselves."""
    facts = {"CONTENT_LENGTH": str(len(body) if length is None else length)}
    if terminated:
        facts["wsgi.input_terminated"] = True
    return app.test_client().post("/", data=body, content_type=MULTIPART, environ_overrides=facts)


@pytest.mark.parametrize("terminated", [True, False])
@pytest.mark.parametrize("body", [b"", JPEG, LARGE], ids=["empty", "small", "large"])
def test_a_whole_body_is_saved_byte_for_byte(app, tmp_path, body, terminated):
    assert post(app, form(("cat.jpg", body)), terminated=terminated).json == ["cat.jpg"]
    assert (tmp_path / "cat.jpg").read_bytes() == body


def test_the_file_of_a_view_is_a_spool_that_was_hashed_on_its_way(tmp_path):
    app = make_app(request_class=UploadRequest, UPLOADS_STAGING=tmp_path)

    @app.post("/")
    def create():
        stream = request.files["photo"].stream
        return [isinstance(stream, Spool), stream.size, stream.tell()]

    assert post(app, form(("a.bin", LARGE))).json == [True, len(LARGE), 0]


def test_the_request_is_a_mix_in_too(tmp_path):
    class Own(UploadRequest, Request):
        pass

    app = make_upload_app(tmp_path, UploadSet("photos", ALL), request_class=Own)

    assert post(app, form(("cat.jpg", JPEG))).json == ["cat.jpg"]


@pytest.mark.parametrize("terminated", [True, False])
@pytest.mark.parametrize("kept", [0.0, 0.05, 0.5, 0.999])
def test_a_cut_body_is_refused_and_leaves_nothing(app, tmp_path, kept, terminated):
    body = form(("a.jpg", LARGE), ("b.jpg", JPEG))

    response = post(app, body[: int(len(body) * kept)], len(body), terminated)

    assert response.status_code == 400 and "did not arrive whole" in response.text
    assert (app.seen, listing(tmp_path)) == ([], [])


def test_every_place_to_cut_a_body_is_noticed(app, tmp_path):
    body = form(("a.jpg", b"--a-boundary\r\n"), ("b.jpg", b"\r\n--a-bound"))
    end = len(body) - len("--\r\n")

    for length in range(1, end):
        assert post(app, body[:length], terminated=True).status_code == 400
    assert (app.seen, listing(tmp_path)) == ([], [])


def test_werkzeug_alone_would_show_the_view_no_files(tmp_path):
    app = make_upload_app(tmp_path, UploadSet("photos", ALL), request_class=Request)

    assert post(app, form(("a.jpg", JPEG))[:-9], terminated=True).json == []


def test_a_body_with_its_boundary_but_shorter_than_announced_is_refused(app, tmp_path):
    body = form(("a.jpg", JPEG))

    assert post(app, body, len(body) + 1, terminated=True).status_code == 400
    assert listing(tmp_path) == []


@pytest.mark.parametrize("mimetype", ["multipart/form-data", "multipart/form-data; boundary=é"])
def test_a_body_without_a_usable_boundary_is_refused(app, mimetype):
    response = app.test_client().post("/", data=form(("a.jpg", JPEG)), content_type=mimetype)

    assert (response.status_code, app.seen) == (400, [])


class ChunkMissingTerminator(Exception):
    """What a server of our time raises; it is no OSError."""


@pytest.mark.parametrize("error", [ConnectionResetError, ChunkMissingTerminator])
def test_a_server_that_raises_for_a_broken_connection_is_a_400_too(app, tmp_path, error):
    class Broken(io.BytesIO):
        def read(self, size=-1):
            raise error

    facts = {"wsgi.input": Broken(), "wsgi.input_terminated": True}

    response = app.test_client().post("/", content_type=MULTIPART, environ_overrides=facts)

    assert (response.status_code, app.seen, listing(tmp_path)) == (400, [], [])


def test_a_cut_form_of_fields_is_refused_too(tmp_path):
    app = make_app(request_class=UploadRequest)
    app.add_url_rule("/", "create", lambda: request.form["a"], methods=["POST"])
    facts = {"CONTENT_LENGTH": "99", "wsgi.input_terminated": True}

    response = app.test_client().post(
        "/",
        data=b"a=1&b=",
        content_type="application/x-www-form-urlencoded",
        environ_overrides=facts,
    )

    assert response.status_code == 400


def test_a_raw_body_is_left_to_the_view():
    app = make_app(request_class=UploadRequest)
    app.add_url_rule("/", "create", lambda: request.get_data(), methods=["PUT"])

    assert app.test_client().put("/", data=JPEG, content_type="image/jpeg").data == JPEG


def test_a_second_look_at_the_files_of_a_cut_body_fails_again(tmp_path):
    app = make_app(request_class=UploadRequest)
    seen = []

    @app.post("/")
    def create():
        try:
            request.files.get("photo")
        except Exception as error:
            seen.append(error.code)
        return str(len(request.files))

    assert post(app, form(("a.jpg", JPEG))[:-9], terminated=True).status_code == 400
    assert seen == [400]


def test_nine_hundred_small_files_take_hardly_a_descriptor(tmp_path):
    app = make_app(request_class=UploadRequest, UPLOADS_STAGING=tmp_path)
    before = len(os.listdir("/proc/self/fd"))

    @app.post("/")
    def create():
        return [len(request.files.getlist("photo")), len(os.listdir("/proc/self/fd"))]

    count, open_now = post(app, form(*[("a.jpg", JPEG)] * 900)).json

    assert count == 900 and open_now - before < 10


def test_a_request_lets_go_of_its_descriptors(app, tmp_path):
    before = len(os.listdir("/proc/self/fd"))

    for _ in range(3):
        post(app, form(*[("a.jpg", LARGE)] * 3))
        post(app, form(*[("a.jpg", LARGE)] * 3)[:-9], terminated=True)

    assert len(os.listdir("/proc/self/fd")) <= before + 1


def test_a_small_limit_for_fields_does_not_forbid_files(tmp_path):
    app = make_upload_app(
        tmp_path, UploadSet("photos", ALL), request_class=UploadRequest, MAX_FORM_MEMORY_SIZE=1000
    )

    assert post(app, form(("a.jpg", LARGE))).json == ["a.jpg"]


def test_a_field_over_its_limit_is_a_413(app):
    field = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="a"\r\n\r\n'.encode()
    body = field + bytes(600_000) + f"\r\n--{BOUNDARY}--\r\n".encode()

    assert post(app, body).status_code == 413


def test_a_connection_that_breaks_leaves_nothing(app, tmp_path):
    server = make_server("127.0.0.1", 0, app, threaded=True)
    threading.Thread(target=server.serve_forever).start()
    body = form(("a.jpg", LARGE))
    head = f"POST / HTTP/1.0\r\nContent-Type: {MULTIPART}\r\nContent-Length: {len(body)}\r\n\r\n"

    with socket.create_connection(server.server_address) as client:
        client.sendall(head.encode() + body[: len(body) // 2])
        client.shutdown(socket.SHUT_WR)
        answer = client.makefile("rb").readline()
    server.shutdown()
    server.server_close()

    assert b" 400 " in answer
    assert (app.seen, listing(tmp_path)) == ([], [])
