"""`python -m gallery.upload` against a gallery that runs."""

import os
import re
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from gallery.photos.pages import LABELS as OF_THE_RECEIPT
from gallery.upload.__main__ import LABELS
from tests.bench.kills import running
from tests.faults.person import Person
from tests.make import jpeg, png, recording
from tests.programs import Program, free_port
from tests.upload.sender import Sender, ended
from tests.wire import Wire

LARGE = 12_000_000
SLOW = 8_000_000
TXT = "This is not a photo, a video or a recording that we can read."


@pytest.fixture(scope="module")
def program(built_assets: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    instance = tmp_path_factory.mktemp("upload") / "instance"
    with running(instance, GALLERY_PHOTO_MAX_SIZE="20000000") as program:
        yield program


@pytest.fixture
def sender(program: Program, tmp_path: Path) -> Sender:
    return Sender(program.url, tmp_path / "home")


@pytest.fixture
def wire(program: Program) -> Iterator[Wire]:
    wire = Wire(program.port)
    yield wire
    wire.close()


@pytest.fixture
def card(tmp_path: Path) -> Path:
    """Twenty pictures in folders, one hidden and one linked."""
    top = tmp_path / "card"
    for number in range(20):
        (top / f"day {number // 10}").mkdir(parents=True, exist_ok=True)
        (top / f"day {number // 10}" / f"IMG_{number}.jpg").write_bytes(jpeg(seed=number))
    (top / ".hidden.jpg").write_bytes(jpeg(seed=50))
    (top / "link.jpg").symlink_to("/etc/passwd")
    return top


@pytest.fixture
def large(tmp_path: Path) -> Path:
    """A picture of three parts."""
    path = tmp_path / "large.jpg"
    data = jpeg() + os.urandom(LARGE)
    path.write_bytes(data[:LARGE])
    return path


def test_a_folder_is_sent_and_its_receipt_says_the_same(sender: Sender, card: Path) -> None:
    done = sender.send(card)

    assert done.returncode == 0, done.stderr
    assert "     20 added\n      0 already" in done.stdout
    assert f"The receipt: {sender.url}/upload/" in done.stdout
    assert sender.counts(done) == "20 added"


def test_time_of_a_file_is_sent_along(sender: Sender, tmp_path: Path) -> None:
    path = tmp_path / "old.png"
    path.write_bytes(png(seed=77))
    os.utime(path, (1551521472, 1551521472))

    sender.send(path)

    assert "March 2019" in sender.person.get("/photos").text


def test_the_same_line_again_sends_no_file(sender: Sender, wire: Wire, large: Path) -> None:
    sender.send(large)

    done = sender.send(large, url=wire.url)

    assert done.returncode == 0 and "1 already in your library" in done.stdout
    assert wire.sent < 10_000


def test_no_database_is_made_and_nothing_is_left(sender: Sender, card: Path) -> None:
    sender.send(card)

    assert sender.left_behind() == []


def test_killed_in_the_middle_it_goes_on_at_the_offset(
    sender: Sender, wire: Wire, large: Path
) -> None:
    wire.hold_at(7_000_000)
    begun = sender.start(large, url=wire.url)
    wire.wait_for(7_000_000)
    begun.kill()
    ended(begun)
    wire.let_go()

    done = sender.send(large, url=wire.url)

    assert sender.counts(done) == "1 added" and "1 added" in done.stdout
    assert wire.sent < LARGE * 1.02


def test_what_came_in_unheard_was_added_all_the_same(
    sender: Sender, wire: Wire, large: Path
) -> None:
    wire.hold_at(11_000_000)
    begun = sender.start(large, url=wire.url)
    wire.wait_for(11_000_000)
    wire.is_deaf = True
    wire.let_go()
    sender.wait_for_photo()
    begun.kill()
    ended(begun)
    wire.is_deaf = False

    done = sender.send(large, url=wire.url)

    assert "1 added" in done.stdout and sender.counts(done) == "1 added"
    assert wire.sent < LARGE * 1.02


def test_interrupted_it_goes_on_with_the_same_receipt(
    sender: Sender, wire: Wire, card: Path, large: Path
) -> None:
    wire.hold_at(6_000_000)
    begun = sender.start(card, large, url=wire.url)
    wire.wait_for(6_000_000)
    begun.send_signal(signal.SIGINT)
    stopped = ended(begun)
    wire.let_go()

    done = sender.send(card, large, url=wire.url)

    assert stopped.returncode == 130, stopped.stderr
    assert stopped.stderr.endswith("Stopped after 20 of 21. The same line goes on.\n")
    assert "     21 added" in done.stdout and sender.counts(done) == "21 added"
    assert sender.left_behind() == []


def test_what_is_gone_since_an_interruption_is_not_still_to_come(
    sender: Sender, wire: Wire, card: Path, large: Path
) -> None:
    large = large.rename(card / "z.jpg")
    wire.hold_at(6_000_000)
    begun = sender.start(card, url=wire.url)
    wire.wait_for(6_000_000)
    begun.kill()
    ended(begun)
    wire.let_go()
    large.unlink()

    done = sender.send(card, url=wire.url)

    assert sender.counts(done) == "20 added"


def test_what_a_gallery_does_not_keep_is_in_the_summary(sender: Sender, card: Path) -> None:
    for name in ("a.txt", "b.txt", "c.txt", "d.txt"):
        (card / name).write_text(f"{name} was written on the first afternoon.")

    done = sender.send(card)

    assert done.returncode == 0, done.stderr
    assert "      4 refused" in done.stdout
    assert f"        4 × {TXT} (a.txt, b.txt, c.txt, …)" in done.stdout
    assert sender.counts(done) == "20 added, 4 refused"


def test_a_file_over_the_limit_is_a_failure_and_costs_nothing(
    sender: Sender, wire: Wire, tmp_path: Path
) -> None:
    path = tmp_path / "huge.jpg"
    path.write_bytes(jpeg())
    os.truncate(path, 21_000_000)

    done = sender.send(path, url=wire.url)

    assert done.returncode == 1 and "21 MB is over the 20 MB limit. (huge.jpg)" in done.stdout
    assert sender.counts(done) == "1 refused" and wire.sent < 10_000


def test_a_copy_is_not_sent_a_second_time(sender: Sender, wire: Wire, large: Path) -> None:
    large.with_name("copy.jpg").write_bytes(large.read_bytes())

    done = sender.send(large, large.with_name("copy.jpg"), url=wire.url)

    assert sender.counts(done) == "1 added, 1 already in your library"
    assert wire.sent < LARGE * 1.02


def test_what_is_in_the_trash_comes_back(sender: Sender, tmp_path: Path) -> None:
    path = tmp_path / "birds.wav"
    path.write_bytes(recording())
    sender.send(path)
    trash_all(sender.person)

    done = sender.send(path)

    assert "1 back from the trash" in done.stdout
    assert sender.counts(done) == "1 back from the trash"


def trash_all(person: Person) -> None:
    for href in set(re.findall(r"/p/\w+", person.get("/photos").text)):
        assert person.submit(f"{href}/trash").status == 303


def test_an_empty_file_is_one_of_the_refused(sender: Sender, tmp_path: Path) -> None:
    (tmp_path / "empty.jpg").touch()

    done = sender.send(tmp_path / "empty.jpg")

    assert "This file is empty. (empty.jpg)" in done.stdout


def test_any_name_arrives(sender: Sender, tmp_path: Path) -> None:
    for number, name in enumerate((b"\xff\xfe.jpg", "写真 🐱.jpg".encode(), b"a, b;c.jpg")):
        (tmp_path / os.fsdecode(name)).write_bytes(png(seed=number))

    done = sender.send(*tmp_path.glob("*.jpg"))

    assert sender.counts(done) == "3 added", done.stdout


def test_a_line_that_breaks_loses_nothing(sender: Sender, wire: Wire, large: Path) -> None:
    wire.rate = SLOW
    begun = sender.start(large, url=wire.url)
    for place in (2_000_000, 7_000_000, 9_000_000):
        wire.cut_at(place)
    done = ended(begun)

    assert sender.counts(done) == "1 added", done.stderr
    assert wire.sent < LARGE * 1.2


def test_a_server_that_is_killed_and_comes_back_gets_the_rest(
    built_assets: Path, tmp_path: Path, large: Path
) -> None:
    with running(tmp_path / "instance") as program:
        wire, sender = Wire(program.port), Sender(program.url, tmp_path / "home")
        wire.hold_at(7_000_000)
        begun = sender.start(large, url=wire.url)
        wire.wait_for(7_000_000)
        program.end(signal.SIGKILL)
    wire.let_go()
    with running(tmp_path / "instance", GALLERY_PORT=str(program.port)):
        done = ended(begun)

        assert sender.counts(done) == "1 added", done.stderr
    wire.close()


def test_a_wrong_token_is_one_sentence(sender: Sender, card: Path) -> None:
    done = sender.send(card, token="gal_wrong")

    assert done.returncode == 1 and done.stdout == ""
    assert f"Error: The gallery at {sender.url} does not know this token." in done.stderr
    assert "Traceback" not in done.stderr


def test_what_can_be_no_token_is_one_sentence(sender: Sender, card: Path) -> None:
    done = sender.send(card, token="gal_…")

    assert done.returncode == 1 and done.stderr.startswith("Error: This is no token")
    assert done.stderr.count("\n") == 1


def test_a_token_revoked_in_the_middle_ends_the_run(
    sender: Sender, wire: Wire, large: Path
) -> None:
    wire.hold_at(6_000_000)
    begun = sender.start(large, url=wire.url)
    wire.wait_for(6_000_000)
    (revoke,) = re.findall(
        r"/settings/tokens/\w+/delete", sender.person.get("/settings/tokens").text
    )
    sender.person.submit(revoke)
    wire.let_go()
    done = ended(begun)

    assert done.returncode == 1 and "does not know this token. Stopped after 0 of 1." in done.stderr
    assert "The same line goes on." in done.stderr and "Traceback" not in done.stderr


def test_a_server_that_is_not_there_is_one_sentence(sender: Sender, card: Path) -> None:
    url = f"http://127.0.0.1:{free_port()}"

    done = sender.send(card, url=url)

    assert done.returncode == 1 and done.stdout == ""
    assert f"Error: The gallery at {url} cannot be reached." in done.stderr
    assert "Traceback" not in done.stderr


def test_a_server_that_is_no_gallery_is_one_sentence(sender: Sender, card: Path) -> None:
    done = sender.send(card, url=f"{sender.url}/photos")

    assert done.returncode == 1 and "is no gallery that takes uploads." in done.stderr


def test_an_empty_folder_is_one_sentence(sender: Sender, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()

    done = sender.send(tmp_path / "empty")

    assert (done.returncode, done.stderr) == (1, "Error: There is no file to send.\n")


def test_outcomes_have_the_words_of_the_receipt() -> None:
    words = {
        outcome.value: label.many.removeprefix("%(number)s ")
        for outcome, label in OF_THE_RECEIPT.items()
    }
    del words["waiting"]

    assert words == LABELS


def test_all_of_it_goes_into_an_album_once(sender: Sender, card: Path) -> None:
    for _ in range(2):
        assert sender.send(card, album="The card").returncode == 0

    page = sender.person.get("/albums").text
    assert page.count("<b><bdi>The card</bdi></b>") == 1
    assert "20 photos" in page


def test_an_album_is_called_by_its_address_too(sender: Sender, card: Path) -> None:
    address = sender.person.submit("/albums/new", title="The card").place

    done = sender.send(card, album=address.rpartition("/")[2])

    assert done.returncode == 0, done.stderr
    assert "20 photos" in sender.person.get("/albums").text


def test_a_title_that_no_album_can_have_is_said(sender: Sender, card: Path) -> None:
    done = sender.send(card, album="x" * 121)

    assert done.returncode == 1
    assert "An album’s title has 1 to 120 characters." in done.stderr
