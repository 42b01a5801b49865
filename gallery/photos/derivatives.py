"""Makes a photo's previews, and writes down what only decoding can tell."""

import hashlib
from io import BytesIO

from werkzeug.datastructures import FileStorage

from ..errors import GalleryError
from ..extensions import begin_writing, db
from ..imaging import Outcome, Picture, Rendering, Variant, render
from ..upload_sets import photos, previews
from . import live, moments, reading
from .counts import count_moved
from .models import Derivative, Photo, State

VARIANTS = {
    # 1920 and not 2048: phones are 4032 wide, so that a JPEG's half scale serves.
    "w1920": Variant(width=1920, format="jpeg", quality=80),
    "w1280": Variant(width=1280, format="jpeg", quality=80),
    "h480": Variant(height=480, format="webp", quality=80),
    "h240": Variant(height=240, format="webp", quality=80),
}
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
    with photos.open(photo.filename) as original:
        rendering = render(original.fileno(), variants=VARIANTS, turns=photo.turns)
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
    live.pair(photo)


def _identity(photo: Photo) -> tuple[str, int]:
    return photo.public_id, photo.turns


def _save(picture: Picture, variant: str, *, stem: str, folder: str) -> Derivative:
    digest = hashlib.sha256(picture.data).hexdigest()[:12]
    name = f"{stem}-{variant}-{digest}.{EXTENSIONS[VARIANTS[variant].format]}"
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
    from_day = photo.local_day
    photo.state = State.READY if rendering.previews else State.FAILED
    photo.reason = rendering.reason
    moments.decide(photo, rendering.facts)
    count_moved(photo, from_day=from_day)
    if rendering.outcome is not Outcome.UNSUPPORTED:  # later we may be able to read it
        reading.read(photo, rendering.facts)


def give_up(photo_id: int, reason: str) -> None:
    """Mark a photo that cannot be shown; its original can still be downloaded."""
    photo = db.session.get(Photo, photo_id, populate_existing=True)
    if photo is not None:
        photo.state, photo.reason = State.FAILED, reason
