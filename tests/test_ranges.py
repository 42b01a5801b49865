"""A download that is taken up again begins where it broke, in the program as it runs."""

import hashlib
import signal
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from gallery.extensions import begin_writing, db, now
from gallery.factory import create_app
from gallery.photos.models import Kind, Photo, State
from gallery.upload_sets import media
from tests.make import make_album, make_link, make_user, put_in
from tests.programs import Program

MB = 1_000_000
SIZE = 300 * MB


@pytest.fixture
def program(tmp_path: Path, built_assets: Path) -> Iterator[Program]:
    running = Program(tmp_path / "instance")
    running.wait_until_up()
    yield running
    running.end(signal.SIGKILL)


def film(instance: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Put a film of nothing into an album, and return the path of a link to it."""
    monkeypatch.setenv("GALLERY_INSTANCE_PATH", str(instance))
    with create_app().app_context():
        ada = make_user()
        folder = Path(media.config.destination, ada.folder)
        folder.mkdir(parents=True)
        with (folder / "film.mp4").open("wb") as file:
            file.truncate(SIZE)
        begin_writing()
        photo = Photo(owner_id=ada.id, kind=Kind.VIDEO, set_name="media", state=State.READY)
        photo.filename, photo.client_name = f"{ada.folder}/film.mp4", "film.mp4"
        photo.size, photo.type, photo.created_at = SIZE, "video/mp4", now()
        photo.sha256, photo.crc32 = hashlib.sha256(b"").hexdigest(), 0
        photo.place(now())
        db.session.add(photo)
        db.session.commit()
        album = make_album(ada)
        put_in(album, photo)
        db.session.commit()
        token = make_link(album, hides_places=False)
        db.session.remove()
        db.engine.dispose()
    return f"/s/{token}"


def family(pid: int) -> list[int]:
    """A process and all that it has started."""
    listed = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(each for child in listed for each in family(int(child)))]


def bytes_read(program: Program) -> int:
    """What the program has read so far, from files and from wires."""
    said = [Path(f"/proc/{pid}/io").read_text() for pid in family(program.process.pid)]
    return sum(int(text.split()[1]) for text in said)


@pytest.mark.skipif(not Path("/proc/self/io").exists(), reason="the system does not count that")
def test_nothing_before_a_range_is_read(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    link = film(program.instance, monkeypatch)
    page = program.read(link)
    name = page.partition('data-id="')[2].partition('"')[0]

    for path in (f"{link}/photos.zip", f"{link}/d/{name}"):
        before = bytes_read(program)
        asked = urllib.request.Request(program.url + path, headers={"Range": "bytes=-1000"})
        with urllib.request.urlopen(asked, timeout=60) as answer:
            assert (answer.status, len(answer.read())) == (206, 1000), path
        assert bytes_read(program) - before < 20 * MB, path
