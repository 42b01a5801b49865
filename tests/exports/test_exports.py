"""Everything of somebody in one zip: whole, theirs alone, and the same bytes from any byte on."""

import datetime as dt
import json
import os
import re
import resource
import shutil
import signal
import subprocess
import sys
import time
import zipfile
import zlib
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

import pytest
from flask import Flask

from gallery import storage, worker
from gallery.accounts.models import GRACE, AuditEntry, User
from gallery.albums.models import Order, Role
from gallery.exports import contents, making
from gallery.exports.models import LASTS, Export
from gallery.extensions import begin_writing, db, now
from gallery.jobs.models import Job
from gallery.photos import sweep, tags, trash
from gallery.photos.models import Photo, Source
from gallery.upload_sets import SETS
from gallery.uploads.stores import LocalStore
from tests.conftest import Browser
from tests.make import (
    PASSWORD,
    ask_in,
    empty_trash,
    make_album,
    make_link,
    make_photo,
    make_user,
    put_in,
    recording,
    sign_in,
)
from tests.photos.test_live import halves
from tests.programs import ROOT

PAGE = "/settings/export"
TAKEN = dt.datetime(2024, 7, 20, 12, tzinfo=dt.UTC)


@pytest.fixture
def ada(client: Browser) -> User:
    ada = make_user()
    sign_in(client, ada)
    return ada


def sounds(owner: User, *names: str, longer: float = 0.1) -> list[Photo]:
    """Originals whose previews cost nothing, each a little longer than the last."""
    return [make_photo(owner, recording(longer + n / 100), name) for n, name in enumerate(names)]


def perform_all(app: Flask) -> int:
    db.session.commit()
    number = 0
    while worker.perform(app):
        number += 1
    db.session.expire_all()
    return number


def ask(client: Browser) -> None:
    assert client.submit(PAGE, current=PASSWORD).status_code == 303


def link_on(page: str) -> str:
    return re.search(rf'href="({PAGE}/\w+\.zip)"', page)[1]


def made_ready(app: Flask, client: Browser) -> str:
    """Have the export made; return the address of its zip."""
    ask(client)
    perform_all(app)
    return link_on(client.get(PAGE).text)


def opened(data: bytes) -> tuple[zipfile.ZipFile, dict[str, list[dict]]]:
    made = zipfile.ZipFile(BytesIO(data))
    assert made.testzip() is None
    return made, {n: json.loads(made.read(n)) for n in made.namelist() if n.endswith(".json")}


def forget_crcs() -> None:
    begin_writing()
    db.session.execute(db.update(Photo).values(crc32=None))
    db.session.commit()


def test_it_has_every_original_and_what_is_known_of_it(
    app: Flask, client: Browser, ada: User, tmp_path: Path
) -> None:
    bob = make_user("Bob Anders")
    still, motion = halves(ada)
    cat, other, gone = sounds(ada, "Žofka 猫.wav", "Žofka 猫.wav", "gone.wav")
    theirs = make_photo(bob, recording(1), "bob.wav")
    perform_all(app)
    album = make_album(ada, "Picos", order=Order.HAND, cover_id=cat.id)
    ask_in(album, bob, Role.ADD)
    put_in(album, other, cat, theirs)
    visited = make_album(bob, "Bob's")
    ask_in(visited, ada, Role.ADD)
    put_in(visited, cat, theirs)
    token = make_link(album, label="Grandma")
    begin_writing()
    cat.caption, cat.rating, cat.is_favourite = "On the\nsofa", 4, True
    cat.latitude, cat.longitude, cat.place_name = 43.2, -4.8, "Picos de Europa"
    cat.taken_at, cat.taken_offset, cat.taken_source = TAKEN, 120, Source.OWNER
    cat.place(TAKEN, 120)
    other.taken_at, other.taken_source, other.archived_at = TAKEN, Source.CLOCK, now()
    other.place(TAKEN)
    tags.tag(cat, ["sofa"])
    trash.discard(gone)
    db.session.commit()

    data = client.get(made_ready(app, client)).data

    made, known = opened(data)
    names = {p["name"]: p for p in known["photos.json"]}
    months = {p: f"{p.local_day:%Y-%m}" for p in (still, motion)}
    files = {f"{months[still]}/cat.jpg": still, f"{months[motion]}/cat.mov": motion}
    files |= {"2024-07/Žofka 猫.wav": cat, "2024-07/Žofka 猫 (2).wav": other}
    texts = {"README.txt", "account.json", "albums.json", "links.json", "photos.json"}
    assert set(made.namelist()) == texts | files.keys()
    for name, photo in files.items():
        assert made.read(name) == SETS[photo.set_name].open(photo.filename).read()
    by_file = {photo["file"]: photo for photo in known["photos.json"]}
    told = by_file["2024-07/Žofka 猫.wav"]
    assert (told["sha256"], told["caption"]) == (cat.sha256, "On the\nsofa")
    assert (told["taken"], told["taken_from"]) == ("2024-07-20T14:00:00+02:00", "owner")
    assert (told["rating"], told["favourite"], told["tags"]) == (4, True, ["sofa"])
    assert told["place"]["name"] == "Picos de Europa" and told["place"]["latitude"] == 43.2
    assert sorted(told["albums"]) == sorted([album.slug, visited.slug])
    assert by_file["2024-07/Žofka 猫 (2).wav"]["taken"] == "2024-07-20T12:00:00", "no zone known"
    assert by_file["2024-07/Žofka 猫 (2).wav"]["archived"] is True
    assert names["cat.mov"]["moves"] == names["cat.jpg"]["file"]
    visit, own = known["albums.json"]
    assert own["photos"] == ["2024-07/Žofka 猫 (2).wav", "2024-07/Žofka 猫.wav"], "as by hand"
    assert own["people"] == [{"name": "Bob Anders", "may": "add"}]
    assert own["cover"] == "2024-07/Žofka 猫.wav"
    assert set(visit) == {"id", "title", "owner", "photos"} and len(visit["photos"]) == 1
    assert [link["label"] for link in known["links.json"]] == ["Grandma"]
    assert known["account.json"]["email"] == "ada@example.org"
    whole = b"".join(made.read(name) for name in texts).decode()
    assert token not in whole and bob.email not in whole and "gone.wav" not in whole
    assert "Everything of Ada Moreau" in made.read("README.txt").decode()
    (tmp_path / "it.zip").write_bytes(data)
    if unzip := shutil.which("unzip"):
        subprocess.run([unzip, "-tqq", "it.zip"], cwd=tmp_path, check=True)


def test_the_worker_makes_it_ready_piece_by_piece(
    app: Flask, client: Browser, ada: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    photos = sounds(ada, "a.wav", "b.wav", "c.wav", "d.wav")
    perform_all(app)
    forget_crcs()
    monkeypatch.setattr(making, "SOME", 2)
    assert "Make it ready" in client.get(PAGE).text
    ask(client)
    worker.perform(app)
    page = client.get(PAGE).text
    ask(client)  # which changes nothing

    pieces = perform_all(app)

    size = sum(photo.size for photo in photos)
    assert "2 of 4 files looked at" in page and "data-refresh" in page
    assert f'value="{(photos[0].size + photos[1].size) * 100 // size}"' in page
    assert pieces == 3, "the other two, the list, and what is written down"
    data = {p: SETS[p.set_name].open(p.filename).read() for p in photos}
    assert [p.crc32 for p in photos] == [zlib.crc32(data[p]) for p in photos]
    acts = db.session.scalars(db.select(AuditEntry.act)).all()
    assert acts.count("export made") == 1
    assert ada.byte_count == size, "it takes no space of theirs"


def test_a_long_original_is_read_in_pieces(
    app: Flask, client: Browser, ada: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    (photo,) = sounds(ada, "a.wav")
    perform_all(app)
    crc = photo.crc32
    forget_crcs()
    monkeypatch.setattr(making, "SECONDS", -1)
    monkeypatch.setattr(making, "PIECE", photo.size // 3)
    ask(client)

    reads = []
    while worker.perform(app):
        reads.append(db.session.scalar(db.select(Export.read)))
        db.session.rollback()

    db.session.refresh(photo)
    third = photo.size // 3
    assert reads[:2] == [third, 2 * third] and photo.crc32 == crc


def test_what_a_killed_worker_had_begun_to_write_is_written_anew(
    app: Flask, client: Browser, ada: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    sounds(ada, "a.wav", "b.wav", "c.wav")
    perform_all(app)
    monkeypatch.setattr(contents, "SOME", 1)
    monkeypatch.setattr(making, "SECONDS", -1)
    ask(client)

    while worker.perform(app):
        if db.session.scalar(db.select(Export.ended_at)) is None:
            for folder in folders():
                with (folder / "photos.json").open("a") as file:
                    file.write('{"file": "ha')
        db.session.rollback()

    _, known = opened(client.get(link_on(client.get(PAGE).text)).data)
    assert [photo["name"] for photo in known["photos.json"]] == ["a.wav", "b.wav", "c.wav"]


def test_it_stays_the_same_though_the_gallery_changes(
    app: Flask, client: Browser, ada: User
) -> None:
    cat, dog = sounds(ada, "cat.wav", "dog.wav")
    album = make_album(ada)
    put_in(album, cat)
    url = made_ready(app, client)
    whole = client.get(url)
    begin_writing()
    cat.caption, cat.client_name = "Another", "tiger.wav"
    cat.place(TAKEN)
    trash.discard(dog)
    db.session.commit()
    sounds(ada, "new.wav", longer=0.5)

    size = len(whole.data)
    assert int(whole.headers["Content-Length"]) == size
    assert client.get(url).data == whole.data
    for start in (1, 700, size // 2, size - 100, size - 1):
        rest = client.get(
            url, headers={"Range": f"bytes={start}-", "If-Range": whole.headers["ETag"]}
        )
        assert (rest.status_code, rest.data) == (206, whole.data[start:])


def test_what_is_deleted_for_good_ends_it(app: Flask, client: Browser, ada: User) -> None:
    cat, dog = sounds(ada, "cat.wav", "dog.wav")
    url = made_ready(app, client)
    begin_writing()
    trash.discard(dog)
    db.session.commit()
    empty_trash(client)

    gone = client.get(url, headers={"Range": "bytes=100-"})
    page = client.get(PAGE).text

    assert gone.status_code == 410 and "Some of it was deleted meanwhile" in gone.text
    assert "Some of it was deleted meanwhile" in page and "Make it anew" in page
    again = made_ready(app, client)
    made, _ = opened(client.get(again).data)
    assert again != url and f"{cat.local_day:%Y-%m}/cat.wav" in made.namelist()
    assert client.get(url).status_code == 404


def test_a_gallery_that_came_back_from_a_backup_has_it_no_more(
    app: Flask, client: Browser, ada: User
) -> None:
    url = made_ready(app, client)
    shutil.rmtree(storage.root() / making.FOLDER)

    assert client.get(url).status_code == 410 and "Make it anew" in client.get(PAGE).text


def test_nobody_else_gets_it(app: Flask, client: Browser, ada: User) -> None:
    sounds(ada, "cat.wav")
    url = made_ready(app, client)
    root = sign_in(app.test_client(), make_user("Root Boss", is_admin=True))

    assert root.get(url).status_code == 404
    assert app.test_client().get(url).status_code == 302
    root.submit(f"{PAGE}/delete")
    assert client.get(url).status_code == 200


def test_what_the_disk_cannot_read_any_more_is_left_out_and_said(
    app: Flask, client: Browser, ada: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken, whole = sounds(ada, "broken.wav", "whole.wav")
    begin_writing()
    broken.crc32 = whole.crc32 = None
    db.session.commit()
    usual = LocalStore.open

    def of_broken_disk(store: LocalStore, key: str, *rest: int) -> BinaryIO:
        # What the system itself cannot read at its beginning, and says so as of a broken disk.
        if key == broken.filename:
            return Path("/proc/self/mem").open("rb")
        return usual(store, key, *rest)

    monkeypatch.setattr(LocalStore, "open", of_broken_disk)

    client.submit(PAGE, current=PASSWORD)
    while worker.perform(app):
        pass

    export = db.session.scalars(db.select(Export)).one()
    assert (export.reason, export.missing) == ("", [broken.id])
    assert [each.photo_id for each in making.originals(export)] == [whole.id]


def test_one_that_is_at_work_is_left_to_its_worker(client: Browser, ada: User) -> None:
    sounds(ada, "a.wav")
    client.submit(PAGE, current=PASSWORD)
    begin_writing()
    claimed = Job.claim({making.KIND})
    db.session.commit()

    client.submit(PAGE, current=PASSWORD)

    begin_writing()
    assert claimed is not None and Job.claim({making.KIND}) is None


def test_it_is_made_for_whoever_knows_the_password(client: Browser, ada: User) -> None:
    answer = client.submit(PAGE, current="guessed")

    assert answer.status_code == 422 and "This is not your password." in answer.text
    assert db.session.scalars(db.select(Export)).all() == []


def folders() -> list[Path]:
    return list((storage.root() / making.FOLDER).glob("*"))


def test_it_is_gone_after_a_week(app: Flask, client: Browser, ada: User) -> None:
    url = made_ready(app, client)
    begin_writing()
    db.session.execute(db.update(Export).values(ended_at=now() - LASTS))
    db.session.commit()

    assert client.get(url).status_code == 404 and "Make it ready" in client.get(PAGE).text
    sweep.sweep()

    assert db.session.scalars(db.select(Export)).all() == [] and folders() == []


def test_deleted_it_leaves_nothing(app: Flask, client: Browser, ada: User) -> None:
    url = made_ready(app, client)
    assert [folder.name for folder in folders()] == [url.split("/")[-1].removesuffix(".zip")]

    client.submit(f"{PAGE}/delete")

    assert folders() == [] and client.get(url).status_code == 404


def test_it_goes_with_the_account(app: Flask, client: Browser, ada: User) -> None:
    sounds(ada, "cat.wav")
    made_ready(app, client)
    page = client.get("/settings/delete").text
    begin_writing()
    ada.leaving_at = now() - GRACE
    db.session.commit()

    sweep.sweep()

    assert f'href="{PAGE}"' in page, "it is offered first"
    assert folders() == [] and db.session.scalars(db.select(User)).all() == []


def test_stopped_while_it_was_made_it_leaves_nothing(
    app: Flask, client: Browser, ada: User
) -> None:
    sounds(ada, "cat.wav")
    ask(client)
    export = db.session.scalars(db.select(Export)).one()
    (storage.root() / making.FOLDER / export.public_id).mkdir(parents=True)

    client.submit(f"{PAGE}/delete")
    perform_all(app)

    assert folders() == [] and "Make it ready" in client.get(PAGE).text


def test_file_that_is_missing_or_cut_off_is_named(app: Flask, client: Browser, ada: User) -> None:
    cat, dog, _ = sounds(ada, "cat.wav", "dog.wav", "cow.wav")
    storage.path_of(cat.set_name, cat.filename).unlink()
    os.truncate(storage.path_of(dog.set_name, dog.filename), 100)

    made, known = opened(client.get(made_ready(app, client)).data)

    text = made.read("Not in here.txt").decode()
    assert "cat.wav" in text and "dog.wav" in text
    assert {photo["name"]: photo["file"] is None for photo in known["photos.json"]} == {
        **{"cat.wav": True, "dog.wav": True},
        "cow.wav": False,
    }
    assert len(made.namelist()) == 7


def test_one_that_breaks_off_says_so(app: Flask, client: Browser, ada: User) -> None:
    ask(client)
    (storage.root() / storage.MARKER).unlink()

    perform_all(app)

    page = client.get(PAGE).text
    assert "It did not come to its end" in page and "Make it anew" in page
    assert str(storage.root()) not in page


def test_nothing_of_the_database_is_held_while_it_is_sent(
    app: Flask, client: Browser, ada: User
) -> None:
    sounds(ada, "cat.wav")
    answer = client.get(made_ready(app, client), buffered=False)
    try:
        next(answer.iter_encoded())
        assert db.engine.pool.checkedout() == 0
    finally:
        answer.close()


LARGE = 400_000_000
# A worker that often writes down how far it is, and says nothing of it.
WORKER = """
from gallery import worker
from gallery.factory import create_app
from gallery.exports import contents, making
making.SECONDS = 0.02
app = create_app()
while worker.perform(app):
    pass
"""


def make_large(owner: User, size: int) -> Photo:
    """An original that is mostly a hole in its file, and whose CRC nobody has asked for."""
    (photo,) = sounds(owner, "large.wav")
    os.truncate(storage.path_of(photo.set_name, photo.filename), size)
    begin_writing()
    photo.size, photo.crc32 = size, None
    db.session.execute(db.update(User).values(byte_count=size))
    db.session.commit()
    return photo


def test_killed_in_the_middle_it_goes_on_where_it_was(
    app: Flask, client: Browser, ada: User
) -> None:
    photo = make_large(ada, LARGE)
    perform_all(app)
    ask(client)
    program = subprocess.Popen([sys.executable, "-c", WORKER], cwd=ROOT, env={**os.environ})
    end = time.monotonic() + 60
    while not (read := db.session.scalar(db.select(Export.read))):
        db.session.rollback()
        assert time.monotonic() < end
        time.sleep(0.005)
    program.send_signal(signal.SIGKILL)
    program.wait(30)
    begin_writing()
    db.session.execute(db.update(worker.Job).values(lease_until=now() - LASTS))
    db.session.commit()
    assert 0 < read < LARGE
    perform_all(app)

    url = link_on(client.get(PAGE).text)
    begin = client.get(url, headers={"Range": "bytes=0-999"}).data
    with storage.path_of(photo.set_name, photo.filename).open("rb") as original:
        head = original.read(1 << 16)
    crc = zlib.crc32(head)
    for _ in range((LARGE - len(head)) // 1_000_000):
        crc = zlib.crc32(bytes(1_000_000), crc)
    crc = zlib.crc32(bytes((LARGE - len(head)) % 1_000_000), crc)
    db.session.refresh(photo)
    assert photo.crc32 == crc and begin.startswith(b"PK\3\4")


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_two_gigabytes_go_out_with_the_memory_of_one_piece(
    app: Flask, client: Browser, ada: User, tmp_path: Path
) -> None:
    make_large(ada, 2_200_000_000)
    url = made_ready(app, client)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    answer = client.get(url, buffered=False)

    with (tmp_path / "it.zip").open("wb") as file:
        for piece in answer.iter_encoded():
            if piece.count(0) == len(piece):
                file.seek(len(piece), os.SEEK_CUR)
            else:
                file.write(piece)
        file.truncate()
    answer.close()

    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 16_000  # KiB
    assert zipfile.ZipFile(tmp_path / "it.zip").testzip() is None
