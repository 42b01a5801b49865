"""A backup is whole or none, and what it restores to verifies clean."""

import os
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import closing, contextmanager
from hashlib import sha256
from itertools import count
from pathlib import Path
from threading import Event

import pytest
from click.testing import Result
from flask import Flask

from gallery import storage
from gallery.extensions import db
from gallery.factory import create_app
from gallery.keeping import backup, contents
from gallery.keeping.models import Backup, Check
from gallery.photos import derivatives, trash
from gallery.photos.models import Derivative, Photo
from tests.bench.kills import running
from tests.faults.person import Person
from tests.make import PASSWORD, jpeg, make_photo, make_user, png, recording


def run(app: Flask, *arguments: str, typed: str = "") -> Result:
    db.session.rollback()
    done = app.test_cli_runner().invoke(args=["gallery", *arguments], input=typed)
    db.session.rollback()
    return done


def add(number: int) -> list[Photo]:
    """Photos of somebody, two of each three with previews."""
    ada = make_user()
    photos = [make_photo(ada, png(seed=seed), f"{seed}.png") for seed in range(number)]
    photos.append(make_photo(ada, recording(), "rain.wav"))
    for photo in photos[: number * 2 // 3]:
        derivatives.derive(photo.id)
    db.session.commit()
    return photos


@contextmanager
def elsewhere(folder: Path, patch: pytest.MonkeyPatch) -> Iterator[Flask]:
    """An instance that was never started."""
    patch.setenv("GALLERY_INSTANCE_PATH", str(folder))
    app = create_app({"TESTING": True})
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def digests() -> set[str]:
    return set(db.session.scalars(db.select(Photo.sha256)))


def changed(folder: Path) -> dict[str, int]:
    files = (path for path in folder.joinpath("files").rglob("*") if path.is_file())
    return {path.name: path.stat().st_mtime_ns for path in files}


def test_it_restores_to_a_gallery_that_verifies_clean(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(3)
    sent, previews = digests(), db.session.scalars(db.select(Derivative.filename)).all()
    key = Path(app.instance_path, "secret_key").read_text()

    done = run(app, "backup", str(tmp_path / "kept"))

    assert done.exit_code == 0, done.output
    assert f"4 photos, {4 + len(previews)} files with" in done.output and previews
    assert (tmp_path / "kept" / "secret_key").stat().st_mode & 0o777 == 0o600
    assert db.session.scalars(Backup.last()).one().files == 4 + len(previews)
    with elsewhere(tmp_path / "new", monkeypatch) as new:
        restored = run(new, "restore", str(tmp_path / "kept"))
        assert restored.exit_code == 0, restored.output
        deep = run(new, "verify", "--deep")
        assert deep.exit_code == 0 and "no row" not in deep.output, deep.output
        assert digests() == sent
        assert [check.is_deep for check in db.session.scalars(db.select(Check))] == [False, True]
        assert Path(new.instance_path, "secret_key").read_text() == key
        again = run(new, "restore", str(tmp_path / "kept"))
        assert again.exit_code == 1 and "Somebody has an account here" in again.output


def test_previews_may_be_left_out_and_are_made_again(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    photo = add(3)[0].id

    run(app, "backup", str(tmp_path / "kept"), "--no-previews")

    assert not (tmp_path / "kept" / "files" / "previews").exists()
    with elsewhere(tmp_path / "new", monkeypatch) as new:
        restored = run(new, "restore", str(tmp_path / "kept"))
        assert restored.exit_code == 0, restored.output
        derivatives.derive(photo)
        db.session.commit()
        assert len(db.session.get(Photo, photo).derivatives) == len(new.config["VARIANTS"])
        assert run(new, "verify", "--deep").exit_code == 0


def test_again_it_copies_only_what_is_new(app: Flask, tmp_path: Path) -> None:
    photo = add(3)[0]
    kept = tmp_path / "kept"
    run(app, "backup", str(kept))
    before = changed(kept)
    make_photo(photo.owner, png(seed=9), "new.png")
    flipped = kept / "files" / photo.set_name / photo.filename
    flipped.write_bytes(flipped.read_bytes()[:-1] + b"!")

    run(app, "backup", str(kept))
    left = changed(kept)
    run(app, "backup", str(kept), "--check")

    assert left.keys() - before.keys() == {"new.png"}
    assert {name for name in before if before[name] != left[name]} == {flipped.name}
    assert flipped.read_bytes() == storage.path_of(photo.set_name, photo.filename).read_bytes()
    assert len(list(kept.glob("*.sqlite"))) == 1, "and of the database only the last"


def test_what_somebody_deletes_meanwhile_is_not_missed(app: Flask, tmp_path: Path) -> None:
    photos = add(3)

    def deleting(files):
        """What a person does who empties the trash."""
        if photos[0].trashed_at is None:
            trash.discard(photos[0])
            db.session.commit()
            trash.remove(trash.delete_rows(trash.trashed_by(photos[0].owner)))
            db.session.commit()
        return iter(files)

    made = backup.back_up(tmp_path / "kept", progress=deleting)

    assert made.wrong == [] and made.photos == 3
    with closing(sqlite3.connect(tmp_path / "kept" / made.database)) as copy:
        assert {row[0] for row in copy.execute("SELECT sha256 FROM photos")} == digests()


def test_what_is_lost_or_altered_is_named(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lost, altered, sound = add(2)
    storage.path_of(lost.set_name, lost.filename).unlink()
    path = storage.path_of(altered.set_name, altered.filename)
    path.write_bytes(path.read_bytes()[:-1] + b"!")
    sentences = (
        f"photos/{lost.filename}: its file is missing.\n",
        f"photos/{altered.filename}: its bytes are not the ones that were sent.\n",
    )

    done = run(app, "backup", str(tmp_path / "kept"))

    assert done.exit_code == 1 and "2 wrong" in done.output
    assert all(done.output.count(sentence) == 1 for sentence in sentences), done.output
    previews = db.session.scalars(db.select(Derivative.size)).all()
    size = altered.size + sound.size + sum(previews)
    assert contents.of(tmp_path / "kept").size == size
    with elsewhere(tmp_path / "new", monkeypatch) as new:
        restored = run(new, "restore", str(tmp_path / "kept"))
        assert restored.exit_code == 1
        assert all(sentence in restored.output for sentence in sentences), restored.output


def test_one_that_was_stopped_is_none_and_goes_on(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    photos, kept = add(3), tmp_path / "kept"

    def stopping(files):
        yield next(iter(files))
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        backup.back_up(kept, progress=stopping)

    first = changed(kept)
    assert len(first) == 1
    with elsewhere(tmp_path / "new", monkeypatch) as new:
        done = run(new, "restore", str(kept))
        assert done.exit_code == 1 and "did not come to its end" in done.output
    backup.back_up(kept)
    assert first.items() <= changed(kept).items()
    whole = contents.of(kept)
    make_photo(photos[0].owner, png(seed=9), "new.png")
    with pytest.raises(KeyboardInterrupt):
        backup.back_up(kept, progress=stopping)
    assert contents.of(kept) == whole and [p.name for p in kept.glob("*.sqlite")] == [
        whole.database
    ]


def test_it_leads_nowhere_else(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    add(1)
    kept, outside = tmp_path / "kept", tmp_path / "outside"
    (kept / "files").mkdir(parents=True)
    outside.mkdir()
    (kept / "files" / "photos").symlink_to(outside)

    inside = run(app, "backup", str(storage.root() / "photos" / "kept"))
    linked = run(app, "backup", str(kept))

    assert inside.exit_code == linked.exit_code == 1 and list(outside.iterdir()) == []
    assert "inside of what is to be backed up" in inside.output
    assert "Traceback" not in linked.output and not (kept / "manifest.json").exists()


def test_two_at_once_are_refused(app: Flask, tmp_path: Path) -> None:
    def again(files):
        done.append(run(app, "backup", str(tmp_path / "kept")))
        return iter(files)

    add(1)
    done: list[Result] = []

    backup.back_up(tmp_path / "kept", progress=again)

    assert done[0].exit_code == 1 and "Another backup is at work" in done[0].output


def test_one_of_a_newer_gallery_is_refused(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(1)
    db.session.execute(db.text("UPDATE alembic_version SET version_num = '9999'"))
    db.session.commit()
    backup.back_up(tmp_path / "kept")

    with elsewhere(tmp_path / "new", monkeypatch) as new:
        done = run(new, "restore", str(tmp_path / "kept"))

    assert done.exit_code == 1 and "of a newer gallery" in done.output


def test_a_database_that_was_altered_is_refused(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(1)
    made = backup.back_up(tmp_path / "kept")
    with (tmp_path / "kept" / made.database).open("r+b") as file:
        file.seek(-1, os.SEEK_END)
        file.write(b"!")

    with elsewhere(tmp_path / "new", monkeypatch) as new:
        done = run(new, "restore", str(tmp_path / "kept"))

        assert done.exit_code == 1 and "is not what was written there" in done.output
        assert run(new, "user", "add", "ada@example.org", typed=f"{PASSWORD}\n").exit_code == 0


def test_while_people_upload(
    built_assets: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    acknowledged: set[str] = set()
    is_over = Event()

    def upload(sender: int) -> None:
        for number in count(sender, 2):
            if is_over.wait(0.2):
                return
            data = jpeg((400, 300), seed=number) + number.to_bytes(4)
            assert Person(program.url, ada.cookie).send((f"{number}.jpg", data)).status == 303
            acknowledged.add(sha256(data).hexdigest())

    with running(tmp_path / "old") as program, ThreadPoolExecutor(2) as crowd:
        ada = Person(program.url).register()
        senders = [crowd.submit(upload, sender) for sender in range(2)]
        try:
            while len(acknowledged) < 6:
                assert not wait(senders, timeout=0.1).done
            before = set(acknowledged)
            program.flask("backup", str(tmp_path / "kept"))
            after = set(acknowledged)
        finally:
            is_over.set()
    for sender in senders:
        sender.result()

    assert len(after) > len(before), "they uploaded all the time"
    with closing(sqlite3.connect(*(tmp_path / "kept").glob("*.sqlite"))) as snapshot:
        kept = {digest for (digest,) in snapshot.execute("SELECT sha256 FROM photos")}
    assert before <= kept
    with elsewhere(tmp_path / "new", monkeypatch) as new:
        restored = run(new, "restore", str(tmp_path / "kept"))
        assert restored.exit_code == 0, restored.output
        deep = run(new, "verify", "--deep")
        assert deep.exit_code == 0 and "0 wrong." in deep.output, deep.output
        assert digests() == kept
