"""What the tus protocol asks for, request by request, and what the application adds."""

import base64
import hashlib
import io
import itertools
import os
import time
from email.utils import parsedate_to_datetime
from pathlib import Path

import pytest
from flask import abort, request
from hypothesis import given, settings
from hypothesis import strategies as st

from gallery.uploads import (
    ALL,
    IMAGES,
    LocalStore,
    StorageFull,
    UploadNotAllowed,
    UploadSet,
    incoming,
    same_kind,
)
from gallery.uploads.incoming import Begun, Incoming
from gallery.uploads.resumable import Resumable

from .support import JPEG, at_once, listing, make_app

BODY = bytes(range(256)) * 40
BYTES = "application/offset+octet-stream"


class Sender:
    """Somebody who speaks tus to an application, and who they say they are."""

    def __init__(self, app, who="ada") -> None:
        self.client = app.test_client()
        self.headers = {"Tus-Resumable": "1.0.0", "X-Who": who}

    def ask(self, method, path, data=b"", **headers):
        named = {name.replace("_", "-"): str(text) for name, text in headers.items()}
        return self.client.open(path, method=method, data=data, headers={**self.headers, **named})

    def begin(self, length=10240, name="cat.bin", **headers):
        metadata = {"Upload_Metadata": metadata_of(filename=name)}
        return self.ask("POST", "/tus", Upload_Length=length, **{**metadata, **headers})

    def place(self, **options):
        return self.begin(**options).headers["Location"]

    def send(self, place, offset, data, **headers):
        facts = {"Content_Type": BYTES, "Upload_Offset": offset, **headers}
        return self.ask("PATCH", place, data, **facts)

    def offset(self, place):
        return int(self.ask("HEAD", place).headers["Upload-Offset"])


def metadata_of(**facts):
    return ",".join(
        f"{key} {base64.b64encode(text.encode()).decode()}" for key, text in facts.items()
    )


def make_tus_app(folder: Path, uset=None, **options):
    uset = uset or UploadSet("files", ALL)
    app = make_app(uset, UPLOADED_FILES_DEST=folder)
    app.secret_key = "of these tests"
    options.setdefault("owner", lambda: request.headers["X-Who"])
    app.register_blueprint(Resumable(uset, **options), url_prefix="/tus")
    return app


@pytest.fixture
def app(tmp_path):
    return make_tus_app(tmp_path)


@pytest.fixture
def ada(app):
    return Sender(app)


def saved(folder: Path) -> list[str]:
    return [name for name in listing(folder) if not name.startswith(".incoming/")]


def arriving(folder: Path) -> list[str]:
    return [name for name in listing(folder) if name.startswith(".incoming/")]


def test_a_file_in_three_goes_is_the_file(ada, tmp_path):
    place = ada.place(name="写真.bin")

    offsets = [
        ada.send(place, at, BODY[at : at + 4000]).headers["Upload-Offset"] for at in (0, 4000, 8000)
    ]

    assert offsets == ["4000", "8000", "10240"]
    assert saved(tmp_path) == ["写真.bin"]
    assert (tmp_path / "写真.bin").read_bytes() == BODY


def test_the_last_answer_says_what_it_was_saved_as(ada):
    ada.send(ada.place(name="写真.bin"), 0, BODY)

    response = ada.send(ada.place(name="写真.bin"), 0, BODY)

    assert (response.status_code, response.data) == (204, b"")
    assert response.headers["Upload-Saved-As"] == "%E5%86%99%E7%9C%9F_1.bin"


def test_it_becomes_the_file_without_being_copied(ada, tmp_path):
    place = ada.place()
    ada.send(place, 0, BODY[:-1])
    (part,) = (tmp_path / ".incoming").glob("*[!n]")
    inode = part.stat().st_ino

    ada.send(place, len(BODY) - 1, BODY[-1:])

    assert (tmp_path / "cat.bin").stat().st_ino == inode
    assert (tmp_path / "cat.bin").stat().st_nlink == 1
    assert oct((tmp_path / "cat.bin").stat().st_mode & 0o777) == oct(0o666 & ~umask())


def umask():
    mask = os.umask(0)
    os.umask(mask)
    return mask


def test_what_can_be_done_is_told_to_any_version(app):
    response = app.test_client().options("/tus")

    assert response.status_code == 204
    assert response.headers["Tus-Version"] == response.headers["Tus-Resumable"] == "1.0.0"
    assert response.headers["Tus-Extension"].split(",") == [
        *("creation", "creation-with-upload", "expiration", "termination", "checksum")
    ]
    assert response.headers["Tus-Checksum-Algorithm"] == "sha256,sha1"
    assert "Tus-Max-Size" not in response.headers


def test_the_largest_size_is_told_and_kept(tmp_path):
    ada = Sender(make_tus_app(tmp_path, UploadSet("files", ALL, max_size=1000)))

    assert ada.ask("OPTIONS", "/tus").headers["Tus-Max-Size"] == "1000"
    assert ada.begin(length=1001).status_code == 413
    assert ada.begin(length=1000).status_code == 201
    assert saved(tmp_path) == []


@pytest.mark.parametrize("method", ["POST", "HEAD", "PATCH", "DELETE"])
@pytest.mark.parametrize("version", ["0.2.2", ""])
def test_another_version_is_a_412(ada, method, version):
    place = "/tus" if method == "POST" else ada.place()

    response = ada.ask(method, place, Tus_Resumable=version, Upload_Length=1)

    assert (response.status_code, response.headers["Tus-Version"]) == (412, "1.0.0")


def test_how_much_is_here_is_told(ada):
    place = ada.place(name="写真.bin")
    ada.send(place, 0, BODY[:100])

    response = ada.ask("HEAD", place)

    assert response.status_code == 200
    assert response.headers["Upload-Offset"] == "100"
    assert response.headers["Upload-Length"] == str(len(BODY))
    assert response.headers["Upload-Metadata"] == metadata_of(filename="写真.bin")
    assert response.headers["Cache-Control"] == "no-store"


def test_the_first_bytes_may_come_with_the_beginning(ada, tmp_path):
    response = ada.ask("POST", "/tus", BODY[:100], Upload_Length=len(BODY), Content_Type=BYTES)

    assert (response.status_code, response.headers["Upload-Offset"]) == (201, "100")
    assert ada.offset(response.headers["Location"]) == 100


def test_all_bytes_may_come_with_the_beginning(ada, tmp_path):
    facts = {"Upload_Length": len(BODY), "Upload_Metadata": metadata_of(filename="cat.bin")}

    response = ada.ask("POST", "/tus", BODY, Content_Type=BYTES, **facts)

    assert (response.status_code, response.headers["Upload-Saved-As"]) == (201, "cat.bin")
    assert (tmp_path / "cat.bin").read_bytes() == BODY


def test_an_empty_file_is_saved_at_once(ada, tmp_path):
    response = ada.begin(length=0)

    assert (response.status_code, response.headers["Upload-Saved-As"]) == (201, "cat.bin")
    assert (tmp_path / "cat.bin").read_bytes() == b""
    assert ada.offset(response.headers["Location"]) == 0


@pytest.mark.parametrize("length", [None, "", "-1", "1.5", "ten", "９", "1" * 30])
def test_a_length_that_is_none_is_a_400(ada, length):
    headers = {} if length is None else {"Upload_Length": length.encode().decode("latin-1")}

    assert ada.ask("POST", "/tus", **headers).status_code == 400


@pytest.mark.parametrize("text", ["filename Y2F0!", "filename =", "filename /w==", "filename Y Y"])
def test_metadata_in_another_form_is_a_400(ada, text):
    assert ada.begin(Upload_Metadata=text).status_code == 400


@pytest.mark.parametrize("text", ["", "a,b ,c Yw==", " , "])
def test_metadata_may_lack_its_values(ada, text):
    place = ada.begin(Upload_Metadata=text).headers["Location"]

    told = ada.ask("HEAD", place).headers.get("Upload-Metadata")

    assert told == ("a,b,c Yw==" if "a" in text else None)


@pytest.mark.parametrize("offset", [1, 99, 101, len(BODY), len(BODY) + 1])
def test_a_wrong_offset_is_a_409_and_changes_nothing(ada, offset):
    place = ada.place()
    ada.send(place, 0, BODY[:100])

    response = ada.send(place, offset, b"other")

    assert response.status_code == 409
    assert ada.offset(place) == 100


@pytest.mark.parametrize("offset", ["", "-1", "x"])
def test_an_offset_that_is_none_is_a_400(ada, offset):
    assert ada.send(ada.place(), offset, BODY).status_code == 400


def test_bytes_of_another_type_are_a_415(ada):
    assert ada.send(ada.place(), 0, BODY, Content_Type="text/plain").status_code == 415


def test_more_than_was_announced_is_a_413_and_not_kept(ada, tmp_path):
    place = ada.place()

    response = ada.send(place, 0, BODY + b"!")

    assert response.status_code == 413
    assert saved(tmp_path) == []
    assert ada.send(place, ada.offset(place), BODY[-1:]).status_code == 204
    assert (tmp_path / "cat.bin").read_bytes() == BODY


def test_a_body_that_ends_early_is_kept_as_far_as_it_came(ada):
    place = ada.place()
    cut = {"environ_overrides": {"CONTENT_LENGTH": "4000", "wsgi.input_terminated": True}}
    headers = {**ada.headers, "Upload-Offset": "0", "Content-Type": BYTES}

    response = ada.client.patch(place, data=BODY[:1000], headers=headers, **cut)

    assert response.status_code == 400
    assert ada.offset(place) == 1000


@pytest.mark.parametrize("name", ["sha256", "sha1"])
def test_bytes_with_their_checksum_are_taken(ada, name):
    place = ada.place()

    response = ada.send(place, 0, BODY[:100], Upload_Checksum=checksum(name, BODY[:100]))

    assert (response.status_code, response.headers["Upload-Offset"]) == (204, "100")


def checksum(name, body):
    return f"{name} {base64.b64encode(hashlib.new(name, body).digest()).decode()}"


@pytest.mark.parametrize("announced", [checksum("sha256", b"other"), "sha1 x", "sha256"])
def test_bytes_with_another_checksum_are_a_460_and_not_kept(ada, tmp_path, announced):
    place = ada.place()
    ada.send(place, 0, BODY[:100])

    response = ada.send(place, 100, BODY[100:], Upload_Checksum=announced)

    assert response.status_code == 460
    assert ada.offset(place) == 100
    ada.send(place, 100, BODY[100:], Upload_Checksum=checksum("sha256", BODY[100:]))
    assert (tmp_path / "cat.bin").read_bytes() == BODY


def test_a_checksum_of_another_sort_is_a_400(ada):
    place = ada.place()

    assert ada.send(place, 0, BODY, Upload_Checksum="crc32 AAAA").status_code == 400
    assert ada.offset(place) == 0


def test_a_content_digest_is_looked_at_too(ada):
    place, digest = ada.place(), checksum("sha256", b"other").split()[1]

    response = ada.send(place, 0, BODY, Content_Digest=f"sha-256=:{digest}:")

    assert response.status_code == 400
    assert ada.offset(place) == 0


@pytest.mark.parametrize(("of", "status"), [(BODY, 204), (b"other", 460)])
def test_a_whole_file_is_held_against_the_digest_in_its_metadata(ada, tmp_path, of, status):
    facts = metadata_of(filename="cat.bin", sha256=hashlib.sha256(of).hexdigest().upper())
    place = ada.place(Upload_Metadata=facts)

    assert ada.send(place, 0, BODY).status_code == status
    assert saved(tmp_path) == (["cat.bin"] if status == 204 else [])


def test_what_is_forgotten_is_gone(ada, tmp_path):
    place = ada.place()
    ada.send(place, 0, BODY[:100])

    assert ada.ask("DELETE", place).status_code == 204
    assert [ada.ask(method, place).status_code for method in ("HEAD", "DELETE")] == [404, 404]
    assert ada.send(place, 100, BODY[100:]).status_code == 404
    assert listing(tmp_path) == []


def test_forgetting_what_is_saved_leaves_the_file(ada, tmp_path):
    place = ada.place()
    ada.send(place, 0, BODY)

    assert ada.ask("DELETE", place).status_code == 204
    assert listing(tmp_path) == ["cat.bin"]


def test_a_client_with_post_alone_is_understood(ada, tmp_path):
    place = ada.place()
    facts = {"Content_Type": BYTES, "Upload_Offset": 0}

    response = ada.ask("POST", place, BODY, X_HTTP_Method_Override="PATCH", **facts)

    assert (response.status_code, saved(tmp_path)) == (204, ["cat.bin"])
    assert ada.ask("POST", place, X_HTTP_Method_Override="GET").status_code == 405


def test_nobody_else_may_go_on(app, ada, tmp_path):
    eve, place = Sender(app, "eve"), ada.place()

    assert [eve.ask(method, place).status_code for method in ("HEAD", "DELETE")] == [404, 404]
    assert eve.send(place, 0, BODY).status_code == 404
    assert ada.offset(place) == 0


def test_a_token_is_of_one_set(tmp_path):
    app = make_tus_app(tmp_path)
    others = Resumable(UploadSet("others", ALL), owner=lambda: "ada", name="others")
    app.register_blueprint(others, url_prefix="/others")
    ada = Sender(app)

    place = ada.place().replace("/tus/", "/others/")

    assert ada.ask("HEAD", place).status_code == 404


def test_a_token_that_was_not_signed_here_is_a_404(ada):
    place = ada.place()

    for token in (place[:-1], place + "x", "/tus/x", "/tus/..%2f..%2fx"):
        assert ada.ask("HEAD", token).status_code == 404


def test_who_may_not_ask_is_refused(tmp_path):
    ada = Sender(make_tus_app(tmp_path, owner=lambda: abort(401)))

    assert ada.begin().status_code == 401
    assert listing(tmp_path) == []


def test_a_name_the_set_does_not_take_is_refused_before_a_byte(tmp_path):
    ada = Sender(make_tus_app(tmp_path, UploadSet("files", IMAGES)))

    response = ada.begin(name="cat.exe")

    assert (response.status_code, response.text) == (415, "File extension 'exe' is not allowed")
    assert listing(tmp_path) == []


def test_a_file_that_a_check_refuses_is_refused_for_good(tmp_path):
    ada = Sender(make_tus_app(tmp_path, UploadSet("files", IMAGES, checks=[same_kind])))
    place = ada.place(name="cat.jpg", length=6)

    first = ada.send(place, 0, b"<html>")

    assert first.status_code == 415
    assert [ada.send(place, 6, b"").status_code, ada.ask("HEAD", place).status_code] == [415, 415]
    assert saved(tmp_path) == []
    assert len(arriving(tmp_path)) == 1  # what became of it


def test_the_application_looks_at_what_is_announced(tmp_path):
    def begin(upload):
        if upload.owner == "eve" or upload.length > 5:
            raise UploadNotAllowed("Not for you.")

    app = make_tus_app(tmp_path, begin=begin)

    assert Sender(app, "eve").begin(length=1).text == "Not for you."
    assert [Sender(app).begin(length=size).status_code for size in (5, 6)] == [201, 415]


def test_the_application_takes_the_file_and_adds_its_outcome(tmp_path):
    files = UploadSet("files", ALL)

    def finish(file, upload):
        name = files.save(file, folder=upload.owner)
        return {"Content-Location": f"/p/{name.sha256[:4]}", "Upload-Outcome": "added"}

    ada = Sender(make_tus_app(tmp_path, files, finish=finish))
    place = ada.place()

    answers = [ada.send(place, 0, BODY), ada.send(place, 0, BODY), ada.ask("HEAD", place)]

    assert {each.headers["Upload-Outcome"] for each in answers} == {"added"}
    assert {each.headers["Content-Location"][:3] for each in answers} == {"/p/"}
    assert saved(tmp_path) == ["ada/cat.bin"]


def test_the_application_is_told_the_type_that_the_sender_claims(tmp_path):
    seen = []
    app = make_tus_app(tmp_path, finish=lambda file, _: seen.append(file.content_type) or {})

    ada = Sender(app)
    ada.send(ada.place(Upload_Metadata=metadata_of(filetype="image/jpeg")), 0, BODY)

    assert seen == ["image/jpeg"]


@pytest.mark.parametrize("error", [StorageFull(), ValueError("a fault of ours")])
def test_after_a_failure_of_the_moment_the_last_byte_is_asked_for_again(tmp_path, error):
    files, errors = UploadSet("files", ALL), [error]

    def finish(file, upload):
        if errors:
            raise errors.pop()
        return {"Upload-Saved-As": files.save(file)}

    ada = Sender(make_tus_app(tmp_path, files, finish=finish))
    place = ada.place()

    assert ada.send(place, 0, BODY).status_code >= 500
    assert ada.offset(place) == len(BODY) - 1
    assert ada.send(place, len(BODY) - 1, BODY[-1:]).status_code == 204
    assert (tmp_path / "cat.bin").read_bytes() == BODY


def test_a_process_that_dies_right_after_saving_is_asked_for_the_last_byte_again(tmp_path):
    files, parent = UploadSet("files", ALL), os.getpid()

    def finish(file, upload):
        name = files.save(file)
        if os.getpid() != parent:
            os._exit(0)
        return {"Upload-Saved-As": name}

    ada = Sender(make_tus_app(tmp_path, files, finish=finish))
    place = ada.place()
    if os.fork() == 0:
        ada.send(place, 0, BODY)
        os._exit(1)
    os.wait()

    response = ada.send(place, ada.offset(place), BODY[-1:])

    assert response.headers["Upload-Saved-As"] == "cat_1.bin"
    assert [(tmp_path / name).read_bytes() for name in saved(tmp_path)] == [BODY, BODY]


def test_a_second_request_at_the_same_time_is_a_423(app, tmp_path):
    ada = Sender(app)
    place = ada.place()
    with app.app_context(), Incoming().locked(id_of(tmp_path)):
        assert ada.send(place, 0, BODY).status_code == 423
        assert ada.ask("HEAD", place).status_code == 200

    assert ada.send(place, 0, BODY).status_code == 204


def id_of(folder: Path) -> str:
    (name,) = {name.partition(".")[0] for name in os.listdir(folder / ".incoming")}
    return name


class Interrupted(io.BytesIO):
    """A body in the midst of which something is done."""

    def __init__(self, data, act) -> None:
        super().__init__(data)
        self.acts = [act]

    def readinto(self, buffer):
        if self.tell() and self.acts:
            self.acts.pop()()
        return super().readinto(memoryview(buffer)[:1000])


@pytest.mark.parametrize("checked", [False, True])
def test_what_is_forgotten_on_its_way_is_not_taken(app, tmp_path, checked):
    ada, hasty = Sender(app), Sender(app)
    place, codes = ada.place(), []
    body = Interrupted(BODY, lambda: codes.append(hasty.ask("DELETE", place).status_code))
    headers = {"Upload-Checksum": checksum("sha256", BODY)} if checked else {}

    response = ada.client.patch(
        place,
        input_stream=body,
        content_type=BYTES,
        content_length=len(BODY),
        headers={**ada.headers, "Upload-Offset": "0", **headers},
    )

    assert (codes, response.status_code) == ([204], 404)
    assert (saved(tmp_path), arriving(tmp_path)) == ([], [])


def test_of_many_requests_at_once_one_adds_its_bytes(app, tmp_path):
    place = Sender(app).place()

    codes = at_once(8, lambda _: Sender(app).send(place, 0, BODY).status_code)

    assert set(codes) <= {204, 409, 423} and 204 in codes
    assert saved(tmp_path) == ["cat.bin"]
    assert (tmp_path / "cat.bin").read_bytes() == BODY


def test_what_is_left_alone_expires_and_is_swept(tmp_path, app):
    ada = Sender(app)
    place = ada.place()
    ada.send(place, 0, BODY[:100])
    let_pass(tmp_path, incoming.DAY + 1)

    assert ada.ask("HEAD", place).status_code == 410
    assert ada.send(place, 100, BODY[100:]).status_code == 410
    with app.app_context():
        assert Incoming().sweep() == 1
    assert listing(tmp_path) == []
    assert ada.ask("HEAD", place).status_code == 404


def let_pass(folder: Path, seconds: float) -> None:
    """Make all that is on its way older."""
    for path in (folder / ".incoming").iterdir():
        then = path.stat().st_mtime - seconds
        os.utime(path, (then, then))


def test_every_byte_puts_off_the_end(tmp_path, ada):
    place = ada.place()
    let_pass(tmp_path, incoming.DAY - 100)

    response = ada.send(place, 0, BODY[:100])

    expires = parsedate_to_datetime(response.headers["Upload-Expires"]).timestamp()
    assert expires == pytest.approx(time.time() + incoming.DAY, abs=100)


def test_beginning_sweeps_what_has_expired_of_anybody(tmp_path):
    Sender(make_tus_app(tmp_path), "bob").begin()
    let_pass(tmp_path, incoming.DAY + 1)

    Sender(make_tus_app(tmp_path)).begin()

    assert len(arriving(tmp_path)) == 2


def test_what_somebody_has_begun_can_be_asked(app, ada, tmp_path):
    with app.app_context():
        assert Incoming().begun("files", "ada") == Begun()
        ada.send(ada.place(), 0, BODY[:100])
        ada.send(ada.place(), 0, BODY)  # finished
        Sender(app, "bob").begin()

        assert Incoming().begun("files", "ada") == Begun(1, len(BODY), len(BODY) - 100)
        let_pass(tmp_path, incoming.DAY + 1)
        assert Incoming().begun("files", "ada") == Begun()


def test_what_is_being_added_to_is_not_swept(app, tmp_path):
    Sender(app).begin()
    let_pass(tmp_path, incoming.DAY + 1)

    with app.app_context(), Incoming().locked(id_of(tmp_path)):
        assert Incoming().sweep() == 0


@pytest.mark.parametrize("left", ["id", "id.json", "id.tmp"])
def test_what_a_crash_left_behind_is_swept_too(app, tmp_path, left):
    (tmp_path / ".incoming").mkdir()
    (tmp_path / ".incoming" / left).write_text("")
    with app.app_context():
        assert Incoming().sweep() == 0
        let_pass(tmp_path, incoming.DAY + 1)

        assert Incoming().sweep() == 1
    assert listing(tmp_path) == []


def test_nobody_begins_more_than_so_many(tmp_path):
    app = make_tus_app(tmp_path, most=2)
    ada = Sender(app)
    places = [ada.place(), ada.place()]

    assert ada.begin().status_code == 429
    assert Sender(app, "bob").begin().status_code == 201
    ada.send(places[0], 0, BODY)
    assert ada.begin().status_code == 201


def test_the_digest_is_right_in_another_process_too(tmp_path, app):
    seen = []
    app = make_tus_app(tmp_path, finish=lambda file, _: seen.append(file.stream.sha256) or {})
    ada = Sender(app)
    place = ada.place()
    ada.send(place, 0, BODY[:5000])
    incoming._digests.clear()  # as a new process has none

    ada.send(place, 5000, BODY[5000:])

    assert seen == [hashlib.sha256(BODY).hexdigest()]


def test_unchecked_bytes_of_a_killed_process_are_taken_back(app, tmp_path):
    ada = Sender(app)
    place = ada.place()
    ada.send(place, 0, BODY[:100])
    if os.fork() == 0:
        with app.app_context(), Incoming().locked(id_of(tmp_path)) as arrival, arrival.on_trial():
            arrival.append(100, [b"unchecked"])
            os._exit(0)
    os.wait()

    assert ada.send(place, 100, BODY[100:]).status_code == 204
    assert (tmp_path / "cat.bin").read_bytes() == BODY


def test_nothing_of_it_is_seen_as_a_file_of_the_set(app, ada, tmp_path):
    ada.send(ada.place(), 0, BODY[:100])

    assert list(LocalStore(tmp_path).list("")) == []
    with app.app_context():
        assert app.upload_set_config["files"].store.stat(f".incoming/{id_of(tmp_path)}") is None


def test_a_file_that_waited_on_another_disk_is_copied_from_there(tmp_path, elsewhere):
    app = make_tus_app(tmp_path)
    app.config["UPLOADS_STAGING"] = elsewhere

    ada = Sender(app)
    ada.send(ada.place(), 0, BODY)

    assert (tmp_path / "cat.bin").read_bytes() == BODY
    assert [path.suffix for path in (elsewhere / ".incoming").iterdir()] == [".json"]


@settings(deadline=None, derandomize=True, max_examples=60)
@given(st.lists(st.integers(0, len(BODY)), max_size=6), st.sampled_from(["", "sha256", "sha1"]))
def test_however_it_is_cut_the_file_is_the_same(tmp_path_factory, cuts, name):
    folder = tmp_path_factory.mktemp("cut")
    ada, marks = Sender(make_tus_app(folder)), sorted({0, *cuts, len(BODY)})
    place = ada.place()

    for start, end in itertools.pairwise(marks):
        headers = {"Upload-Checksum": checksum(name, BODY[start:end])} if name else {}
        assert ada.send(place, start, BODY[start:end], **headers).status_code == 204

    assert saved(folder) == ["cat.bin"]
    assert (folder / "cat.bin").read_bytes() == BODY


def test_a_jpeg_is_saved_with_its_facts(tmp_path):
    files, seen = UploadSet("files", IMAGES, checks=[same_kind]), []

    def finish(file, upload):
        seen.append(files.save(file, folder=upload.owner))
        return {}

    ada = Sender(make_tus_app(tmp_path, files, finish=finish))
    ada.send(ada.place(name="cat.jpg", length=len(JPEG)), 0, JPEG)

    assert (seen[0].size, seen[0].type) == (len(JPEG), "image/jpeg")
    assert seen[0].sha256 == hashlib.sha256(JPEG).hexdigest()
