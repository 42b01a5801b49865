"""How large a file may be, and what room is left: one place for the page, the API and ingest."""

from typing import NamedTuple

from flask import current_app
from flask_babel import gettext as _

from .. import settings, storage
from ..accounts.models import User
from ..errors import TooLarge
from ..upload_sets import PICTURES, RECORDINGS
from ..uploads import extension
from .counts import no_space
from .models import Kind
from .wording import size_in_words

PART = 5_000_000  # bytes of one request: it passes every proxy's limit, and little is sent twice
AT_ONCE = 3  # files on their way
LISTED = 1000  # files or digests in one question
HASHED = 1_000_000_000  # bytes of a file that a browser still hashes before it sends


def limits_of(owner: User) -> dict[str, object]:
    """Everything a client may know before it sends, in bytes."""
    pictures = [name for name in PICTURES if name not in current_app.config["UPLOADED_PHOTOS_DENY"]]
    return {
        "photo": {"max": limit_of(Kind.PHOTO), "extensions": pictures},
        "media": {"max": limit_of(Kind.VIDEO), "extensions": RECORDINGS},
        "quota": owner.quota,
        "left": room_of(owner),
        "disk": storage.room(),
        "part": PART,
        "at_once": AT_ONCE,
        "known_at_once": LISTED,
        "hash_up_to": HASHED,
    }


def limit_of(kind: Kind) -> int:
    """Bytes that a file of this kind may have."""
    now = settings.current()
    return now.photo_max_size if kind is Kind.PHOTO else now.media_max_size


def room_of(owner: User) -> int | None:
    """Bytes that the owner's quota still holds; None without a quota."""
    return None if owner.quota is None else max(0, owner.quota - owner.byte_count)


class Space(NamedTuple):
    """What somebody's originals take, in words; and of their quota, if they have one."""

    line: str
    percent: int | None


def space_of(owner: User) -> Space:
    """Return what counts against a quota, whether there is one or not: the row knows it."""
    used = size_in_words(owner.byte_count)
    if owner.quota is None:
        return Space(_("%(used)s used", used=used), None)
    line = _("%(used)s of %(quota)s used", used=used, quota=size_in_words(owner.quota))
    # One that was made smaller meanwhile may be less than what is there.
    return Space(line, min(100, owner.byte_count * 100 // (owner.quota or 1)))


def must_fit(size: int, kind: Kind) -> None:
    """Hold a file against the limit of its kind.

    :raises TooLarge: when it is over it.
    """
    if size > limit_of(kind):
        most = size_in_words(limit_of(kind))
        raise TooLarge(
            _("%(size)s is over the %(limit)s limit.", size=size_in_words(size), limit=most)
        )


def look_ahead(filename: str, size: int, owner: User) -> None:
    """Look whether a file could be taken in; its bytes and the row decide for good.

    :raises TooLarge: when it is over the limit of what its name says it is.
    :raises QuotaExceeded: when the owner's space does not hold it.
    :raises DiskFull: when the disk does not.
    """
    is_picture = extension(filename).lower() in PICTURES
    must_fit(size, Kind.PHOTO if is_picture else Kind.VIDEO)
    room = room_of(owner)
    if room is not None and size > room:
        raise no_space(room, owner.quota or 0)
    storage.keep_room(size)
