"""A body on its way to a name."""

import contextlib
import csv
import errno
import hashlib
import io
import os
from pathlib import Path

import pytest
from werkzeug.datastructures import FileStorage

from gallery.uploads import Spool, StorageFull, UploadSet
from gallery.uploads.parts import Part
from gallery.uploads.spool import Digest

from .support import listing, make_app, make_set, upload

SMALL, LARGE = b"small", os.urandom(600_000)


def spool_of(body: bytes, staging: Path) -> Spool:
    spool = Spool(str(staging))
    for start in range(0, len(body), 100_000):
        spool.write(body[start : start + 100_000])
    return spool


@contextlib.contextmanager
def opened(folder: Path):
    fd = os.open(folder, os.O_RDONLY)
    yield fd
    os.close(fd)


@pytest.mark.parametrize("body", [b"", SMALL, LARGE], ids=["empty", "small", "large"])
def test_it_knows_what_was_written(tmp_path, body):
    spool = spool_of(body, tmp_path)

    assert (spool.size, spool.head) == (len(body), body[:4096])
    assert spool.sha256 == hashlib.sha256(body).hexdigest()


@pytest.mark.parametrize("body", [SMALL, LARGE], ids=["small", "large"])
def test_it_reads_and_seeks_like_a_file(tmp_path, body):
    spool = spool_of(body, tmp_path)

    assert (spool.tell(), spool.read()) == (len(body), b"")
    assert (spool.seek(2), spool.read(2), spool.tell()) == (2, body[2:4], 4)
    assert (spool.seek(-3, io.SEEK_END), spool.read()) == (len(body) - 3, body[-3:])
    assert (spool.seek(0), spool.read()) == (0, body)


def test_its_lines_can_be_read_as_a_table(tmp_path):
    file = FileStorage(spool_of(b"a,b\n" * 100_000, tmp_path), "table.csv")
    file.seek(0)

    assert sum(1 for _ in file.stream) == 100_000
    file.seek(0)
    assert next(csv.reader(io.TextIOWrapper(file.stream))) == ["a", "b"]


def test_it_only_grows(tmp_path):
    spool = spool_of(LARGE, tmp_path)
    spool.seek(0)

    with pytest.raises(io.UnsupportedOperation):
        spool.write(b"over")


@pytest.mark.parametrize("act", ["read", "write", "publish"])
def test_a_closed_spool_does_nothing_any_more(tmp_path, act):
    spool = spool_of(LARGE, tmp_path)
    spool.close()

    with opened(tmp_path) as folder, pytest.raises(ValueError, match="closed"):
        {
            "read": spool.read,
            "write": lambda: spool.write(b"more"),
            "publish": lambda: spool.publish(folder, "a"),
        }[act]()
    assert listing(tmp_path) == []


@pytest.mark.parametrize("body", [SMALL, LARGE], ids=["small", "large"])
def test_a_published_file_does_not_change_any_more(tmp_path, body):
    spool = spool_of(body, tmp_path)
    with opened(tmp_path) as folder:
        spool.publish(folder, "a")

    with pytest.raises(io.UnsupportedOperation):
        spool.write(b"more")
    assert (tmp_path / "a").read_bytes() == body


@pytest.mark.parametrize("body", [SMALL, LARGE], ids=["small", "large"])
def test_nothing_has_a_name_before_it_is_published(tmp_path, body):
    spool = spool_of(body, tmp_path)

    assert listing(tmp_path) == []
    spool.close()
    assert listing(tmp_path) == []


def test_a_small_body_takes_no_descriptor(tmp_path):
    before = len(os.listdir("/proc/self/fd"))

    spools = [spool_of(SMALL, tmp_path) for _ in range(900)]

    assert len(os.listdir("/proc/self/fd")) - before < 10
    assert len(spools) == 900


@pytest.mark.parametrize("body", [SMALL, LARGE], ids=["small", "large"])
def test_a_taken_name_is_refused_and_another_can_be_tried(tmp_path, body):
    (tmp_path / "a").write_bytes(b"first")
    spool = spool_of(body, tmp_path)

    with opened(tmp_path) as folder:
        with pytest.raises(FileExistsError):
            spool.publish(folder, "a")
        spool.publish(folder, "b")

    assert (tmp_path / "a").read_bytes() == b"first"
    assert (tmp_path / "b").read_bytes() == body


def test_replacing_is_atomic_and_leaves_nothing_else(tmp_path):
    (tmp_path / "a").write_bytes(b"first")
    reader = (tmp_path / "a").open("rb")

    with opened(tmp_path) as folder:
        spool_of(LARGE, tmp_path).publish(folder, "a", replace=True)

    assert (tmp_path / "a").read_bytes() == LARGE
    assert reader.read() == b"first"
    assert listing(tmp_path) == ["a"]


def test_a_file_has_the_mode_that_open_would_give_it(tmp_path):
    with opened(tmp_path) as folder:
        spool_of(SMALL, tmp_path).publish(folder, "a")
    (tmp_path / "b").touch()

    assert (tmp_path / "a").stat().st_mode == (tmp_path / "b").stat().st_mode


# Systems that cannot do all of this


def refuse_unnamed_files(monkeypatch):
    real = os.open

    def refuse(path, flags, *args, **options):
        if flags & os.O_TMPFILE == os.O_TMPFILE:
            raise OSError(errno.EOPNOTSUPP, "no unnamed files here")
        return real(path, flags, *args, **options)

    monkeypatch.setattr(os, "open", refuse)


def refuse_links(monkeypatch, number=errno.EPERM):
    def refuse(*args, **options):
        raise OSError(number, "no links here")

    monkeypatch.setattr(os, "link", refuse)


@pytest.mark.parametrize("body", [SMALL, LARGE], ids=["small", "large"])
@pytest.mark.parametrize("unnamed", [True, False])
@pytest.mark.parametrize("links", [None, errno.EPERM, errno.EXDEV, errno.EOPNOTSUPP])
def test_every_fall_back_keeps_the_promises(tmp_path, monkeypatch, body, unnamed, links):
    if not unnamed:
        refuse_unnamed_files(monkeypatch)
    if links:
        refuse_links(monkeypatch, links)
    photos = make_set(tmp_path)

    saved = [photos.save(upload(body=body)) for _ in range(2)]

    assert saved == ["cat.jpg", "cat_1.jpg"] == listing(tmp_path)
    assert [(tmp_path / name).read_bytes() for name in saved] == [body, body]


@pytest.mark.parametrize("links", [True, False])
def test_without_unnamed_files_a_closed_spool_still_leaves_nothing(tmp_path, monkeypatch, links):
    refuse_unnamed_files(monkeypatch)
    spool = spool_of(LARGE, tmp_path)
    assert listing(tmp_path)[0].startswith(".part-")

    spool.close()

    assert listing(tmp_path) == []


def test_without_unnamed_files_a_published_one_has_only_its_own_name(tmp_path, monkeypatch):
    refuse_unnamed_files(monkeypatch)
    file = upload(body=LARGE)

    make_set(tmp_path).save(file)

    assert listing(tmp_path) == ["cat.jpg"] and not file.stream.closed


@pytest.mark.parametrize("unnamed", [True, False])
def test_without_links_a_file_is_replaced_all_the_same(tmp_path, monkeypatch, unnamed):
    if not unnamed:
        refuse_unnamed_files(monkeypatch)
    refuse_links(monkeypatch)
    (tmp_path / "a").write_bytes(b"first")

    with opened(tmp_path) as folder, contextlib.closing(spool_of(LARGE, tmp_path)) as spool:
        spool.publish(folder, "a", replace=True)

    assert (tmp_path / "a").read_bytes() == LARGE
    assert listing(tmp_path) == ["a"]


def test_a_staging_folder_on_another_file_system_costs_a_copy_only(tmp_path, elsewhere):
    photos = UploadSet("photos", "jpg")
    app = make_app(photos, UPLOADED_PHOTOS_DEST=tmp_path, UPLOADS_STAGING=elsewhere)

    with app.app_context():
        photos.save(upload(body=LARGE))

    assert (tmp_path / "cat.jpg").read_bytes() == LARGE


def test_the_staging_folder_is_made_and_used(tmp_path):
    photos = UploadSet("photos", "jpg")
    staging = tmp_path / "new" / "staging"
    app = make_app(photos, UPLOADED_PHOTOS_DEST=tmp_path / "p", UPLOADS_STAGING=staging)

    with app.app_context():
        photos.save(upload(body=LARGE))

    assert staging.is_dir() and listing(tmp_path) == ["p/cat.jpg"]


# Durability


def watch_fsync(monkeypatch) -> list[str]:
    synced, real = [], os.fsync

    def fsync(fd):
        synced.append(os.readlink(f"/proc/self/fd/{fd}"))
        real(fd)

    monkeypatch.setattr(os, "fsync", fsync)
    return synced


def test_sync_reaches_the_file_then_its_folder_and_new_parents(tmp_path, monkeypatch):
    photos = UploadSet("photos", "jpg")
    app = make_app(photos, UPLOADED_PHOTOS_DEST=tmp_path / "new" / "p", UPLOADS_SYNC=True)
    synced = watch_fsync(monkeypatch)

    with app.app_context():
        photos.save(upload(body=LARGE), folder="ada")

    new = f"{tmp_path}/new"
    *parents, file, folder = synced
    assert {str(tmp_path), new, f"{new}/p"} <= set(parents)
    assert file.endswith("(deleted)") and folder == f"{new}/p/ada"


def test_sync_is_off_by_default(tmp_path, monkeypatch):
    synced = watch_fsync(monkeypatch)

    make_set(tmp_path).save(upload())

    assert synced == []


@pytest.mark.parametrize("failing", ["file", "folder"])
def test_a_disk_that_fails_to_sync_is_never_a_success(tmp_path, monkeypatch, failing):
    photos, failed = UploadSet("photos", "jpg"), []
    app = make_app(photos, UPLOADED_PHOTOS_DEST=tmp_path, UPLOADS_SYNC=True)

    def fsync(fd):
        path = os.readlink(f"/proc/self/fd/{fd}")
        if path == str(tmp_path) if failing == "folder" else path.endswith("(deleted)"):
            failed.append(listing(tmp_path))
            raise OSError(errno.EIO, "the disk fails")

    monkeypatch.setattr(os, "fsync", fsync)

    with app.app_context(), pytest.raises(OSError, match="the disk fails"):
        photos.save(upload())
    assert (failed, listing(tmp_path)) == ([["cat.jpg"] if failing == "folder" else []], [])


def test_a_full_disk_is_named_and_leaves_nothing(tmp_path, monkeypatch):
    def pwrite(*args):
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr(os, "pwrite", pwrite)

    for body in (SMALL, LARGE):
        with pytest.raises(StorageFull):
            make_set(tmp_path).save(upload(body=body))
    assert listing(tmp_path) == []


def test_of_gives_a_file_s_own_spool_again(tmp_path):
    file = upload(body=SMALL)
    file.read()

    spool = Spool.of(file, str(tmp_path))

    assert file.stream is spool is Spool.of(file)
    assert (file.read(), spool.size) == (SMALL, 5)


@pytest.mark.parametrize("known", [None, 0, 3])
def test_a_file_goes_on_arriving_and_its_digest_catches_up(tmp_path, known):
    (tmp_path / "half").write_bytes(b"first ")
    digest = None
    if known is not None:
        digest = Digest()
        digest.update(b"first "[:known])

    with opened(tmp_path) as folder, Spool.reopened(folder, "half", digest) as spool:
        spool.write(b"second")

        assert (spool.size, spool.head) == (12, b"first second")
        assert spool.sha256 == hashlib.sha256(b"first second").hexdigest()


def test_a_reopened_file_keeps_its_own_name_when_it_gets_another(tmp_path):
    (tmp_path / "half").write_bytes(b"whole")

    with opened(tmp_path) as folder:
        Spool.reopened(folder, "half").close()
        with Spool.reopened(folder, "half") as spool:
            spool.publish(folder, "cat.jpg")

    assert listing(tmp_path) == ["cat.jpg", "half"]
    assert (tmp_path / "cat.jpg").samefile(tmp_path / "half")


def test_parked_bodies_share_a_file_and_are_whole(tmp_path):
    bodies = [b"a" * 1000, b"", b"c" * 70_000]
    with opened(tmp_path) as folder, contextlib.closing(Part(folder)) as shared:
        offset, spools = 0, [spool_of(body, tmp_path) for body in bodies]
        for spool in spools:
            offset = spool.park(shared, offset)
        for number, spool in enumerate(spools):
            spool.publish(folder, str(number))
            spool.seek(0)

            assert spool.read() == bodies[number]
            assert (tmp_path / str(number)).read_bytes() == bodies[number]
            spool.close()
