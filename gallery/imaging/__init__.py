"""Pixels in, pixels out, in a jailed child process: the only place that decodes a picture."""

from .jail import missing_limits
from .outcome import Facts, Outcome, Picture, Rendering, Variant
from .placeless import Patch, placeless
from .render import render

__all__ = [
    "Facts",
    "Outcome",
    "Patch",
    "Picture",
    "Rendering",
    "Variant",
    "missing_limits",
    "placeless",
    "render",
]
