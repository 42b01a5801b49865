"""What the engine promises of every name, tried with names that nobody thought of."""

import contextlib
import os
import tempfile
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from flask import current_app, send_from_directory
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from gallery.uploads import (
    ALL,
    IMAGES,
    LocalStore,
    UploadNotAllowed,
    UploadSet,
    extension,
)
from gallery.uploads.exceptions import UnsafePath
from gallery.uploads.names import clean_folder, clean_name

from .support import listing, make_app, upload

TRICKY = (
    *("/", "\\", ".", "..", "../", "..\\", "...", "//", "./", "%2e%2e%2f", "%00", "\0", "~", ":"),
    *("．", "／", "＼", "․", "‥", "⁄", "。", "ｊｐｇ", "﹒", "﹨"),
    *(" ", "\t", "\n", "\r", "_", "-", "\x7f", "\xa0", "\u3000", "?", "#", "&", '"', "'", "<b>"),
    *("\u202e", "\u200b", "\u2066", "\ufeff", "\u3164", "\ufe0f", "\u034f", "\u115f", "\U000e0041"),
    *("\u0301", "\u0323", "\u20dd", "J\u030c", "T\u0308", "İ", "Σ", "ß", "ﬁ", "Ⱥ", "ﷺ", "½", "K"),
    *("עברית", "صورة", "写真", "한", "हिन्दी", "🐱", "👨\u200d👩", "é", "e\u0301", "É"),
    *("con", "NUL", "COM1", "lpt¹", "aux.", "conin$"),
    *("\ud800", "\udc80", "\udfff", "\ud83d\udc31"),
    *("x" * 250, "X" * 999, "写" * 90, "\u0301" * 400, "_" * 70, "a/" * 400),
    *(".jpg", ".JPG", ".png", ".php", ".jpg.", "jpg", "cat", "cat.jpg", ".part-0"),
)
ANYTHING = st.text(st.characters(exclude_categories=()), max_size=8)
TEXTS = st.lists(st.sampled_from(TRICKY) | ANYTHING, max_size=7).map("".join)
NAMES = TEXTS | TEXTS.map(lambda text: text + ".jpg")
SETS = st.sampled_from([IMAGES, ALL])

some = settings(deadline=None, derandomize=True, max_examples=120)
many = settings(deadline=None, database=None, print_blob=True, max_examples=10_000)
twice = pytest.mark.parametrize("tried", [some, pytest.param(many, marks=pytest.mark.slow)])


@contextlib.contextmanager
def serving(files: UploadSet, *, ascii_only: bool = False) -> Iterator[Path]:
    """An application that keeps this set in a new folder, and that folder."""
    with tempfile.TemporaryDirectory() as above:
        folder = Path(above).resolve() / "destination"
        app = make_app(
            files,
            UPLOADED_FILES_DEST=folder,
            UPLOADS_AUTOSERVE=True,
            UPLOADS_ASCII_NAMES=ascii_only,
        )
        with app.test_request_context():
            yield folder
        assert set(os.listdir(above)) <= {"destination"}


def assert_kept(files: UploadSet, saved: list[tuple[str, bytes]]) -> None:
    """Every result is a name of its own inside the destination, that leads to its bytes."""
    root = Path(files.config.destination)
    assert listing(root) == sorted(name for name, _ in saved)
    for name, body in saved:
        path = root / name
        assert path.is_relative_to(root) and str(path.resolve()) == f"{root}/{name}"
        assert path.read_bytes() == body
        assert all(0 < len(segment.encode()) <= 255 for segment in name.split("/"))
        assert not any(segment.startswith(".") for segment in name.split("/"))
        assert files.extension_allowed(extension(name))


def assert_served(files: UploadSet, name: str, body: bytes) -> None:
    """Both ways to serve a result give its bytes."""
    response = send_from_directory(files.config.destination, name)
    response.direct_passthrough = False
    assert response.data == body
    assert current_app.test_client().get(files.url(name)).data == body


def save_each(files: UploadSet, *uploads: tuple[str, str | None, str | None]) -> list:
    """The results of the uploads that were not refused, each with its bytes."""
    saved = []
    for number, (filename, folder, name) in enumerate(uploads):
        body = b"body %d" % number
        with contextlib.suppress(UploadNotAllowed, ValueError):
            saved.append((files.save(upload(filename, body), folder, name), body))
    return saved


@twice
def test_any_text_leads_inside_or_is_refused(tried):
    @tried
    @given(NAMES, st.none() | TEXTS, st.none() | NAMES, SETS, st.booleans())
    def whatever(filename, folder, name, extensions, ascii_only):
        files = UploadSet("files", extensions)
        with serving(files, ascii_only=ascii_only):
            saved = save_each(files, *[(filename, folder, name)] * 3)

            assert len(saved) in (0, 3)
            assert_kept(files, saved)
            for name, body in saved:
                assert_served(files, name, body)

    whatever()


@twice
def test_any_text_from_an_override_leads_inside_or_is_refused(tried):
    @tried
    @given(NAMES, st.lists(NAMES, max_size=4), SETS)
    def whatever(basename, others, extensions):
        class Overridden(UploadSet):
            def get_basename(self, filename):
                return basename

            def resolve_conflict(self, target_folder, basename):
                other = others.pop() if others else basename
                is_same = other == basename  # which would have the file replaced
                return super().resolve_conflict(target_folder, basename) if is_same else other

        files = Overridden("files", extensions)
        with serving(files):
            assert_kept(files, save_each(files, *[("cat.jpg", None, None)] * 4))

    whatever()


def test_an_override_that_always_has_the_same_other_name_overwrites_nothing():
    class Copied(UploadSet):
        def resolve_conflict(self, target_folder, basename):
            return f"copy_of_{basename}"

    files = Copied("files", IMAGES)
    with serving(files):
        saved = save_each(files, *[("cat.jpg", None, None)] * 3)

        assert_kept(files, saved)
        assert len(saved) == 3


def test_a_folder_is_never_replaced_by_a_file():
    class Replacing(UploadSet):
        def resolve_conflict(self, target_folder, basename):
            return basename

    files = Replacing("files", IMAGES)
    with serving(files) as folder:
        files.save(upload(), folder="dog.jpg")

        with pytest.raises(UnsafePath):
            files.save(upload("dog.jpg"))
        assert listing(folder) == ["dog.jpg/cat.jpg"]


@twice
def test_a_clean_name_stays_as_it_is(tried):
    @tried
    @given(NAMES | ANYTHING.map("a.{}".format), st.booleans())
    @example("a.J\u030c", False)
    @example("a.Y" + "Y" * 250 + "." + "z" * 70, False)
    @example("a.JPG" + "." * 250 + "z" * 70, False)
    @example("a/" * 400, False)
    def whatever(text, ascii_only):
        name = clean_name(text, ascii_only=ascii_only)

        assert clean_name(name, ascii_only=ascii_only) == name
        assert extension(name) == extension(name).lower()
        assert unicodedata.is_normalized("NFKC", name) and len(name.encode()) <= 240

    whatever()


@twice
def test_a_clean_folder_stays_as_it_is(tried):
    @tried
    @given(TEXTS, st.booleans())
    def whatever(text, ascii_only):
        with contextlib.suppress(UnsafePath):
            folder = clean_folder(text, ascii_only=ascii_only)
            assert clean_folder(folder, ascii_only=ascii_only) == folder

    whatever()


def test_a_name_of_a_million_marks_is_cleaned_like_any_other():
    # It fails by the time limit of every test: to put so many in order takes an hour.
    name = clean_name("a" + "\u0301\u0323" * 500_000 + ".jpg")

    assert name.endswith(".jpg") and clean_name(name) == name


class CaseBlind(LocalStore):
    """A folder on a disk that tells no letters by their case, as those of Macs and Windows."""

    def put(self, part, key, *, replace=False, type):
        if not replace and key.casefold() in map(str.casefold, self.list("")):
            raise FileExistsError(key)
        super().put(part, key, replace=replace, type=type)


def spellings(text: str) -> list[str]:
    """One name in every normal form and case."""
    forms = [unicodedata.normalize(form, text) for form in ("NFC", "NFD", "NFKC", "NFKD")]
    return [text, *forms, text.upper(), text.lower(), text.swapcase(), text.casefold()]


@twice
@pytest.mark.parametrize("store", [LocalStore, CaseBlind])
def test_spellings_of_one_name_never_overwrite_each_other(tried, store):
    @tried
    @given(TEXTS)
    def whatever(text):
        files = UploadSet("files", ALL)
        with serving(files) as folder:
            files.config.store = store(folder)

            saved = save_each(files, *[(name, None, None) for name in spellings(f"{text}.jpg")])

            assert_kept(files, saved)
            names = [name if store is LocalStore else name.casefold() for name, _ in saved]
            assert len(set(names)) == len(saved) == 9

    whatever()


STEPS = ("..", ".", "", "cat.jpg", "ada", "secret.jpg", "link.jpg", "bob", ".part-0", "destination")
WAYS = st.lists(st.sampled_from(STEPS) | NAMES, max_size=5).map("/".join) | NAMES


@twice
def test_any_text_reads_and_deletes_only_what_was_saved(tried):
    @tried
    @given(WAYS)
    @example("../secret.jpg")
    @example("link.jpg")
    @example("bob/secret.jpg")
    @example(".part-0")
    @example("\ud800.jpg")
    def whatever(way):
        files = UploadSet("files", IMAGES)
        with serving(files) as folder, tempfile.TemporaryDirectory() as elsewhere:
            saved = [files.save(upload(), folder="ada"), files.save(upload())]
            (Path(elsewhere) / "secret.jpg").write_bytes(b"secret")
            (folder / ".part-0").write_bytes(b"secret")
            (folder / "link.jpg").symlink_to(f"{elsewhere}/secret.jpg")
            (folder / "bob").symlink_to(elsewhere)

            assert set(files.config.store.list(way)) <= set(saved)
            assume(way not in saved)
            with pytest.raises(FileNotFoundError):
                files.open(way)
            assert files.config.store.stat(way) is None
            url = "/_uploads/files/" + quote(way, errors="surrogatepass")
            assert current_app.test_client().get(url).status_code in (200, 308, 404)
            files.delete(way)

            assert listing(folder) == [".part-0", "ada/cat.jpg", "cat.jpg", "link.jpg"]
            assert (Path(elsewhere) / "secret.jpg").exists()

    whatever()
