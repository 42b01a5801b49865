"""Puts together what the blocks of a picture say of it."""

from __future__ import annotations

from datetime import datetime

from . import iptc, xmp
from .exif import Exif
from .header import Header
from .words import best_caption, best_keywords, best_rating

# Characters: what is longer would not fit into one answer of the jail.
CAPTION, WORD, WORDS = 10_000, 200, 200


def report(about: Exif, header: Header) -> dict[str, object]:
    """What is known, under the names of `Facts`.

    For words XMP comes first, as it is what today's programs write; then IPTC, then EXIF. For
    the moment EXIF: it is the camera's.
    """
    new, old = xmp.read(header.xmp), iptc.read(header.iptc)
    clocks = [each.clock for each in (about, new, old)]
    clock = next((clock for clock in clocks if clock.taken), clocks[0])
    words = best_keywords(new.keywords, old.keywords, about.keywords)
    facts = about.facts
    instant = facts.get("instant")
    return {
        **facts,
        "instant": instant.isoformat() if isinstance(instant, datetime) else None,
        "taken": clock.taken and clock.taken.isoformat(),
        "offset": clock.offset,
        "caption": best_caption(new.caption, old.caption, about.caption)[:CAPTION],
        "keywords": [word[:WORD] for word in words[:WORDS]],
        "rating": best_rating(new.rating, about.rating),
    }
