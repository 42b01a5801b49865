"""Reads a TIFF's directory; its pixels are libvips' business."""

from __future__ import annotations

import io

from PIL import ExifTags, Image
from PIL.TiffImagePlugin import ImageFileDirectory_v2

from .header import TEXT, Header, headless
from .view import View

_BIG = 43  # the version of a BigTIFF
_XMP, _IPTC = 700, 33723
# Description, make, model, orientation, software, date, artist, rights: the rest is of its pixels.
_OF_A_CAMERA = (270, 271, 272, 274, 305, 306, 315, 33432)


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
        file = _File(view)
        head = view[: 16 if view[2] == _BIG or view[3] == _BIG else 8]
        page = _directory(file, head, None)
        width, height = int(page[256]), int(page[257])
        exif = _exif(file, head, page)
    except Exception as error:  # Pillow raises anything at all over a hostile directory
        raise headless() from error
    xmp, iptc = _block(page.get(_XMP)), _block(page.get(_IPTC))
    return Header(width, height, exif=exif, xmp=xmp, iptc=iptc)


def _directory(file: _File, head: bytes, at: int | None) -> ImageFileDirectory_v2:
    directory = ImageFileDirectory_v2(head)
    file.seek(directory.next if at is None else at)
    directory.load(file)  # type: ignore[arg-type]
    return directory


def _exif(file: _File, head: bytes, page: ImageFileDirectory_v2) -> bytes:
    """What a camera would have written, as a block of its own."""
    block = Image.Exif()
    block.update({tag: page[tag] for tag in _OF_A_CAMERA if tag in page})
    for tag in (ExifTags.IFD.Exif, ExifTags.IFD.GPSInfo):
        if tag in page:
            block.get_ifd(tag).update(dict(_directory(file, head, page[tag])))
    return _block(block.tobytes()) if block else b""


def _block(found: object) -> bytes:
    return found if isinstance(found, bytes) and len(found) <= TEXT else b""
