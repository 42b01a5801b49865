"""Takes over what a file says of itself: what its camera wrote always, its words once."""

from ..extensions import db, now
from ..imaging import Facts
from ..shapes import letter, shown_ratio
from ..sharing.models import Gift
from .models import Photo
from .places import name_of_place
from .tags import MOST, tag, tidy

FROM_CAMERA = (
    "width",
    "height",
    "colour",
    "camera",
    "lens",
    "exposure",
    "aperture",
    "iso",
    "focal_length",
    "duration",
    "is_animated",
)
PLACE = ("latitude", "longitude", "altitude")


def read(photo: Photo, facts: Facts) -> None:
    """Write the facts down; after the first time the words are the owner's, and stay.

    So is the place, once the owner has said it.
    """
    for name in FROM_CAMERA if photo.is_placed_by_hand else FROM_CAMERA + PLACE:
        setattr(photo, name, getattr(facts, name))
    photo.place_name = name_of_place(photo.latitude, photo.longitude)
    photo.shape = letter(shown_ratio(photo.width, photo.height))
    photo.codecs = " ".join(facts.codecs)
    if photo.read_at is None:
        photo.read_at = now()
        # Their owner may have been quicker than the worker.
        photo.caption = photo.caption or facts.caption
        photo.rating = photo.rating or facts.rating or 0
        if not _is_given(photo):  # a guest's words are not its owner's
            words = tidy([*(each.name for each in photo.tags), *facts.keywords])
            tag(photo, words[: max(MOST, len(photo.tags))])


def _is_given(photo: Photo) -> bool:
    return db.session.scalar(Gift.of(photo).with_only_columns(Gift.id).limit(1)) is not None
