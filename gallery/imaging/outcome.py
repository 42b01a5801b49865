"""What a rendering is asked for, and what it answers."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

Format = Literal["jpeg", "webp"]


def N_(sentence: str) -> str:
    """Mark a sentence for the tools that collect what is to be translated."""
    return sentence


class Outcome(enum.Enum):
    """How it went: whatever it says, the original is kept."""

    OK = "ok"
    UNSUPPORTED = "unsupported"
    TOO_BIG = "too_big"
    DAMAGED = "damaged"
    KILLED = "killed"


@dataclass(frozen=True)
class Variant:
    """One preview that is wanted.

    :param width: its width in pixels as shown, or None when only the height binds it.
    :param height: its height in pixels as shown, or None.
    :param format: the encoding of the preview. A JPEG of a transparent picture becomes a WebP,
        which can be seen through, unless it is to be as large as the original, or to fill.
    :param quality: the encoder's quality, 1 to 100.
    :param is_filled: it has both its width and its height: what stands beyond them is cut off.
    :param most: bytes that it may have, or None when the pipe alone bounds it.

    A smaller original is never enlarged, unless it is to fill; one very long side may make the
    preview smaller still. With neither width nor height it is as large as the original, whatever
    that is.
    """

    width: int | None = None
    height: int | None = None
    format: Format = "jpeg"
    quality: int = 80
    is_filled: bool = False
    most: int | None = None

    @property
    def is_whole(self) -> bool:
        """Whether it is as large as the original."""
        return self.width is None and self.height is None

    @property
    def is_for_anywhere(self) -> bool:
        """Whether it goes to where its encoding has to be the one that was asked for."""
        return self.is_whole or self.is_filled


@dataclass(frozen=True)
class Picture:
    """One preview: its bytes, its size in pixels as shown, and its encoding."""

    data: bytes
    width: int
    height: int
    format: Format


@dataclass(frozen=True)
class Facts:
    """What was learned about the original; each is None, or empty, when it is not known.

    :param width: pixels as shown, after the orientation and the owner's turns.
    :param height: likewise.
    :param colour: the mean colour as ``#rrggbb``; a transparent picture has none.
    :param taken: what the camera's clock said, without a zone, to the microsecond.
    :param offset: minutes that clock was east of UTC.
    :param instant: the same moment in UTC, without a zone, by GPS or by a video's container.
    :param camera: its make and model, the make said once.
    :param lens: its model.
    :param exposure: seconds.
    :param aperture: the f-number.
    :param iso: the sensitivity.
    :param focal_length: millimetres, of the lens and not of a film of 35 mm.
    :param latitude: degrees north.
    :param longitude: degrees east.
    :param altitude: metres above the sea.
    :param caption: what somebody wrote under it.
    :param keywords: what somebody put on it, each once, in their order.
    :param rating: 0 to 5 stars.
    :param duration: seconds, of what moves or sounds.
    :param codecs: of its picture and its sound, by FFmpeg's names.
    :param is_animated: whether a picture has more frames than the first.
    """

    width: int | None = None
    height: int | None = None
    colour: str | None = None
    taken: datetime | None = None
    offset: int | None = None
    instant: datetime | None = None
    camera: str = ""
    lens: str = ""
    exposure: float | None = None
    aperture: float | None = None
    iso: int | None = None
    focal_length: float | None = None
    latitude: float | None = None
    longitude: float | None = None
    altitude: float | None = None
    caption: str = ""
    keywords: tuple[str, ...] = ()
    rating: int | None = None
    duration: float | None = None
    codecs: tuple[str, ...] = ()
    is_animated: bool = False


@dataclass(frozen=True)
class Rendering:
    """The answer to one `render`.

    :param reason: a sentence for a person; empty when the outcome is OK.
    :param previews: by the names of the variants. DAMAGED may have them, the other refusals none.
    """

    outcome: Outcome
    reason: str = ""
    facts: Facts = Facts()
    previews: Mapping[str, Picture] = field(default_factory=dict)


class Refused(Exception):
    """Raised inside the jail: this file gets no further, and this is why."""

    def __init__(self, outcome: Outcome, reason: str) -> None:
        super().__init__(reason)
        self.outcome = outcome
        self.reason = reason
