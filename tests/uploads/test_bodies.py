"""What a view sees of a body that arrived whole, and of one that did not."""

import base64
import contextlib
import hashlib
import io
import os
import random
import socket
import threading

import pytest
from flask import Flask, Request, request
from werkzeug.serving import make_server

from gallery.uploads import ALL, Spool, UploadRequest, UploadSet

from .support import BOUNDARY, JPEG, MULTIPART, form, listing, make_app, make_upload_app

LARGE = random.Random(3).randbytes(1_000_000)  # the same in every process of the run


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


def digest_of(body: bytes) -> str:
    return f"sha-256=:{base64.b64encode(hashlib.sha256(body).digest()).decode()}:"


def part(body: bytes, **headers: str) -> bytes:
    """A form of one file whose part has further headers."""
    lines = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
    return form(("cat.jpg", body)).replace(b"\r\n\r\n", f"\r\n{lines}\r\n".encode(), 1)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Content_Digest": digest_of(JPEG)}, 200),
        ({"Content_Digest": f"md5=:00:, {digest_of(JPEG)}"}, 200),
        ({"Content_Digest": "sha-512=:AAAA:"}, 200),
        ({"Content_Digest": digest_of(b"other")}, 400),
        ({"Content_Digest": "sha-256=nonsense"}, 400),
        ({"Content_Length": str(len(JPEG))}, 200),
        ({"Content_Length": str(len(JPEG) + 1)}, 400),
        ({"Content_Length": str(len(JPEG) - 1)}, 400),
    ],
)
def test_a_part_is_held_against_its_own_headers(app, tmp_path, headers, status):
    assert post(app, part(JPEG, **headers)).status_code == status
    assert listing(tmp_path) == (["cat.jpg"] if status == 200 else [])


@pytest.mark.parametrize(("other", "status"), [(b"", 200), (b"!", 400)])
def test_a_whole_form_is_held_against_its_digest(app, tmp_path, other, status):
    body = form(("cat.jpg", LARGE))

    response = app.test_client().post(
        "/",
        data=body,
        content_type=MULTIPART,
        headers={"Content-Digest": digest_of(body + other)},
    )

    assert response.status_code == status
    assert listing(tmp_path) == (["cat.jpg"] if status == 200 else [])


def test_a_servers_stream_needs_no_more_than_read(tmp_path):
    class Stream:
        read = io.BytesIO(LARGE * 3).read

    app = make_app(request_class=UploadRequest, UPLOADS_STAGING=tmp_path)

    with app.test_request_context("/", method="PUT"):
        request.environ |= {"wsgi.input": Stream(), "wsgi.input_terminated": True}
        with contextlib.closing(request.raw_file("a.bin")) as file:
            assert file.stream.sha256 == hashlib.sha256(LARGE * 3).hexdigest()


@pytest.mark.parametrize(
    ("length", "digest", "status"),
    [
        (len(LARGE), digest_of(LARGE), 200),
        (len(LARGE), None, 200),
        (len(LARGE) + 1, None, 400),
        (len(LARGE), digest_of(JPEG), 400),
    ],
)
def test_a_raw_body_becomes_a_file_if_it_is_whole(tmp_path, length, digest, status):
    uset = UploadSet("photos", ALL)
    app = make_app(uset, request_class=UploadRequest, UPLOADED_PHOTOS_DEST=tmp_path)

    @app.put("/<name>")
    def create(name):
        return uset.save(request.raw_file(name)).sha256

    response = app.test_client().put(
        "/cat.bin",
        data=LARGE,
        headers={"Content-Digest": digest} if digest else {},
        environ_overrides={"CONTENT_LENGTH": str(length), "wsgi.input_terminated": True},
    )

    assert response.status_code == status
    if status == 200:
        assert response.text == hashlib.sha256(LARGE).hexdigest()
    assert listing(tmp_path) == (["cat.bin"] if status == 200 else [])


def test_the_headers_of_all_parts_are_counted(app):
    padding = {f"X_{number}": "x" * 4000 for number in range(5)}

    assert post(app, part(JPEG, **padding)).status_code == 200
    many = part(JPEG, **padding)[: -len(f"--{BOUNDARY}--\r\n")] * 40
    assert post(app, many + f"--{BOUNDARY}--\r\n".encode()).status_code == 413


@pytest.mark.parametrize("headers", [{"X_Long": "x" * 9000}, {f"X_{n}": "" for n in range(20)}])
def test_too_many_or_too_long_headers_of_a_part_are_a_413(app, headers):
    assert post(app, part(JPEG, **headers)).status_code == 413


def test_fields_are_held_against_the_limit_together(app):
    field = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="a"\r\n\r\n'.encode()
    body = (field + bytes(90_000) + b"\r\n") * 6 + f"--{BOUNDARY}--\r\n".encode()

    assert post(app, body).status_code == 413


def test_a_form_without_files_is_held_against_the_limit(app):
    kind = "application/x-www-form-urlencoded"

    response = app.test_client().post("/", data=b"a=" + bytes(600_000), content_type=kind)

    assert response.status_code == 413


def test_too_many_parts_are_a_413(app):
    assert post(app, form(*[("a.jpg", b"")] * 1001)).status_code == 413


@pytest.mark.parametrize(
    "disposition",
    [
        'form-data; name="photo"; filename="写真.jpg"',
        "form-data; name=photo; filename*=UTF-8''%E5%86%99%E7%9C%9F.jpg",
    ],
)
def test_either_way_of_writing_a_name_is_understood(app, disposition):
    body = form(("cat.jpg", JPEG)).replace(
        b'form-data; name="photo"; filename="cat.jpg"', disposition.encode()
    )

    assert post(app, body).json == ["写真.jpg"]


def test_fields_come_beside_files_in_their_own_charset(tmp_path):
    app = make_app(request_class=UploadRequest, UPLOADS_STAGING=tmp_path)
    app.add_url_rule("/", "create", lambda: request.form.to_dict(flat=False), methods=["POST"])
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{{}}"\r\n{{}}\r\n'
    latin = "Content-Type: text/plain; charset=iso-8859-1\r\n"
    fields = [("a", "", "né".encode()), ("a", "", b""), ("b", latin, "né".encode("latin-1"))]
    body = b"".join(head.format(*each[:2]).encode() + each[2] + b"\r\n" for each in fields)

    assert post(app, body + form(("cat.jpg", JPEG))).json == {"a": ["né", ""], "b": ["né"]}


def test_many_middling_files_take_neither_memory_nor_descriptors(tmp_path):
    app = make_app(request_class=UploadRequest, UPLOADS_STAGING=tmp_path)
    bodies = [bytes([number % 256]) * 250_000 for number in range(200)]
    before = len(os.listdir("/proc/self/fd"))

    @app.post("/")
    def create():
        files = request.files.getlist("photo")
        held = sum(len(file.stream._memory) for file in files)
        same = [file.read() for file in files] == bodies
        return [held, same, len(os.listdir("/proc/self/fd"))]

    held, same, open_now = post(app, form(*[("a.bin", body) for body in bodies])).json

    assert same and held < 17 * 1024 * 1024 and open_now - before < 10
    assert len(os.listdir("/proc/self/fd")) <= before + 1
