"""What people wrote under a picture, whichever block it stands in; and what only cameras write."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .clocks import UNKNOWN, Clock

# Cameras and programs fill in the field that is meant for people.
_JUNK = re.compile(
    r"olympus digital camera|(konica )?minolta digital camera|sony dsc|samsung( .{0,20})?"
    r"|(kodak|ricoh|pentax|casio|vivitar|digital)[\w ]*\bcamera|dcim[\\/:].*|exif_jpeg_[\w ]*"
    r"|<[\w ,./:-]{1,60}>|jpeg|hdrp?l?|default|null|none|untitled|undefined|screenshot"
    r"|charset=ascii.*|created with .*|image description|\W*",
    re.IGNORECASE | re.DOTALL,
)


@dataclass(frozen=True)
class Words:
    """What one block says.

    :param caption: what stands in it for one, junk and all.
    :param rating: stars; -1 is a picture that was rejected.
    :param clock: when the picture was made, by whoever wrote the block.
    """

    caption: str = ""
    keywords: tuple[str, ...] = ()
    rating: float | None = None
    clock: Clock = UNKNOWN


def best_caption(*captions: str) -> str:
    """The first that a person may have written, or ""."""
    tidy = (_tidy(caption) for caption in captions)
    return next((text for text in tidy if text and not _JUNK.fullmatch(text)), "")


def best_keywords(*lists: tuple[str, ...]) -> list[str]:
    """The first list with a word in it, each word once."""
    for words in lists:
        found = {" ".join(_tidy(word).split()): None for word in words}
        kept = [word for word in found if word and word.lower() != "null"]
        if kept:
            return kept
    return []


def best_rating(*ratings: float | None) -> int | None:
    """The first that is one, 0 to 5."""
    for rating in ratings:
        if rating is not None and -1 <= rating <= 5:
            return max(0, round(rating))
    return None


def _tidy(text: str) -> str:
    """A text with its lines, and without what is no text."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    return "".join(c for c in text if c == "\n" or c.isprintable() or c in JOINERS).strip()


JOINERS = "\u200c\u200d"  # invisible, and yet families of emoji and Persian words hang on them
