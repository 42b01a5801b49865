"""What takes the room, as the disk has it."""

import csv
import os
import subprocess
from io import StringIO

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import event

from gallery import storage, worker
from gallery.accounts.models import User
from gallery.exports import making as exports
from gallery.extensions import begin_writing, db
from gallery.keeping import checking
from gallery.photos import derivatives, trash
from gallery.photos.models import Photo
from tests.conftest import Browser
from tests.make import encoded, make_photo, make_user, recording, sign_in


@pytest.fixture
def boss(client: Browser) -> Browser:
    return sign_in(client, make_user("Root Boss", is_admin=True))


def noise(megapixels: int) -> bytes:
    """A picture that no encoder makes small: beside it, what folders take is nothing."""
    size = (1000, 1000 * megapixels)
    return encoded(Image.frombytes("L", size, os.urandom(size[0] * size[1])), "PNG")


def with_previews(owner: User, data: bytes, name: str) -> Photo:
    photo = make_photo(owner, data, name)
    derivatives.derive(photo.id)
    db.session.commit()
    return photo


def shares(boss: Browser) -> dict[str, list[int]]:
    answer = boss.get("/admin/storage/storage.csv")
    assert answer.mimetype == "text/csv"
    _headings, *rows = csv.reader(StringIO(answer.text))
    return {name: [int(cell) for cell in cells] for name, *cells in rows}


def test_it_agrees_with_the_disk(app: Flask, boss: Browser) -> None:
    ada, eve = make_user(), make_user("Eve")
    small = with_previews(ada, noise(2), "2.png")
    large, sound = with_previews(eve, noise(5), "5.png"), make_photo(eve, recording(9), "r.wav")
    begin_writing()
    trash.discard(small)
    exports.begin(eve)
    db.session.commit()
    while worker.perform(app):
        pass

    found = shares(boss)
    page = boss.get("/admin/storage").text

    told = subprocess.run(
        ["du", "--summarize", "--bytes", storage.root()], capture_output=True, text=True
    )
    on_disk = int(told.stdout.split()[0])
    assert sum(cells[-1] for cells in found.values()) == pytest.approx(on_disk, rel=0.01)
    assert list(found) == ["Eve", "Ada Moreau", "Root Boss"], "the most first"
    assert (found["Eve"][0], found["Eve"][2]) == (large.size, sound.size)
    assert found["Ada Moreau"][4] == small.size and found["Root Boss"] == [0] * 6
    assert (storage.root() / exports.FOLDER).exists(), "and what Eve takes away is stored once"
    places = [page.index(text) for text in (">PNG, 5.0 MB</a>", "2.0 MB, in the trash", ">WAV, ")]
    assert places == sorted(places)
    assert "Not known" in page


def test_quarantine_is_as_the_last_check_saw_it(app: Flask, boss: Browser) -> None:
    photo = make_photo(make_user(), noise(1), "1.png")
    storage.quarantine(photo.set_name, photo.filename)
    checking.check(deep=False, progress=iter)
    db.session.commit()

    assert "<dt>Quarantine</dt><dd>1.0 MB</dd>" in boss.get("/admin/storage").text


def test_the_page_asks_as_much_of_a_large_gallery(app: Flask, boss: Browser) -> None:
    for name in ("Ada", "Eve", "Zoe"):
        owner = make_user(name)
        for number in range(10):
            make_photo(owner, recording(0.1 + number / 100), f"{number}.wav")
    told: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda *a: told.append(a[2]))

    assert boss.get("/admin/storage").status_code == 200

    assert len(told) <= 8, told
