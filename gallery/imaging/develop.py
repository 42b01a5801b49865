"""What happens to a file inside the jail, from its first byte to its previews."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial

from . import exif, film, heif, poster, said, vips
from .frames import pieces
from .header import headless
from .light import Light
from .outcome import N_, Outcome, Picture, Refused, Variant
from .previews import make_previews, orientation_of, shown_size
from .probe import Probe, check_size, probe, probe_picture
from .sniff import MOVING

Report = dict[str, object]

COVERS = {"jpeg", "png", "webp", "gif"}  # kinds that a recording may carry

_PARTLY = N_("This picture is damaged: a part of it is missing or wrong.")
_NOTHING = N_("This picture is damaged: nothing of it can be shown.")
_NO_FRAME = N_("No picture of this video can be shown. The original is kept and can be downloaded.")


@dataclass(frozen=True)
class Made:
    """How it ended, and what was made."""

    outcome: Outcome = Outcome.OK
    reason: str = ""
    pictures: Mapping[str, Picture] = field(default_factory=dict)


def develop(
    fd: int, variants: Mapping[str, Variant], turns: int, off: Collection[str] = ()
) -> Iterator[bytes]:
    """Yield reports in JSON, each fuller than the last, and then the previews in pieces.

    The last report has an ``outcome``, a ``reason`` and ``previews``: name, width, height and
    number of pieces of each that follows. The ones before say what is known should the child be
    killed.
    """
    report: Report = {}
    made = Made()
    try:
        found = probe(fd, off)
        steps = _film if found.kind in MOVING else _picture
        for step in steps(fd, found, variants, turns):
            if isinstance(step, Made):
                made = step
            else:
                report |= step
                yield json.dumps(report).encode()
    except Refused as refused:
        made = Made(refused.outcome, refused.reason)
    sizes = [
        (name, picture.width, picture.height, len(pieces(picture.data)))
        for name, picture in made.pictures.items()
    ]
    report |= {"outcome": made.outcome.value, "reason": made.reason, "previews": sizes}
    yield json.dumps(report).encode()
    for picture in made.pictures.values():
        yield from pieces(picture.data)


def _picture(
    fd: int, found: Probe, variants: Mapping[str, Variant], turns: int
) -> Iterator[Report | Made]:
    yield from _facts(fd, found, turns)
    if variants:
        yield from _previews(
            partial(_open, fd, found), found.kind, found.header.light, variants, turns
        )


def _facts(fd: int, found: Probe, turns: int) -> Iterator[Report]:
    """Yield what the headers say, by our own reading and then by libvips'.

    :raises Refused: the picture is too big, or libvips can't make sense of it.
    """
    header = found.header
    about = exif.read(header.exif)
    is_upright = found.kind in ("avif", "heic")  # by its own boxes: EXIF only repeats them
    orientation = 1 if is_upright else about.orientation
    width, height = shown_size(header.width, header.height, orientation, turns)
    report = said.report(about, header) | {"is_animated": header.is_animated}
    yield report | {"width": width, "height": height}
    check_size(found.kind, header.width, header.height)
    if found.kind == "heic":  # libvips' build has no decoder for it
        return
    try:
        image = vips.open_picture(fd, found.kind, header, whole=False)
    except vips.Error as error:
        raise headless() from error
    width, height = shown_size(image.width, image.height, orientation_of(image), turns)
    yield {"width": width, "height": height}
    check_size(found.kind, image.width, image.height)


def _open(fd: int, found: Probe, whole: bool, shrink: int) -> vips.Image:
    if found.kind == "heic":
        return heif.decode(fd, found.header)
    return vips.open_picture(fd, found.kind, found.header, shrink=shrink, whole=whole)


def _previews(
    opened: Callable[[bool, int], vips.Image],
    kind: str,
    light: Light | None,
    variants: Mapping[str, Variant],
    turns: int,
) -> Iterator[Report | Made]:
    """The previews: of a damaged picture of what there is, and if there is nothing, none."""
    for outcome, whole in ((Outcome.OK, True), (Outcome.DAMAGED, False)):
        try:
            pictures, colour = make_previews(
                partial(opened, whole), kind, light, variants, turns=turns
            )
        except vips.Error as error:
            if _is_out_of_memory(str(error).lower()):
                raise MemoryError from error
        else:
            yield {"colour": colour}
            yield Made(outcome, "" if outcome is Outcome.OK else _PARTLY, pictures)
            return
    yield Made(Outcome.DAMAGED, _NOTHING)


def _is_out_of_memory(error: str) -> bool:
    """Whether libvips or libheif got no memory; a limit of libheif's own is another matter."""
    words = ("out of memory", "memory allocation error")
    return any(each in error for each in words) and "security limit" not in error


def _film(
    fd: int, found: Probe, variants: Mapping[str, Variant], turns: int
) -> Iterator[Report | Made]:
    """A video by one of its frames, a recording by its cover; without one it is none the worse."""
    with film.opened(fd, found.kind) as container:
        video = film.video_of(container)
        if video is None:
            cover = film.cover_of(container)  # it comes before all else
            yield film.facts(container)
            yield from _cover(cover, variants, turns)
            return
        size = poster.size_of(video)
        width, height = shown_size(*size, 1, turns)
        yield film.facts(container) | ({"width": width, "height": height} if width else {})
        if width:
            check_size("film", *size)
        frame = poster.choose(container, video)
        if frame is None:
            yield Made(Outcome.UNSUPPORTED, _NO_FRAME)
            return
        width, height = shown_size(*size, poster.orientation_of(frame), turns)
        yield {"width": width, "height": height}
        if variants:
            image = poster.picture_of(frame, size)
            light = poster.light_of(frame)
            yield from _previews(lambda *_: image, "film", light, variants, turns)


def _cover(data: bytes, variants: Mapping[str, Variant], turns: int) -> Iterator[Report | Made]:
    """The picture of a recording; a bad one is as good as none."""
    try:
        found = probe_picture(data)
        if found.kind not in COVERS:
            return
        header = found.header
        if header.body is None:
            header = replace(header, body=data)
        for step in _picture(-1, Probe(found.kind, header), variants, turns):
            if isinstance(step, Made):
                yield Made(pictures=step.pictures)
            else:
                yield {name: step[name] for name in ("width", "height", "colour") if name in step}
    except Refused:
        return
