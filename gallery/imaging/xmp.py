"""Reads what people wrote under a picture from an XMP packet."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import fromstring

from .alarm import within
from .clocks import UNKNOWN, iso_clock
from .header import TEXT
from .words import Words

_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_XMP = "{http://ns.adobe.com/xap/1.0/}"
_MOMENTS = [
    "{http://ns.adobe.com/photoshop/1.0/}DateCreated",
    "{http://ns.adobe.com/exif/1.0/}DateTimeOriginal",
    f"{_XMP}CreateDate",
]
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"


def read(packet: bytes) -> Words:
    """Read a packet. Whatever it holds, this returns, and soon."""
    if not packet or len(packet) > TEXT:
        return Words()
    return within(lambda: _words(packet.strip(b"\0 \t\r\n")), Words())


def _words(packet: bytes) -> Words:
    # A DTD could define entities that grow for ever, or name files of this machine.
    top = fromstring(packet, forbid_dtd=True)
    clocks = [iso_clock(text) for name in _MOMENTS for text in _texts(top, name)]
    return Words(
        caption=_alternative(top, f"{_DC}description") or _alternative(top, f"{_DC}title"),
        keywords=tuple(_texts(top, f"{_DC}subject")),
        rating=_rating(next(_texts(top, f"{_XMP}Rating"), "")),
        clock=next((clock for clock in clocks if clock.taken), UNKNOWN),
    )


def _alternative(top: Element, name: str) -> str:
    """A text in its default language, else in the first."""
    found = sorted(_elements(top, name), key=lambda each: each.get(_LANGUAGE) != "x-default")
    texts = [each.text or "" for each in found] or list(_texts(top, name))
    return next((text for text in texts if text.strip()), "")


def _rating(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _texts(top: Element, name: str) -> Iterator[str]:
    """All values of a property, whether it is written as an attribute or as elements."""
    for description in top.iterfind(f".//{_RDF}RDF/{_RDF}Description"):
        if name in description.attrib:
            yield description.attrib[name]
    for element in _elements(top, name):
        yield element.text or ""


def _elements(top: Element, name: str) -> Iterator[Element]:
    # From the top down: what is nested deeper speaks of a part of the picture, such as a face.
    for rdf in top.iter(f"{_RDF}RDF"):
        for element in rdf.iterfind(f"{_RDF}Description/{name}"):
            entries = element.findall(f"*/{_RDF}li")
            yield from entries or [element]
