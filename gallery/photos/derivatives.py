"""Makes a photo's previews, and writes down what only decoding can tell."""

import datetime as dt
import hashlib
from io import BytesIO

from flask import current_app
from werkzeug.datastructures import FileStorage

from ..errors import GalleryError
from ..extensions import begin_writing, db
from ..imaging import Facts, Outcome, Picture, Rendering, Variant, render
from ..upload_sets import SETS, previews
from .counts import count_moved
from .models import Derivative, Photo, State

VARIANTS = {
    # 1920 and not 2048: phones are 4032 wide, so that a JPEG's half scale serves.
    "w1920": Variant(width=1920, format="jpeg", quality=80),
    "w1280": Variant(width=1280, format="jpeg", quality=80),
    "h480": Variant(height=480, format="webp", quality=80),
    "h240": Variant(height=240, format="webp", quality=80),
}
# What browsers don't show can be downloaded as a JPEG as well, of the whole size.
FULL = {"full": Variant(format="jpeg", quality=90)}
SHOWN_BY_FEW = ("image/heic", "image/heif", "image/tiff")
EXTENSIONS = {"jpeg": "jpg", "webp": "webp"}


class Killed(GalleryError):
    """The picture broke a limit of the jail; worth one more try on a quieter machine."""

    code = 500


def derive(photo_id: int) -> None:
    """Make every preview of a photo anew and flush what was learned; the caller commits.

    :raises Killed: when the jail ended the child.
    """
    photo = db.session.get(Photo, photo_id)
    if photo is None:  # deleted while the job was waiting
        return
    seen, stem, folder = _identity(photo), photo.public_id, photo.owner.folder
    db.session.commit()  # decoding takes its time: hold no connection
    wanted = VARIANTS | (FULL if photo.type in SHOWN_BY_FEW else {})
    off = [kind for kind in ("heic", "tiff") if not current_app.config[kind.upper()]]
    with SETS[photo.set_name].open(photo.filename) as original:
        rendering = render(original.fileno(), variants=wanted, turns=photo.turns, off=off)
    if rendering.outcome is Outcome.KILLED:
        raise Killed(rendering.reason)
    made = [
        _save(picture, name, stem=stem, folder=folder)
        for name, picture in rendering.previews.items()
    ]
    begin_writing()
    photo = db.session.get(Photo, photo_id, populate_existing=True)
    if photo is None or _identity(photo) != seen:  # gone or turned meanwhile: the sweep tidies up
        return
    db.session.execute(db.delete(Derivative).where(Derivative.photo_id == photo_id))
    for derivative in made:
        derivative.photo_id = photo_id
    db.session.add_all(made)
    _write_down(photo, rendering)


def _identity(photo: Photo) -> tuple[str, int]:
    return photo.public_id, photo.turns


def _save(picture: Picture, variant: str, *, stem: str, folder: str) -> Derivative:
    digest = hashlib.sha256(picture.data).hexdigest()[:12]
    name = f"{stem}-{variant}-{digest}.{EXTENSIONS[(VARIANTS | FULL)[variant].format]}"
    saved = previews.save(FileStorage(BytesIO(picture.data), name), folder=folder)
    return Derivative(
        variant=variant,
        set_name=saved.set.name,
        filename=saved,
        digest=digest,
        width=picture.width,
        height=picture.height,
        size=saved.size,
    )


def _write_down(photo: Photo, rendering: Rendering) -> None:
    facts, from_day = rendering.facts, photo.local_day
    photo.width, photo.height, photo.colour = facts.width, facts.height, facts.colour
    photo.duration, photo.codecs = facts.duration, " ".join(facts.codecs)
    photo.is_animated = facts.is_animated
    # a recording without a cover has nothing to show, and nothing wrong with it
    is_well = rendering.previews or rendering.outcome is Outcome.OK
    photo.state = State.READY if is_well else State.FAILED
    photo.reason = rendering.reason
    if facts.taken is not None:
        photo.taken_at, photo.taken_offset = _instant(facts), facts.offset
        photo.place(photo.taken_at, facts.offset)
        count_moved(photo, from_day=from_day)


def _instant(facts: Facts) -> dt.datetime:
    """Return the instant; without a zone in the file the camera's clock is read as UTC."""
    assert facts.taken is not None
    return facts.taken.replace(tzinfo=dt.UTC) - dt.timedelta(minutes=facts.offset or 0)


def give_up(photo_id: int, reason: str) -> None:
    """Mark a photo that cannot be shown; its original can still be downloaded."""
    photo = db.session.get(Photo, photo_id, populate_existing=True)
    if photo is not None:
        photo.state, photo.reason = State.FAILED, reason
