"""The contract that every store answers, and what only the local folder promises."""

import contextlib
import dataclasses
import io
import os
import time

import pytest

from gallery.uploads import LocalStore, Spool, UploadConfiguration, UploadSet, testing
from gallery.uploads.exceptions import UnsafePath
from gallery.uploads.stores import Stat
from gallery.uploads.testing import CONTRACT, BrokenContract, lint

from .support import JPEG, at_once, listing, make_app, upload


def put(store: LocalStore, key: str, body: bytes = JPEG) -> None:
    spool = Spool(store.root)
    spool.write(body)
    store.put(spool, key, type="image/jpeg")


@pytest.mark.parametrize("clause", CONTRACT, ids=lambda clause: clause.__name__)
@pytest.mark.parametrize("sync", [False, True])
def test_a_local_folder_keeps_the_contract(tmp_path, clause, sync):
    clause(LocalStore(tmp_path / "store", sync=sync))

    assert listing(tmp_path) == []


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_a_gibibyte_takes_a_local_folder_little_memory(tmp_path):
    testing.takes_little_memory(LocalStore(tmp_path), 1024 * testing.MIB)


class Shortening(LocalStore):
    def open(self, key, start=0, stop=None):
        return super().open(key, start, 100_000 if stop is None else stop)


class Overwriting(LocalStore):
    def put(self, part, key, *, replace=False, type):
        super().put(part, key, replace=True, type=type)


class Stubborn(LocalStore):
    def put(self, part, key, *, replace=False, type):
        with contextlib.suppress(FileExistsError if replace else ()):
            super().put(part, key, type=type)


class Tagless(LocalStore):
    def stat(self, key):
        facts = super().stat(key)
        return facts and dataclasses.replace(facts, etag="tag")


class LookingFirst(LocalStore):
    def put(self, part, key, *, replace=False, type):
        if not replace and self.stat(key):
            raise FileExistsError(key)
        time.sleep(0.05)
        super().put(part, key, replace=True, type=type)


class Consuming(LocalStore):
    def __init__(self, root):
        super().__init__(root)
        self.consumed = set()

    def put(self, part, key, *, replace=False, type):
        rest = Spool(self.root) if part in self.consumed else part
        super().put(rest, key, replace=replace, type=type)
        self.consumed.add(part)


class Inclusive(LocalStore):
    def open(self, key, start=0, stop=None):
        return super().open(key, start, None if stop is None else stop + 1)


class Indiscreet(LocalStore):
    def list(self, prefix):
        return super().list("")


class Ageless(LocalStore):
    def stat(self, key):
        facts = super().stat(key)
        return facts and dataclasses.replace(facts, mtime=0.0)


class Inventing(LocalStore):
    def open(self, key, start=0, stop=None):
        return super().open(key, start, stop) if self.stat(key) else io.BytesIO()


class Cleaning(LocalStore):
    def put(self, part, key, *, replace=False, type):
        super().put(part, key.strip("/.") or "file", replace=replace, type=type)


class Reserving(LocalStore):
    def put(self, part, key, *, replace=False, type):
        super().put(Spool(self.root), key, replace=replace, type=type)
        super().put(part, key, replace=True, type=type)


class DeletingFirst(LocalStore):
    def put(self, part, key, *, replace=False, type):
        if replace:
            self.delete(key)
        super().put(part, key, type=type)


class Greedy(LocalStore):
    def open(self, key, start=0, stop=None):
        with super().open(key, start, stop) as file:
            return io.BytesIO(file.read())


BREACHES = [
    (testing.keeps_every_byte, Shortening),
    (testing.refuses_a_taken_key, Overwriting),
    (testing.replaces_when_told, Stubborn),
    (testing.replaces_when_told, Tagless),
    (testing.lets_one_of_sixteen_win, LookingFirst),
    (testing.takes_one_body_twice, Consuming),
    (testing.reads_from_the_middle, Inclusive),
    (testing.says_what_it_has, Indiscreet),
    (testing.says_what_it_has, Ageless),
    (testing.says_what_is_missing, Inventing),
    (testing.stays_inside, Cleaning),
    (testing.leaves_nothing_of_a_broken_body, Reserving),
    (testing.leaves_nothing_of_a_broken_body, DeletingFirst),
    (testing.takes_little_memory, Greedy),
]


@pytest.mark.parametrize(("clause", "wrong"), BREACHES, ids=lambda each: each.__name__)
def test_a_clause_notices_a_store_that_breaks_it(tmp_path, clause, wrong):
    with pytest.raises(BrokenContract, match=clause.__name__):
        clause(wrong(tmp_path))


def test_every_clause_is_known_to_notice_something():
    assert {clause for clause, _ in BREACHES} == set(CONTRACT)


def test_lint_names_the_clause_that_is_broken(tmp_path):
    with pytest.raises(BrokenContract, match="refuses_a_taken_key"):
        lint(Overwriting(tmp_path))


def test_lint_leaves_the_files_that_were_there(tmp_path):
    put(LocalStore(tmp_path), "cat.jpg")

    lint(LocalStore(tmp_path))

    assert listing(tmp_path) == ["cat.jpg"]


def test_sixteen_uploads_may_make_one_folder_at_once(tmp_path):
    store = LocalStore(tmp_path / "store")

    at_once(16, lambda number: put(store, f"a/b/{number}.jpg"))

    assert len(list(store.list("a/b/"))) == 16


@pytest.mark.parametrize("act", ["open", "stat", "delete", "list"])
def test_a_symlink_is_as_good_as_missing(tmp_path, act):
    store = LocalStore(tmp_path / "store")
    put(store, "bob/cat.jpg")
    (tmp_path / "store" / "ada").symlink_to("bob")
    (tmp_path / "store" / "dog.jpg").symlink_to("bob/cat.jpg")

    for key in ("ada/cat.jpg", "dog.jpg"):
        match act:
            case "open":
                with pytest.raises(FileNotFoundError):
                    store.open(key)
            case "stat":
                assert store.stat(key) is None
            case "delete":
                store.delete(key)
                assert (tmp_path / "store" / key).is_symlink() or key == "ada/cat.jpg"
            case "list":
                assert list(store.list("")) == ["bob/cat.jpg"]
    assert (tmp_path / "store" / "bob" / "cat.jpg").read_bytes() == JPEG


def test_neither_folders_nor_pipes_are_files(tmp_path):
    store = LocalStore(tmp_path)
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")

    for key in ("folder", "pipe"):
        assert store.stat(key) is None
        with pytest.raises(FileNotFoundError):
            store.open(key)


def test_a_file_in_the_place_of_a_folder_is_refused(tmp_path):
    store = LocalStore(tmp_path)
    put(store, "ada")

    with pytest.raises(UnsafePath, match="A file has the name"):
        put(store, "ada/cat.jpg")


def test_a_file_in_the_place_of_the_destination_is_an_error(tmp_path):
    (tmp_path / "store").touch()

    with pytest.raises(NotADirectoryError):
        put(LocalStore(tmp_path / "store"), "cat.jpg")


def test_a_folder_with_the_file_s_name_counts_as_taken(tmp_path):
    (tmp_path / "cat.jpg").mkdir()

    with pytest.raises(FileExistsError):
        put(LocalStore(tmp_path), "cat.jpg")


def test_a_changed_file_has_another_tag(tmp_path):
    store = LocalStore(tmp_path)
    put(store, "cat.jpg")
    before = store.stat("cat.jpg")

    (tmp_path / "cat.jpg").write_bytes(JPEG + b"more")

    assert before.etag != store.stat("cat.jpg").etag
    assert before == Stat(len(JPEG), before.mtime, before.etag)


def test_a_set_deletes_and_opens_what_it_saved(tmp_path):
    photos = UploadSet("photos")
    photos._config = UploadConfiguration(tmp_path)
    saved = photos.save(upload(), folder="ada")

    with photos.open(saved) as file:
        assert file.read() == JPEG
    photos.delete(saved)
    photos.delete(saved)

    with pytest.raises(FileNotFoundError):
        photos.open(saved)


class Memory:
    """The least that is a store."""

    def __init__(self):
        self.files = {}

    def put(self, part, key, *, replace=False, type):
        if key in self.files and not replace:
            raise FileExistsError(key)
        part.seek(0)
        self.files[key] = (part.read(), type)

    def stat(self, key):
        return Stat(len(self.files[key][0]), 0.0, "tag") if key in self.files else None


def test_a_set_keeps_its_files_in_the_store_it_was_given(tmp_path):
    memory = Memory()
    photos = UploadSet("photos", "jpg", store=memory)
    app = make_app(photos)

    with app.app_context():
        saved = [photos.save(upload(), folder="ada") for _ in range(2)]

    assert saved == ["ada/cat.jpg", "ada/cat_1.jpg"] == list(memory.files)
    assert memory.files["ada/cat.jpg"] == (JPEG, "image/jpeg")


def test_a_set_given_a_local_store_serves_from_its_folder(tmp_path):
    photos = UploadSet("photos", "jpg", store=LocalStore(tmp_path))

    app = make_app(photos)

    assert app.upload_set_config["photos"].destination == str(tmp_path)
