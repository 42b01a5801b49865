"""A file's bytes as its header's reader sees them."""

from __future__ import annotations

import mmap

View = mmap.mmap | bytes
