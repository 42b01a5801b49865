"""Blocks that say something of a picture, and pictures that carry them."""

import struct

from PIL import Image, PngImagePlugin

from gallery.imaging import Facts

from .pictures import encoded, quarters, rendered

EXIF, GPS = 0x8769, 0x8825
NAMESPACES = (
    'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:exif="http://ns.adobe.com/exif/1.0/" '
    'xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/" '
    'xmlns:xmp="http://ns.adobe.com/xap/1.0/"'
)
IN_PARTS = {2: (48, 51, 30.24), 4: (2, 17, 40.2)}  # the Eiffel Tower


def exif_of(
    image: dict[int, object] | None = None,
    camera: dict[int, object] | None = None,
    gps: dict[int, object] | None = None,
) -> bytes:
    """An EXIF block by Pillow's encoder, of its three directories."""
    block = Image.Exif()
    block.update(image or {})
    if camera:
        block.get_ifd(EXIF).update(camera)
    if gps is not None:
        block.get_ifd(GPS).update(gps)
    return block.tobytes()


def xmp_of(elements: str = "", attributes: str = "") -> bytes:
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>'
        '<x:xmpmeta xmlns:x="adobe:ns:meta/">'
        f'<rdf:RDF {NAMESPACES}><rdf:Description rdf:about="" {attributes}>'
        f"{elements}</rdf:Description></rdf:RDF></x:xmpmeta>"
        '<?xpacket end="w"?>'
    ).encode()


def alternatives(name: str, **texts: str) -> str:
    entries = "".join(
        f'<rdf:li xml:lang="{language.replace("_", "-")}">{text}</rdf:li>'
        for language, text in texts.items()
    )
    return f"<{name}><rdf:Alt>{entries}</rdf:Alt></{name}>"


def bag(*words: str) -> str:
    entries = "".join(f"<rdf:li>{word}</rdf:li>" for word in words)
    return f"<dc:subject><rdf:Bag>{entries}</rdf:Bag></dc:subject>"


def record(number: int, data: bytes, group: int = 2) -> bytes:
    return struct.pack(">BBBH", 0x1C, group, number, len(data)) + data


def resources(*records: bytes) -> bytes:
    """IPTC records among Photoshop's resources, after one of another kind."""
    return _resource(0x03ED, b"\1\2\3") + _resource(0x0404, b"".join(records))


def _resource(number: int, data: bytes) -> bytes:
    head = b"8BIM" + struct.pack(">H", number) + b"\0\0" + struct.pack(">I", len(data))
    return head + data + b"\0" * (len(data) % 2)


def jpeg_with(
    *, exif: bytes = b"", xmp: bytes = b"", iptc: bytes = b"", size: tuple[int, int] = (96, 64)
) -> bytes:
    image = quarters(*size)
    data = encoded(image, exif=exif) if exif else encoded(image)
    segments = b""
    if xmp:
        segments += _segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + xmp)
    if iptc:
        segments += _segment(0xED, b"Photoshop 3.0\0" + iptc)
    return data[:2] + segments + data[2:]


def _segment(code: int, data: bytes) -> bytes:
    return b"\xff" + bytes([code]) + struct.pack(">H", len(data) + 2) + data


def png_with(xmp: bytes, *, zipped: bool = False) -> bytes:
    texts = PngImagePlugin.PngInfo()
    texts.add_itxt("XML:com.adobe.xmp", xmp.decode(), zip=zipped)
    return encoded(quarters(), "PNG", pnginfo=texts)


def webp_with(xmp: bytes) -> bytes:
    return encoded(quarters(), "WEBP", xmp=xmp)


def gif_with(xmp: bytes) -> bytes:
    data = encoded(quarters(), "GIF")
    magic = b"\1" + bytes(range(255, -1, -1)) + b"\0"
    block = b"\x21\xff\x0bXMP DataXMP" + xmp + magic
    at = 13 + (3 << (data[10] & 7) + 1 if data[10] & 0x80 else 0)
    return data[:at] + block + data[at:]


def facts_of(data: bytes) -> Facts:
    """What is learned of a picture, all through the jail."""
    rendering = rendered(data, {})
    assert rendering.outcome.value == "ok", rendering
    return rendering.facts
