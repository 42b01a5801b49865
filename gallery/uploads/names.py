"""Turns what people call their files and folders into names that are safe everywhere."""

import itertools
import os.path
import re
import unicodedata
from collections.abc import Callable

from .exceptions import N_, UnsafePath

LONGEST = 240  # bytes of a name; file systems take 255, the rest is for the number of a conflict
LONGEST_EXTENSION = 60
LONGEST_FOLDER = 760  # with a name it stays below the 1,024 bytes of an object store's key
LONGEST_TEXT = 1024  # characters; to put 200,000 combining marks in order takes minutes

DEVICES = re.compile(r"(con|conin|conout|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)", re.IGNORECASE)
# Letters and marks by category, but nothing to see: two names could look alike.
INVISIBLE = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)


def clean_name(filename: str, *, ascii_only: bool = False) -> str:
    """A file name of one segment: letters of any script, digits, ``.``, ``_`` and ``-``.

    It never starts with a dot, its extension is in lower case, and a name that had nothing but
    an extension is called ``file``. Cleaning a clean name changes nothing.

    :param filename: what the client or the application calls the file; slashes become ``_``.
    :param ascii_only: fold to ASCII, as older versions of upload sets did.
    :return: the name, or an empty string if nothing is left of it.
    """
    text = _kept(filename, ascii_only).rstrip("._")
    stem, dot, ext = text.rpartition(".") if "." in text else (text, "", "")
    stem = _unprefixed(stem)
    if not stem and not ext:
        return ""
    # In lower case some letters have one form with their mark: j and a caron, h and a line below.
    return _fitted(_guarded(stem or "file"), dot + unicodedata.normalize("NFKC", ext.lower()))


def clean_folder(folder: str, *, ascii_only: bool = False) -> str:
    """A folder below the destination, each of its segments cleaned.

    :param folder: segments joined by ``/``; empty ones, ``.`` and ``..`` are left out.
    :param ascii_only: as for :func:`clean_name`.
    :return: segments joined by ``/``; empty only if nothing but slashes was asked for.
    :raises UnsafePath: if a segment, or the whole, cleans to nothing, or it is too long. Falling
        back to the parent would merge the folders of two people.
    """
    asked = [segment for segment in folder.split("/") if segment not in ("", ".", "..")]
    cleaned = "/".join(_clean_segment(segment, ascii_only) for segment in asked)
    if folder.strip("/") and not all(cleaned.split("/")):
        raise UnsafePath(N_("Invalid folder after sanitization"))
    if len(cleaned.encode()) > LONGEST_FOLDER:
        raise UnsafePath(N_("Invalid folder: its name is too long"))
    return cleaned


def numbered(basename: str, number: int) -> str:
    """The name that a taken one gets: ``cat_1.jpg`` for ``cat.jpg``.

    :param basename: a clean file name.
    :param number: what tells the names apart.
    """
    stem, ext = os.path.splitext(basename)
    return f"{stem}_{number}{ext}"


def first_free(is_taken: Callable[[int], bool]) -> int:
    """The first free number, found in some 2 log2(n) questions where the first n are taken.

    :param is_taken: asked about one number. If some are free in between, the answer may be any
        free one whose predecessor is taken.
    """
    free = 1
    while is_taken(free):
        free = free + 1 if free < 8 else free * 2
    taken = free // 2 if free > 8 else free - 1
    while free - taken > 1:
        middle = (free + taken) // 2
        free, taken = (free, middle) if is_taken(middle) else (middle, taken)
    return free


def _clean_segment(segment: str, ascii_only: bool) -> str:
    text = _unprefixed(_kept(segment, ascii_only).rstrip("._"))
    return _cut(_guarded(text), LONGEST).rstrip("._")


def _kept(text: str, ascii_only: bool) -> str:
    if len(text) > LONGEST_TEXT:
        text = text[: LONGEST_TEXT // 2] + text[-LONGEST_TEXT // 2 :]
    # One normal form comes first: a full-width dot or slash must not turn up after the checks.
    text = unicodedata.normalize("NFKC", text)
    if ascii_only:
        text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    text = INVISIBLE.sub("", text.replace("/", " ").replace("\\", " "))
    kept = "".join(char for char in "_".join(text.split()) if char in "._-" or _is_letter(char))
    return unicodedata.normalize("NFKC", kept)


def _is_letter(char: str) -> bool:
    return unicodedata.category(char)[0] in "LMN" and unicodedata.category(char) != "Me"


def _unprefixed(text: str) -> str:
    return "".join(
        itertools.dropwhile(lambda char: char in "._" or unicodedata.category(char)[0] == "M", text)
    )


def _guarded(text: str) -> str:
    return "_" + text if DEVICES.match(text) else text


def _fitted(stem: str, suffix: str) -> str:
    if len((stem + suffix).encode()) <= LONGEST:
        return stem + suffix
    room = LONGEST - len(suffix.encode())
    if room < LONGEST - LONGEST_EXTENSION:
        return clean_name(_cut(stem + suffix, LONGEST))  # it may end in another extension now
    return (_cut(stem, room) + suffix).rstrip("._")


def _cut(text: str, length: int) -> str:
    return text.encode()[:length].decode(errors="ignore")
