"""Cuts a photo to the shape in which other sites show links, in the jail."""

from flask import current_app

from ..extensions import begin_writing, db
from ..imaging import Outcome, Variant, render
from ..upload_sets import SETS
from ..variants import LARGE
from .derivatives import Killed, save
from .models import POSTCARD, Derivative

# What other sites ask for, and as many bytes as all of them take.
SHAPE = Variant(width=1200, height=630, format="jpeg", quality=82, is_filled=True, most=300_000)


def crop(photo_id: int) -> None:
    """Make a photo's postcard of the largest of its previews; the caller commits.

    :raises Killed: when the jail ended the child.
    """
    preview = db.session.scalar(
        db.select(Derivative)
        .where(Derivative.photo_id == photo_id, Derivative.variant.startswith(LARGE))
        .order_by(Derivative.width.desc())
        .limit(1)
    )
    if preview is None:  # there is none yet, or nothing to be shown
        return
    source, set_name, filename = preview.id, preview.set_name, preview.filename
    stem, folder = preview.photo.public_id, preview.photo.owner.folder
    db.session.commit()  # decoding takes its time: hold no connection
    with SETS[set_name].open(filename) as file:
        memory = current_app.config["PICTURE_MEMORY"]
        rendering = render(file.fileno(), variants={POSTCARD: SHAPE}, memory=memory)
    if rendering.outcome is Outcome.KILLED:
        raise Killed(rendering.reason)
    made = save(rendering.previews[POSTCARD], POSTCARD, stem=stem, folder=folder)
    begin_writing()
    if db.session.get(Derivative, source) is None:  # turned meanwhile, and asked for again
        return
    old = (Derivative.photo_id == photo_id, Derivative.variant == POSTCARD)
    db.session.execute(db.delete(Derivative).where(*old))
    made.photo_id = photo_id
    db.session.add(made)


def give_up(photo_id: int, reason: str) -> None:
    """A link without one shows the picture that stands for all."""
