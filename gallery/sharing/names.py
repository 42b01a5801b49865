"""What a link calls photos: names of its own, so that no two links can be told to show the same."""

import functools
import hashlib

from ..extensions import BASE58
from .models import ShareLink

HALF, ROUNDS = 5, 6  # characters of a half of a name; turns after which nothing of it is left
SIZE = len(BASE58) ** HALF


def name_of(link: ShareLink, public_id: str) -> str:
    """Return what a link calls the photo of a public id."""
    left, right = _halves(public_id)
    for turn in range(ROUNDS):
        left, right = right, (left + _mixed(link.digest, turn, right)) % SIZE
    return _written(left) + _written(right)


def photo_of(link: ShareLink, name: str) -> str:
    """Return the public id of what a link calls so; of what it calls nothing, just anything."""
    if len(name) != 2 * HALF or not set(name) <= set(BASE58):
        return ""
    left, right = _halves(name)
    for turn in reversed(range(ROUNDS)):
        left, right = (right - _mixed(link.digest, turn, left)) % SIZE, left
    return _written(left) + _written(right)


# A Feistel network: each half in turn moves the other, and the same steps backwards undo it. It
# guards nothing: who may see a photo is asked for at each request.


@functools.lru_cache(8192)
def _mixed(digest: str, turn: int, half: int) -> int:
    said = hashlib.blake2b(f"{turn} {half}".encode(), key=digest.encode()[:64], digest_size=8)
    return int.from_bytes(said.digest())


def _halves(name: str) -> tuple[int, int]:
    return _read(name[:HALF]), _read(name[HALF:])


def _read(text: str) -> int:
    return functools.reduce(lambda sum, c: sum * len(BASE58) + BASE58.index(c), text, 0)


def _written(number: int) -> str:
    found = ""
    for _ in range(HALF):
        number, place = divmod(number, len(BASE58))
        found = BASE58[place] + found
    return found
