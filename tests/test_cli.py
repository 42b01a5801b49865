"""The command line: users, import, verify, sweep."""

import datetime as dt
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

from gallery import storage
from gallery.accounts.models import User
from gallery.accounts.signing_in import user_with
from gallery.errors import CannotStart
from gallery.extensions import begin_writing, db, now
from gallery.factory import create_app
from gallery.photos import sweep as sweeping
from gallery.photos import trash
from gallery.photos.models import Photo
from gallery.photos.sweep import sweep
from tests.conftest import Browser
from tests.make import PASSWORD, jpeg, make_photo, make_user, png, recording, sign_in

ROOT = Path(__file__).parents[1]


def run(app: Flask, *arguments: str, typed: str = "") -> Result:
    db.session.rollback()
    done = app.test_cli_runner().invoke(args=["gallery", *arguments], input=typed)
    db.session.rollback()
    return done


def test_a_user_is_added_with_a_password_from_standard_input(app: Flask) -> None:
    done = run(app, "user", "add", "Root@example.org", "--admin", typed=f"{PASSWORD}\n")

    assert done.exit_code == 0, done.output
    assert user_with("root@example.org", PASSWORD).is_admin


def test_a_forgotten_password_is_replaced_from_the_command_line(
    app: Flask, client: Browser
) -> None:
    root = make_user("Root", is_admin=True)
    sign_in(client, root)

    short = run(app, "user", "password", root.email, typed="short\n")
    still_in = client.get("/photos").status_code
    done = run(app, "user", "password", "ROOT@example.org", typed="another horse battery\n")

    assert (short.exit_code, still_in, done.exit_code) == (1, 200, 0)
    assert client.get("/photos").status_code == 302
    assert user_with(root.email, "another horse battery") is not None
    assert user_with(root.email, PASSWORD) is None


def test_a_user_can_be_added_before_the_first_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GALLERY_INSTANCE_PATH", str(tmp_path))
    app = create_app()

    done = app.test_cli_runner().invoke(
        args=["gallery", "user", "add", "ada@example.org"], input=f"{PASSWORD}\n"
    )

    assert done.exit_code == 0, done.output


@pytest.mark.parametrize(
    ("typed", "sentence"), [("short\n", "8 characters"), (f"{PASSWORD}\n", "account with this")]
)
def test_a_user_that_cannot_be_is_one_sentence(app: Flask, typed: str, sentence: str) -> None:
    make_user()

    done = run(app, "user", "add", "ada@example.org", typed=typed)

    assert done.exit_code == 1
    assert sentence in done.output and "Traceback" not in done.output
    assert len(db.session.scalars(db.select(User)).all()) == 1


@pytest.fixture
def card(tmp_path: Path) -> Path:
    """A camera's card: folders, a duplicate, a note, a link, a hidden file."""
    top = tmp_path / "card"
    (top / "trip" / "day 1").mkdir(parents=True)
    (top / "a.jpg").write_bytes(jpeg(seed=1))
    (top / "trip" / "b.png").write_bytes(png(seed=2))
    (top / "trip" / "day 1" / "copy.jpg").write_bytes(jpeg(seed=1))
    (top / "trip" / "note.txt").write_text("Rain on the first afternoon.")
    (top / "trip" / "song.wav").write_bytes(recording())
    (top / ".hidden.jpg").write_bytes(jpeg(seed=3))
    (top / "link.jpg").symlink_to("/etc/passwd")
    return top


def snapshot(folder: Path) -> dict[str, tuple[int, int]]:
    return {str(p): (p.lstat().st_mtime_ns, p.lstat().st_size) for p in sorted(folder.rglob("*"))}


def test_import_takes_a_folder_and_says_what_became_of_each(app: Flask, card: Path) -> None:
    make_user()
    before = snapshot(card)

    done = run(app, "import", str(card), "--user", "ada@example.org")

    assert done.exit_code == 0, done.output
    assert "3 added" in done.output and "1 already in your library" in done.output
    assert "1 × This is not a photo, a video or a recording that we can read. (note.txt)" in (
        done.output
    )
    assert len(db.session.scalars(db.select(Photo)).all()) == 3
    assert snapshot(card) == before, "the source is as it was"


def test_import_keeps_the_time_of_each_file(app: Flask, card: Path) -> None:
    make_user()
    os.utime(card / "trip" / "b.png", (1551521472.25, 1551521472.25))

    run(app, "import", str(card / "trip" / "b.png"), "--user", "ada@example.org")

    photo = db.session.scalars(db.select(Photo)).one()
    assert photo.taken_at == dt.datetime(2019, 3, 2, 10, 11, 12, 250_000, tzinfo=dt.UTC)


def test_import_again_adds_nothing(app: Flask, card: Path) -> None:
    make_user()
    run(app, "import", str(card), "--user", "ada@example.org")

    done = run(app, "import", str(card), "--user", "ada@example.org")

    assert "0 added" in done.output and "4 already" in done.output


def test_an_interrupted_import_says_so_and_goes_on(
    app: Flask, instance: Path, tmp_path: Path
) -> None:
    make_user()
    card = tmp_path / "many"
    card.mkdir()
    for number in range(150):
        (card / f"IMG_{number}.png").write_bytes(png((900, 700), seed=number))
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "gallery", "import", str(card)]
    command += ["--user", "ada@example.org"]

    begun = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    while not (taken := _count_photos()):
        assert begun.poll() is None
        time.sleep(0.02)
    begun.send_signal(signal.SIGINT)
    said, _ = begun.communicate(timeout=30)
    done = run(app, "import", str(card), "--user", "ada@example.org")

    assert (begun.returncode, taken < 150) == (130, True), said
    assert "of 150. The same line goes on." in said
    assert done.exit_code == 0 and _count_photos() == 150
    assert run(app, "verify", "--deep").exit_code == 0


def _count_photos() -> int:
    db.session.rollback()
    return len(db.session.scalars(db.select(Photo.id)).all())


def test_import_for_nobody_is_one_sentence(app: Flask, card: Path) -> None:
    done = run(app, "import", str(card), "--user", "who@example.org")

    assert (done.exit_code, done.output) == (
        1,
        "Error: Nobody here has the email who@example.org.\n",
    )


def test_verify_is_content_with_a_healthy_gallery(app: Flask) -> None:
    make_photo(make_user())

    done = run(app, "verify", "--deep")

    assert done.exit_code == 0
    assert "1 photo compared, 0 wrong." in done.output


@pytest.mark.parametrize(
    ("harm", "sentence"),
    [
        (lambda path: path.unlink(), "its file is missing"),
        (lambda path: path.write_bytes(b"x"), "should have"),
        (lambda path: flip_a_byte(path), "not the ones that were sent"),
    ],
)
def test_verify_names_exactly_the_photo_that_was_harmed(app: Flask, harm, sentence: str) -> None:
    ada = make_user()
    photos = [make_photo(ada, jpeg(seed=seed)) for seed in (1, 2, 3)]
    harmed = photos[1].public_id

    harm(storage.path_of("photos", photos[1].filename))
    done = run(app, "verify", "--deep")

    assert done.exit_code == 1
    named = [line for line in done.output.splitlines() if line.startswith("photo ")]
    assert len(named) == 1 and harmed in named[0] and sentence in named[0]


def flip_a_byte(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def test_verify_finds_a_wrong_counter(app: Flask) -> None:
    ada = make_user()
    make_photo(ada)
    begin_writing()
    db.session.execute(db.update(User).values(photo_count=5))
    db.session.commit()

    assert "counted 5 photos" in run(app, "verify").output


def test_verify_refuses_an_unmounted_disk(app: Flask, instance: Path) -> None:
    make_photo(make_user())
    (instance / "uploads" / ".gallery-storage").unlink()

    assert "nothing was compared" in run(app, "verify").output


def lost_file(name: str = "ada/lost.jpg") -> Path:
    path = storage.path_of("photos", name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"lost")
    return path


def quarantined(instance: Path) -> Path:
    (found,) = (instance / "uploads" / "quarantine").rglob("lost.jpg")
    return found


def test_sweep_leaves_young_files_and_those_with_a_row(app: Flask) -> None:
    photo = make_photo(make_user())
    young = lost_file()

    done = run(app, "sweep")

    assert "0 files without a row" in done.output
    assert young.exists() and storage.path_of("photos", photo.filename).exists()


def test_sweep_moves_a_file_without_a_row_into_quarantine(app: Flask, instance: Path) -> None:
    path = lost_file()

    swept = sweep(grace=0)

    assert swept.without_row == 1 and not path.exists()
    assert quarantined(instance).read_bytes() == b"lost"


def test_sweep_ends_what_was_long_in_the_trash(app: Flask) -> None:
    photo = make_photo(make_user())
    path = storage.path_of("photos", photo.filename)
    begin_writing()
    trash.discard(photo)
    photo.trashed_at = now().replace(year=2020)
    db.session.commit()

    done = run(app, "sweep")

    assert "1 out of the trash moved into quarantine" in done.output
    assert not path.exists() and not db.session.scalars(db.select(Photo)).all()
    assert run(app, "verify").exit_code == 0


def test_the_quarantine_is_emptied_at_last(app: Flask, instance: Path) -> None:
    lost_file()
    sweep(grace=0)
    today = quarantined(instance).parents[2]
    today.rename(today.with_name("2020-01-31"))

    assert sweep().out_of_quarantine == 1
    assert not any((instance / "uploads" / "quarantine").iterdir())


def test_a_row_that_comes_in_the_moment_of_the_sweep_keeps_its_file(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = lost_file()
    answers = iter([False, True])
    monkeypatch.setattr(sweeping, "has_row", lambda *_: next(answers))

    assert sweep(grace=0).without_row == 0
    assert path.read_bytes() == b"lost"


def test_an_unmounted_disk_is_not_swept(app: Flask, instance: Path) -> None:
    photo = make_photo(make_user())
    begin_writing()
    trash.discard(photo)
    photo.trashed_at = now().replace(year=2020)
    db.session.commit()
    (instance / "uploads" / ".gallery-storage").unlink()

    with pytest.raises(CannotStart):
        sweep()
    assert db.session.scalar(db.select(Photo.id)) == photo.id


def test_a_file_that_may_not_be_read_is_on_the_receipt(app: Flask, card: Path, monkeypatch) -> None:
    make_user()
    opened = Path.open

    def open_or_refuse(path: Path, *arguments: object, **options: object) -> object:
        # Root may read everything, so the refusal has to be played.
        if path.name == "b.png":
            raise PermissionError(13, "Permission denied")
        return opened(path, *arguments, **options)

    monkeypatch.setattr(Path, "open", open_or_refuse)
    done = run(app, "import", str(card), "--user", "ada@example.org")

    assert done.exit_code == 0
    assert "1 × This file may not be read. (b.png)" in done.output and "2 added" in done.output
