"""Makes share links, finds the one that an address means, and ends them."""

import datetime as dt
import hmac
from collections.abc import Sequence
from typing import NamedTuple

from flask import current_app
from itsdangerous import URLSafeSerializer

from ..access import originals_shared_by
from ..accounts.models import User, digest
from ..albums.models import Album
from ..errors import GalleryError
from ..extensions import db, now
from ..photos import cleaning
from ..secret_links import new_token
from . import announcing
from .models import SharedPhoto, ShareLink


class NotShared(GalleryError):
    """The link is off, over, or never was: nobody learns which."""

    code = 404


class Locked(GalleryError):
    """The link wants its password first."""

    code = 401


class Terms(NamedTuple):
    """What its owner wants of a link."""

    label: str = ""
    password_hash: str | None = None
    days: int | None = None
    can_download: bool = True
    hides_places: bool = True
    takes_files: bool = False
    shows_photos: bool = True
    asks_first: bool = False
    file_limit: int | None = None
    byte_limit: int | None = None


def make(owner: User, what: Album | Sequence[int], terms: Terms) -> tuple[ShareLink, str]:
    """Add a link to an album, or to photos by their ids, and return it with its token.

    The token is nowhere else.
    """
    token = new_token()
    link = ShareLink(
        digest=digest(token),
        owner_id=owner.id,
        album_id=what.id if isinstance(what, Album) else None,
        expires_at=now() + dt.timedelta(days=terms.days) if terms.days else None,
        **{name: value for name, value in terms._asdict().items() if name != "days"},
    )
    db.session.add(link)
    db.session.flush()
    if not isinstance(what, Album):
        rows = [{"link_id": link.id, "photo_id": id_} for id_ in what]
        db.session.execute(db.insert(SharedPhoto), rows)
    if link.hides_places:
        cleaning.want(originals_shared_by(link))
    announcing.want_postcard(link)
    return link, token


def opened(token: str, key: str | None) -> ShareLink:
    """Return the link of a token; one with a password only by its key.

    :raises NotShared: when it is not open.
    :raises Locked: when the key is not its own.
    """
    link = found(token)
    is_key = hmac.compare_digest((key or "").encode(), key_of(link).encode())
    if link.password_hash is not None and not is_key:
        raise Locked("This link has a password.")
    return link


def found(token: str) -> ShareLink:
    """Return the open link of a token, whether it has a password or not.

    :raises NotShared: when there is none.
    """
    link = db.session.scalar(ShareLink.of_token(token))
    if link is None:
        raise NotShared("This link is not shared.")
    return link


def key_of(link: ShareLink) -> str:
    """Return what opens a link with a password, as long as it is that password."""
    signer = URLSafeSerializer(current_app.config["SECRET_KEY"], salt="unlock")
    return str(signer.dumps([link.id, digest(link.password_hash or "")]))


def note_view(link: ShareLink) -> None:
    """Count a look at what a link shows."""
    looked = db.update(ShareLink).where(ShareLink.id == link.id)
    db.session.execute(looked.values(view_count=ShareLink.view_count + 1, viewed_at=now()))
