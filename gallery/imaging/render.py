"""Makes previews of a stranger's file without ever touching its bytes in this process."""

from __future__ import annotations

import itertools
import json
from collections.abc import Collection, Iterator, Mapping

from .develop import develop
from .facts import facts_in
from .jail import Answer, jailed
from .outcome import N_, Format, Outcome, Picture, Rendering, Variant

OFF = ("tiff",)

_MAGIC: dict[Format, bytes] = {"jpeg": b"\xff\xd8\xff", "webp": b"RIFF"}


def render(
    fd: int,
    *,
    variants: Mapping[str, Variant],
    turns: int = 0,
    off: Collection[str] = OFF,
    memory: int | None = None,
) -> Rendering:
    """Make every variant of a picture, a video's frame or a recording's cover, in a jail.

    :param fd: an open descriptor of the original, readable and seekable; its offset is moved.
    :param variants: what is wanted, by name; with none, only the facts are read.
    :param turns: the owner's quarter turns clockwise, applied after the EXIF orientation.
    :param off: kinds by `sniff.sniff` that are not to be shown; TIFF, unless told otherwise.
    :param memory: bytes that it may take; see `jail.jailed`.
    :returns: always an answer: a file that can't be shown has an outcome that says so.
    :raises OSError: there was no process or pipe to be had; the file is not to blame.

    See `jail.jailed` on which processes may call it.
    """
    answer = jailed(lambda: develop(fd, variants, turns % 4, off), memory=memory, keep=[fd])
    try:
        return _rendering(answer, variants)
    # A child that was taken over can say anything; it gets no further than this.
    except (ArithmeticError, LookupError, TypeError, ValueError, RecursionError):
        return Rendering(Outcome.KILLED, N_("This file made our reader talk nonsense."))


def _rendering(answer: Answer, variants: Mapping[str, Variant]) -> Rendering:
    frames = iter(answer.frames)
    report: dict[str, object] = {}
    for frame in frames:
        report = json.loads(frame)
        if "outcome" in report:
            break
    facts = facts_in(report)
    if answer.killed or "outcome" not in report:
        return Rendering(Outcome.KILLED, answer.killed, facts)
    outcome = Outcome(report["outcome"])
    return Rendering(
        outcome, str(report["reason"]), facts, dict(_previews(report, frames, variants))
    )


def _previews(
    report: Mapping[str, object], frames: Iterator[bytes], variants: Mapping[str, Variant]
) -> Iterator[tuple[str, Picture]]:
    sizes = report["previews"]
    if not isinstance(sizes, list):
        raise ValueError(sizes)
    for name, width, height, count in sizes:
        data = b"".join(itertools.islice(frames, int(count)))
        format = _format_of(data)
        variant = variants[name]
        if variant.is_for_anywhere and format != variant.format:
            raise ValueError(name)
        yield name, Picture(data, int(width), int(height), format)


def _format_of(data: bytes) -> Format:
    for format, magic in _MAGIC.items():
        if data.startswith(magic):
            return format
    raise ValueError(data[:4])
