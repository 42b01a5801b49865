"""What happens to a file inside the jail, from its first byte to its previews."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from . import exif, said, vips
from .header import headless
from .outcome import Outcome, Picture, Refused, Variant
from .previews import make_previews, orientation_of, shown_size
from .probe import Probe, check_size, probe

Report = dict[str, object]

_PARTLY = "This picture is damaged: a part of it is missing or wrong."
_NOTHING = "This picture is damaged: nothing of it can be shown."


def develop(fd: int, variants: Mapping[str, Variant], turns: int) -> Iterator[bytes]:
    """Yield reports in JSON, each fuller than the last, and then the previews.

    The last report has an ``outcome``, a ``reason`` and ``previews``: name, width and height of
    each that follows. The ones before say what is known should the child be killed.
    """
    report: Report = {}
    pictures: dict[str, Picture] = {}
    outcome, reason = Outcome.OK, ""
    try:
        found = probe(fd)
        for learned in _facts(fd, found, turns):
            report |= learned
            yield json.dumps(report).encode()
        if variants:
            outcome, pictures, colour = _previews(fd, found, variants, turns)
            report |= {"colour": colour}
        if outcome is Outcome.DAMAGED:
            reason = _PARTLY if pictures else _NOTHING
    except Refused as refused:
        outcome, reason = refused.outcome, refused.reason
    sizes = [(name, picture.width, picture.height) for name, picture in pictures.items()]
    report |= {"outcome": outcome.value, "reason": reason, "previews": sizes}
    yield json.dumps(report).encode()
    yield from (picture.data for picture in pictures.values())


def _facts(fd: int, found: Probe, turns: int) -> Iterator[Report]:
    """Yield what the headers say, by our own reading and then by libvips'.

    :raises Refused: the picture is too big, or libvips can't make sense of it.
    """
    header = found.header
    about = exif.read(header.exif)
    report = said.report(about, header)
    if header.width:
        width, height = shown_size(header.width, header.height, about.orientation, turns)
        yield report | {"width": width, "height": height}
    if found.kind != "avif":
        check_size(found.kind, header.width, header.height)
    try:
        image = vips.open_picture(fd, found.kind, header, whole=False)
    except vips.Error as error:
        raise headless() from error
    if found.kind == "avif" and image.get_typeof("exif-data"):
        report = said.report(exif.read(image.get("exif-data")), header)
    width, height = shown_size(image.width, image.height, orientation_of(image), turns)
    yield report | {"width": width, "height": height}
    check_size(found.kind, image.width, image.height)


def _previews(
    fd: int, found: Probe, variants: Mapping[str, Variant], turns: int
) -> tuple[Outcome, dict[str, Picture], str | None]:
    """The previews: of a damaged picture of what there is, and if there is nothing, none."""
    kind, header = found.kind, found.header
    for outcome, whole in ((Outcome.OK, True), (Outcome.DAMAGED, False)):
        try:
            made = make_previews(fd, kind, header, variants, turns=turns, whole=whole)
        except vips.Error as error:
            if "out of memory" in str(error):
                raise MemoryError from error
        else:
            return outcome, *made
    return Outcome.DAMAGED, {}, None
