"""Uploading as programs do it: batches, what is known, files in parts."""

import base64
import datetime as dt
import hashlib

import pytest
from flask import Flask

from gallery import storage
from gallery.accounts.models import User
from gallery.extensions import db
from gallery.photos.models import Batch, BatchItem, Outcome, Photo
from gallery.photos.verify import verify
from tests.conftest import ORIGIN, Browser
from tests.crowd import at_once
from tests.make import a_file, jpeg, make_photo, make_user, png, recording, sign_in

BYTES = "application/offset+octet-stream"
HTML = b"<!doctype html><script>alert(1)</script>"
HERE = {"Origin": ORIGIN}


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def ask(client: Browser, path: str, **body: object):
    return client.post(f"/api/uploads/{path}", json=body, headers=HERE)


def begin(client: Browser, *sizes: int) -> dict:
    """A batch of files that are still to come."""
    files = [{"name": f"{number}.jpg", "size": size} for number, size in enumerate(sizes)]
    return ask(client, "batches", files=files).json


def create(client: Browser, size: int, **metadata: object):
    pairs = {key: base64.b64encode(str(text).encode()).decode() for key, text in metadata.items()}
    headers = {
        **{**HERE, "Tus-Resumable": "1.0.0", "Upload-Length": str(size)},
        "Upload-Metadata": ",".join(f"{key} {text}" for key, text in pairs.items()),
    }
    return client.post("/api/uploads", headers=headers)


def send(client: Browser, place: str, data: bytes, offset: int = 0):
    headers = {**HERE, "Tus-Resumable": "1.0.0", "Upload-Offset": str(offset)}
    return client.patch(place, data=data, content_type=BYTES, headers=headers)


def upload(client: Browser, data: bytes, filename: str = "cat.jpg", **metadata: object):
    """The last answer for a file that is sent in two parts."""
    created = create(client, len(data), filename=filename, **metadata)
    if created.status_code != 201:
        return created
    send(client, created.headers["Location"], data[: len(data) // 2])
    return send(client, created.headers["Location"], data[len(data) // 2 :], len(data) // 2)


@pytest.mark.parametrize(
    ("modified", "wanted"),
    [
        ("1551521472000", dt.datetime(2019, 3, 2, 10, 11, 12, tzinfo=dt.UTC)),
        ("0", None),
        ("-5", None),
        ("9" * 15, None),
        ("9" * 400, None),
        ("yesterday", None),
    ],
    ids=["true", "epoch", "negative", "future", "endless", "word"],
)
def test_time_of_the_file_is_kept_if_it_can_be_true(
    client: Browser, ada: User, modified: str, wanted: dt.datetime | None
) -> None:
    upload(client, jpeg(), modified=modified)

    photo = db.session.scalars(db.select(Photo)).one()
    assert photo.modified_at == wanted
    assert photo.taken_source == ("file" if wanted else "upload")


@pytest.fixture
def ada(client: Browser):
    user = make_user()
    sign_in(client, user)
    return user


def outcomes() -> list[tuple[str, str]]:
    rows = db.session.execute(db.select(BatchItem.outcome, BatchItem.reason).order_by(BatchItem.id))
    return [tuple(row) for row in rows]


def test_a_file_in_parts_becomes_a_photo_and_stands_on_the_receipt(client, ada) -> None:
    batch = begin(client, 10, 10)

    answer = upload(client, jpeg(), batch=batch["batch"], file=batch["files"][0])

    photo = db.session.scalars(db.select(Photo)).one()
    assert answer.headers["Upload-Outcome"] == "added"
    assert answer.headers["Content-Location"] == f"/p/{photo.public_id}"
    assert outcomes() == [("added", ""), ("waiting", "")]
    assert "1 added, 1 still to come" in client.get(batch["href"]).text
    assert list(storage.files_of("photos")) == [f"{ada.folder}/cat.jpg"]
    assert verify(deep=True).wrong == []


def test_the_same_file_again_is_told_from_its_digest(client, ada) -> None:
    make_photo(ada, jpeg(seed=1))
    batch = begin(client, 10, 10)

    answer = ask(
        client,
        "known",
        sha256=[sha256(jpeg(seed=1)), sha256(b"new")],
        files={batch["files"][0]: sha256(jpeg(seed=1)), batch["files"][1]: sha256(b"new")},
        batch=batch["batch"],
    )

    photo = db.session.scalars(db.select(Photo)).one()
    assert answer.json == {"known": {sha256(jpeg(seed=1)): f"/p/{photo.public_id}"}}
    assert outcomes() == [("already", ""), ("waiting", "")]


def test_asking_changes_nothing_and_the_trash_is_not_told(client, ada) -> None:
    photo = make_photo(ada, jpeg())
    client.submit(f"/p/{photo.public_id}/trash")

    assert ask(client, "known", sha256=[sha256(jpeg())]).json == {"known": {}}
    assert db.session.scalar(db.select(Photo.trashed_at)) is not None


def test_a_known_file_of_a_batch_comes_back_from_the_trash(client, ada) -> None:
    photo = make_photo(ada, jpeg())
    client.submit(f"/p/{photo.public_id}/trash")
    batch, digest = begin(client, 10), sha256(jpeg())

    files = {batch["files"][0]: digest}
    ask(client, "known", sha256=[digest], files=files, batch=batch["batch"])

    assert outcomes() == [("restored", "")]
    assert db.session.scalar(db.select(Photo.trashed_at)) is None


def test_what_others_have_is_never_told(app: Flask, client, ada) -> None:
    make_photo(make_user("Jonas Lind"), jpeg())

    assert ask(client, "known", sha256=[sha256(jpeg())]).json == {"known": {}}


def test_anothers_batch_does_not_exist(app: Flask, client, ada) -> None:
    batch = begin(client, 10)
    jonas = sign_in(app.test_client(), make_user("Jonas Lind"))
    path, ids = f"batches/{batch['batch']}", batch["files"]

    answers = [
        ask(jonas, f"{path}/files", files=[{"name": "x.jpg", "size": 1}]),
        ask(jonas, f"{path}/remove", files=ids),
        ask(jonas, f"{path}/refuse", files={ids[0]: "no"}),
        ask(jonas, "known", sha256=[], files={ids[0]: sha256(b"")}, batch=batch["batch"]),
        jonas.get(batch["href"]),
        jonas.get(f"/api/uploads/{path}/missing"),
    ]
    upload(jonas, jpeg(), batch=batch["batch"], file=ids[0])

    assert [answer.status_code for answer in answers] == [404] * 6
    assert outcomes() == [("waiting", "")]


def test_a_page_that_is_a_jpeg_by_name_is_refused_for_good(client, ada) -> None:
    batch = begin(client, 10)

    answer = upload(client, HTML, batch=batch["batch"], file=batch["files"][0])

    assert (answer.status_code, "not a photo" in answer.text) == (415, True)
    assert outcomes() == [("refused", answer.text)]
    assert list(storage.files_of("photos")) == []


def test_a_file_over_its_limit_is_refused_before_a_byte(app: Flask, client, ada) -> None:
    app.config.update(PHOTO_MAX_SIZE=2_000_000, MEDIA_MAX_SIZE=3_000_000)
    batch = begin(client, 10)

    facts = {"batch": batch["batch"], "file": batch["files"][0]}

    photo = create(client, 2_000_001, filename="a.JPG", **facts)
    film = create(client, 2_000_001, filename="a.mp4")

    assert (photo.status_code, film.status_code) == (413, 201)
    assert photo.mimetype == "application/problem+json"
    assert photo.json["detail"] == outcomes()[0][1] == "2.0 MB is over the 2.0 MB limit."


def test_a_picture_that_calls_itself_a_film_is_still_held_to_its_own_limit(
    app: Flask, client, ada
) -> None:
    app.config["PHOTO_MAX_SIZE"] = 1000

    assert upload(client, jpeg(), "a.mp4").status_code == 413
    assert client.send_files(a_file(jpeg())).status_code == 303
    assert [outcome for outcome, _ in outcomes()] == ["refused"]


def test_a_full_quota_is_said_before_a_byte_and_a_retry_goes_on(client) -> None:
    user, data = make_user(quota=5000), jpeg()
    sign_in(client, user)

    answer = create(client, len(data), filename="cat.jpg")

    assert (answer.status_code, answer.json["detail"]) == (413, "You have 5 KB left of 5 KB.")
    user.quota = len(data)
    db.session.commit()
    assert upload(client, data).status_code == 204


def test_a_quota_that_filled_up_meanwhile_costs_no_second_sending(client) -> None:
    data = jpeg()
    user = make_user(quota=len(data) + 100)
    sign_in(client, user)
    place = create(client, len(data), filename="cat.jpg").headers["Location"]
    make_photo(user, png((8, 8)))
    user.quota = len(data)
    db.session.commit()

    first = send(client, place, data)
    user.quota = 10 * len(data)
    db.session.commit()
    offset = client.head(place, headers={"Tus-Resumable": "1.0.0"}).headers["Upload-Offset"]
    second = send(client, place, data[-1:], int(offset))

    assert (first.status_code, offset, second.status_code) == (413, str(len(data) - 1), 204)


def test_a_full_disk_refuses_uploads_and_nothing_else(app: Flask, client, ada) -> None:
    photo = make_photo(ada)
    app.config["DISK_RESERVE"] = 10**18

    assert create(client, 10, filename="a.jpg").status_code == 507
    assert client.get(f"/p/{photo.public_id}").status_code == 200
    assert client.submit(f"/p/{photo.public_id}/trash").status_code == 303
    assert client.get("/limits.json").json["disk"] == 0


def test_a_retry_turns_a_refusal_into_a_photo_on_the_same_line(app: Flask, client, ada) -> None:
    batch, reserve = begin(client, 10), app.config["DISK_RESERVE"]
    facts = {"batch": batch["batch"], "file": batch["files"][0]}
    app.config["DISK_RESERVE"] = 10**18
    upload(client, jpeg(), **facts)
    app.config["DISK_RESERVE"] = reserve

    upload(client, jpeg(), **facts)

    assert outcomes() == [("added", "")]


def test_what_the_sender_left_out_or_took_back_is_counted_so(client, ada) -> None:
    batch = begin(client, 1, 2, 3)
    path, (first, second, _) = f"batches/{batch['batch']}", batch["files"]

    assert ask(client, f"{path}/refuse", files={first: "Not an image we can read"}).json == {
        "refused": 1
    }
    assert ask(client, f"{path}/remove", files=[second]).json == {"removed": 1}

    receipt = client.get(batch["href"]).text
    assert "1 refused, 1 still to come" in receipt and "2 chosen in all" in receipt


def test_what_a_receipt_lacks_is_told(client, ada) -> None:
    batch = begin(client, 10, 20, 30)
    path, (first, second, third) = f"batches/{batch['batch']}", batch["files"]
    upload(client, jpeg(), batch=batch["batch"], file=first)
    ask(client, f"{path}/refuse", files={second: "no"})

    missing = client.get(f"/api/uploads/{path}/missing").json

    assert (missing["batch"], missing["href"]) == (batch["batch"], batch["href"])
    assert [tuple(file.values()) for file in missing["files"]] == [
        (second, "1.jpg", 20),
        (third, "2.jpg", 30),
    ]
    newer = client.get(f"/api/uploads/{path}/missing?after={second}").json["files"]
    assert [file["id"] for file in newer] == [third]


def test_what_is_in_the_library_cannot_be_taken_off_the_receipt(client, ada) -> None:
    batch = begin(client, 10)
    path, ids = f"batches/{batch['batch']}", batch["files"]
    upload(client, jpeg(), batch=batch["batch"], file=ids[0])

    assert ask(client, f"{path}/remove", files=ids).json == {"removed": 0}
    assert ask(client, f"{path}/refuse", files={ids[0]: "no"}).json == {"refused": 0}
    assert outcomes() == [("added", "")]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("batches", {}),
        ("batches", {"files": [{"name": "x"}]}),
        ("batches", {"files": [{"name": "x", "size": -1}]}),
        ("batches", {"files": [{"name": "x", "size": 10**20}]}),
        ("batches", {"files": [{"name": "x", "size": 1}] * 1001}),
        ("batches", {"files": "x"}),
        ("known", {"sha256": ["x"]}),
        ("known", {"sha256": [7]}),
        ("known", {}),
        ("known", {"sha256": [], "files": {"x": "0" * 64}}),
    ],
)
def test_what_cannot_be_read_is_a_400_with_a_sentence(client, ada, path: str, body: dict) -> None:
    answer = ask(client, path, **body)

    assert (answer.status_code, answer.mimetype) == (400, "application/problem+json")
    assert answer.json["detail"].endswith(".")
    assert db.session.scalars(db.select(Batch)).all() == []


def test_whoever_is_not_signed_in_gets_a_401_and_no_redirect(client) -> None:
    answers = [
        ask(client, "known", sha256=[]),
        create(client, 10),
        client.get("/limits.json"),
        client.head("/api/uploads/x", headers={"Tus-Resumable": "1.0.0"}),
    ]

    assert {answer.status_code for answer in answers} == {401}
    assert answers[0].json["detail"] == "Sign in, or send a token that holds."


def test_another_site_can_send_nothing(client, ada) -> None:
    headers = {"Origin": "https://evil.example", "Tus-Resumable": "1.0.0", "Upload-Length": "1"}

    assert client.post("/api/uploads", headers=headers).status_code == 403
    assert client.post("/api/uploads/batches", json={}, headers=headers).status_code == 403


def test_limits_are_those_that_hold(app: Flask, client) -> None:
    sign_in(client, make_user(quota=1000))

    limits = client.get("/limits.json").json

    assert limits["photo"]["max"] == app.config["PHOTO_MAX_SIZE"]
    assert "svg" not in limits["photo"]["extensions"] and "heic" in limits["photo"]["extensions"]
    assert limits["media"] == {
        "max": app.config["MEDIA_MAX_SIZE"],
        "extensions": limits["media"]["extensions"],
    }
    assert (limits["quota"], limits["left"], limits["known_at_once"]) == (1000, 1000, 1000)


def test_a_recording_takes_the_same_way(client, ada) -> None:
    assert upload(client, recording(), "song.wav").headers["Upload-Outcome"] == "added"
    assert list(storage.files_of("media")) == [f"{ada.folder}/song.wav"]


def test_one_photo_from_two_devices_at_once_ends_as_one(app: Flask, client, ada) -> None:
    clients, data = [sign_in(app.test_client(), ada) for _ in range(2)], jpeg()
    places = [create(each, len(data), filename="a.jpg").headers["Location"] for each in clients]

    answers = at_once(app, lambda n: send(clients[n], places[n], data), 2)

    assert sorted(answer.headers["Upload-Outcome"] for answer in answers) == ["added", "already"]
    assert len(list(storage.files_of("photos"))) == 1


def test_a_quota_holds_with_fifty_uploads_at_once(app: Flask) -> None:
    bodies = [jpeg((64, 48), seed=seed) for seed in range(50)]
    ada = make_user(quota=sum(map(len, bodies[:20])))
    clients = [sign_in(app.test_client(), ada) for _ in range(5)]

    def run(number: int) -> int:
        return upload(clients[number % 5], bodies[number]).status_code

    codes = at_once(app, run, 50)

    db.session.refresh(ada)
    assert set(codes) == {204, 413}
    assert ada.byte_count <= ada.quota
    assert ada.byte_count == sum(db.session.scalars(db.select(Photo.size)))
    assert ada.byte_count + max(map(len, bodies)) > ada.quota
    assert verify(deep=True).wrong == []


def test_outcomes_are_told_again_when_the_answer_was_lost(client, ada) -> None:
    data = jpeg()
    place = create(client, len(data), filename="a.jpg").headers["Location"]
    send(client, place, data)

    again = client.head(place, headers={"Tus-Resumable": "1.0.0"})

    assert again.headers["Upload-Outcome"] == Outcome.ADDED
    assert again.headers["Upload-Offset"] == str(len(data))


def test_a_long_receipt_has_pages(client, ada) -> None:
    batch = begin(client, *range(450))

    first = client.get(batch["href"]).text
    after = first.partition("after=")[2].partition('"')[0]
    second = client.get(f"{batch['href']}?after={after}").text

    assert first.count("Still to come ·") == second.count("Still to come ·") == 200
    assert "450 chosen in all" in second
    assert client.get(f"{batch['href']}?show=added").text.count("Still to come ·") == 0
    assert client.get(f"{batch['href']}?show=nonsense").status_code == 404
