"""Reads a TIFF's directory; its pixels are libvips' business."""

from __future__ import annotations

import io

from PIL.TiffImagePlugin import TiffImageFile

from .header import TEXT, Header, headless
from .view import View

_XMP, _IPTC = 700, 33723
# Where the pixels are, and blocks that other readers are given by themselves, or nobody.
_NO_METADATA = (273, 279, 324, 325, _XMP, _IPTC, 34377, 34675, 37724)


class _File(io.RawIOBase):
    """The view as a file, so that the whole of it is never copied."""

    def __init__(self, view: View) -> None:
        self._view, self._at = view, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: len(self._view)}[whence]
        self._at = max(0, start + offset)
        return self._at

    def tell(self) -> int:
        return self._at

    def read(self, size: int = -1) -> bytes:
        end = len(self._view) if size < 0 else self._at + size
        data = self._view[self._at : end]
        self._at += len(data)
        return data


def read(view: View) -> Header:
    """The size, EXIF, XMP and IPTC of a TIFF's first page.

    :raises Refused: DAMAGED when there is no directory to be read.
    """
    try:
        page = TiffImageFile(_File(view))  # type: ignore[arg-type]
        tags = page.getexif()
        found = {name: page.tag_v2.get(name) for name in (_XMP, _IPTC)}
        for name in _NO_METADATA:
            if name in tags:
                del tags[name]
        width, height = page.tag_v2[256], page.tag_v2[257]
        exif = tags.tobytes()
    except Exception as error:  # Pillow raises anything at all over a hostile directory
        raise headless() from error
    return Header(
        int(width),
        int(height),
        exif=_block(exif),
        xmp=_block(found[_XMP]),
        iptc=_block(found[_IPTC]),
    )


def _block(found: object) -> bytes:
    return found if isinstance(found, bytes) and len(found) <= TEXT else b""
