"""Makes a photo's previews, and writes down what only decoding can tell."""

import hashlib
from collections.abc import Mapping
from io import BytesIO

from flask import current_app
from werkzeug.datastructures import FileStorage

from ..errors import GalleryError
from ..extensions import begin_writing, db
from ..imaging import Outcome, Picture, Rendering, Variant, render
from ..upload_sets import SETS, previews
from ..variants import recipes
from . import live, moments, places, postcards, reading
from .counts import count_moved
from .models import FULL, SHOWN_BY_FEW, Derivative, Photo, State

# What browsers don't show can be downloaded as a JPEG as well, of the whole size.
WHOLE = Variant(format="jpeg", quality=90)
EXTENSIONS = {"jpeg": "jpg", "webp": "webp"}


class Killed(GalleryError):
    """The picture broke a limit of the jail; worth one more try on a quieter machine."""

    code = 500


def derive(photo_id: int) -> None:
    """Make what a photo lacks and flush what was learned; the caller commits.

    That is every preview while the photo is pending, and else those of `VARIANTS` that it
    has not; the rows of others go, and the sweep takes their files.

    :raises Killed: when the jail ended the child.
    """
    photo = db.session.get(Photo, photo_id)
    if photo is None:  # deleted while the job was waiting
        return
    seen, stem, folder = _identity(photo), photo.public_id, photo.owner.folder
    wanted = wanted_of(photo)
    missing = {name: variant for name, variant in wanted.items() if name not in _kept(photo)}
    rendering = _rendered(photo, missing) if missing else None
    made = [
        save(picture, name, stem=stem, folder=folder)
        for name, picture in (rendering.previews.items() if rendering else ())
    ]
    if rendering is not None and rendering.facts.latitude is not None:
        places.load()  # before anybody waits for us to have written
    begin_writing()
    photo = db.session.get(Photo, photo_id, populate_existing=True)
    if photo is None or _identity(photo) != seen:  # gone or turned meanwhile: the sweep tidies up
        return
    kept = wanted.keys() - missing.keys()
    db.session.execute(
        db.delete(Derivative).where(
            Derivative.photo_id == photo_id, Derivative.variant.not_in(kept)
        )
    )
    for derivative in made:
        derivative.photo_id = photo_id
    db.session.add_all(made)
    postcards.renew(photo_id)
    if rendering is not None:
        _write_down(photo, rendering, is_shown=bool(made or kept))
        live.pair(photo)


def wanted_of(photo: Photo) -> dict[str, Variant]:
    """Return the previews that a photo is to have."""
    wanted = {name: Variant(**vars(recipe)) for name, recipe in recipes().items()}
    return wanted | ({FULL: WHOLE} if photo.type in SHOWN_BY_FEW else {})


def _kept(photo: Photo) -> set[str]:
    """The previews that are as they should be; a photo that is pending, or unread, has none."""
    if photo.state is State.PENDING or photo.read_at is None:
        return set()
    return {derivative.variant for derivative in photo.derivatives}


def _rendered(photo: Photo, variants: Mapping[str, Variant]) -> Rendering:
    db.session.commit()  # decoding takes its time: hold no connection
    with SETS[photo.set_name].open(photo.filename) as original:
        rendering = render(
            original.fileno(),
            variants=variants,
            turns=photo.turns,
            off=_switched_off(),
            memory=current_app.config["PICTURE_MEMORY"],
        )
    if rendering.outcome is Outcome.KILLED:
        raise Killed(rendering.reason)
    return rendering


def _switched_off() -> list[str]:
    return [kind for kind in ("heic", "tiff") if not current_app.config[kind.upper()]]


def _identity(photo: Photo) -> tuple[str, int, State]:
    return photo.public_id, photo.turns, photo.state


def save(picture: Picture, variant: str, *, stem: str, folder: str) -> Derivative:
    """Keep a preview's file, and return the row that is to be added for it."""
    digest = hashlib.sha256(picture.data).hexdigest()[:12]
    name = f"{stem}-{variant}-{digest}.{EXTENSIONS[picture.format]}"
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


def _write_down(photo: Photo, rendering: Rendering, *, is_shown: bool) -> None:
    from_day = photo.local_day
    is_whole = rendering.outcome is Outcome.OK  # a recording has nothing to be shown
    photo.state = State.READY if is_shown or is_whole else State.FAILED
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
