"""Pixels in, pixels out, in a jailed child process: the only place that decodes a picture."""

from .jail import missing_limits
from .outcome import Facts, Outcome, Picture, Rendering, Variant
from .render import render

__all__ = ["Facts", "Outcome", "Picture", "Rendering", "Variant", "missing_limits", "render"]
