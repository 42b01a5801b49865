"""What a file is, told by its first bytes and never by what the client says of it."""

from __future__ import annotations

import mimetypes
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .exceptions import N_, UploadNotAllowed
from .extensions import DATA, SCRIPTS, SOURCE, TEXT, extension

if TYPE_CHECKING:
    from .spool import Spool


@dataclass(frozen=True)
class Kind:
    """A format of files.

    :param name: what it is called.
    :param mime: its MIME type.
    :param family: image, drawing, video, audio, document, archive, program or text.
    :param extensions: those it goes by, the true one first.

    >>> sniff(b"GIF89a")
    Kind(name='gif', mime='image/gif', family='image', extensions=('gif',))
    """

    name: str
    mime: str
    family: str
    extensions: tuple[str, ...]


JPEG = Kind("jpeg", "image/jpeg", "image", ("jpg", "jpeg", "jpe", "jfif"))
PNG = Kind("png", "image/png", "image", ("png",))
GIF = Kind("gif", "image/gif", "image", ("gif",))
WEBP = Kind("webp", "image/webp", "image", ("webp",))
BMP = Kind("bmp", "image/bmp", "image", ("bmp",))
AVIF = Kind("avif", "image/avif", "image", ("avif",))
HEIC = Kind("heic", "image/heic", "image", ("heic", "heif", "hif"))
JXL = Kind("jxl", "image/jxl", "image", ("jxl",))
TIFF = Kind("tiff", "image/tiff", "image", ("tif", "tiff"))
SVG = Kind("svg", "image/svg+xml", "drawing", ("svg",))
MP4 = Kind("mp4", "video/mp4", "video", ("mp4", "m4v", "mov", "3gp", "m4a"))
MOV = Kind("mov", "video/quicktime", "video", ("mov", "qt", "mp4", "m4v"))
WEBM = Kind("webm", "video/webm", "video", ("webm", "mkv"))
MKV = Kind("mkv", "video/matroska", "video", ("mkv", "mka", "webm"))
AVI = Kind("avi", "video/x-msvideo", "video", ("avi",))
OGV = Kind("ogv", "video/ogg", "video", ("ogv", "ogg"))
OGG = Kind("ogg", "audio/ogg", "audio", ("ogg", "oga", "opus"))
WAV = Kind("wav", "audio/wav", "audio", ("wav",))
MP3 = Kind("mp3", "audio/mpeg", "audio", ("mp3",))
AAC = Kind("aac", "audio/aac", "audio", ("aac",))
M4A = Kind("m4a", "audio/mp4", "audio", ("m4a", "m4b", "aac", "mp4"))
FLAC = Kind("flac", "audio/flac", "audio", ("flac",))
PDF = Kind("pdf", "application/pdf", "document", ("pdf",))
RTF = Kind("rtf", "application/rtf", "document", ("rtf", "doc"))
OLE = Kind("ole", "application/x-ole-storage", "document", ("doc", "xls", "ppt", "msi"))
OFFICE = ("docx", "xlsx", "pptx", "odt", "ods", "odp", "odf", "odg", "epub", "jar", "apk", "kmz")
ZIP = Kind("zip", "application/zip", "archive", ("zip", *OFFICE))
GZ = Kind("gz", "application/gzip", "archive", ("gz", "tgz", "gnumeric", "abw"))
BZ2 = Kind("bz2", "application/x-bzip2", "archive", ("bz2",))
XZ = Kind("xz", "application/x-xz", "archive", ("xz", "txz"))
SEVEN = Kind("7z", "application/x-7z-compressed", "archive", ("7z",))
TAR = Kind("tar", "application/x-tar", "archive", ("tar",))
ELF = Kind("elf", "application/x-elf", "program", ("so", "elf", "o"))
PE = Kind("pe", "application/vnd.microsoft.portable-executable", "program", ("exe", "dll"))
PLIST = Kind("plist", "application/x-plist", "document", ("plist",))
HTML = Kind("html", "text/html", "text", ("html", "htm", "xhtml"))
XML = Kind("xml", "application/xml", "text", ("xml", "plist", "abw", "gnumeric"))

# The groups are possessive: comments in a row must not be tried in every combination.
PROLOG = rb"(?:\xef\xbb\xbf)?+(?>\s+|<\?.*?\?>|<!--.*?-->)*+"
DOCTYPE = rb"(?><!doctype\s+svg[^>\[]*(?:\[.*?\]\s*)?>\s*)?+"
HTML_TAGS = (
    rb"(?:!doctype html|html|head|body|title|meta|link|style|script|iframe|frameset|object|embed"
    rb"|img|table|font|form|div|h1|br|[abp])[\s>/]"
)

SIGNATURES = tuple(
    (re.compile(pattern, re.DOTALL | re.IGNORECASE if kind in (SVG, HTML) else re.DOTALL), kind)
    for pattern, kind in (
        (rb"\xff\xd8\xff", JPEG),
        (rb"\x89PNG\r\n\x1a\n", PNG),
        (rb"GIF8[79]a", GIF),
        (rb"RIFF.{4}WEBP", WEBP),
        (rb"RIFF.{4}WAVE", WAV),
        (rb"RIFF.{4}AVI ", AVI),
        # "BM" alone begins many a text; the size of the second header tells.
        (rb"BM.{12}[\x0c\x28\x34\x38\x40\x6c\x7c]\0\0\0", BMP),
        (rb"II[*+]\0|MM\0[*+]", TIFF),
        (rb"\xff\x0a|\0\0\0\x0cJXL \r\n\x87\n", JXL),
        (rb"\x1aE\xdf\xa3.{1,64}?B\x82.webm", WEBM),
        (rb"\x1aE\xdf\xa3.{1,64}?B\x82.matroska", MKV),
        (rb"\0.{3}(?:moov|mdat|wide|free|skip)", MOV),
        (rb"OggS.{24}\x80theora", OGV),
        (rb"OggS\0", OGG),
        (rb"fLaC", FLAC),
        (rb"ID3[\x02-\x04]|\xff[\xe2\xe3\xf2\xf3\xfa\xfb]", MP3),
        (rb"\xff[\xf0\xf1\xf8\xf9]|ADIF", AAC),
        (rb"(?:\xef\xbb\xbf)?\s*%PDF-", PDF),
        (rb"\{\\rtf", RTF),
        (rb"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", OLE),
        (rb"PK(?:\x03\x04|\x05\x06|\x07\x08)", ZIP),
        (rb"\x1f\x8b\x08", GZ),
        (rb"BZh[1-9](?:1AY&SY|\x17rE8P\x90)", BZ2),
        (rb"\xfd7zXZ\0", XZ),
        (rb"7z\xbc\xaf\x27\x1c", SEVEN),
        (rb".{257}ustar", TAR),
        (rb"\x7fELF", ELF),
        (rb"MZ.{58,1020}?PE\0\0", PE),
        (rb"bplist00", PLIST),
        (PROLOG + DOCTYPE + rb"<(?:\w+:)?svg[\s>/]", SVG),
        (PROLOG + rb"<" + HTML_TAGS, HTML),
        (rb"(?:\xef\xbb\xbf)?\s*<\?xml\s", XML),
    )
)

BRANDS = {
    **dict.fromkeys((b"avif", b"avis"), AVIF),
    **dict.fromkeys((b"heic", b"heix", b"heim", b"heis"), HEIC),
    **dict.fromkeys((b"hevc", b"hevx", b"hevm", b"hevs"), HEIC),
    **dict.fromkeys((b"M4A ", b"M4B ", b"M4P "), M4A),
    **dict.fromkeys((b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42"), MP4),
    **dict.fromkeys((b"avc1", b"dash", b"M4V ", b"M4VH", b"M4VP", b"mmp4", b"f4v "), MP4),
    **dict.fromkeys((b"3gp4", b"3gp5", b"3gp6", b"3g2a", b"MSNV", b"XAVC"), MP4),
    b"qt  ": MOV,
}
# What these mean is told by the brands that follow; alone they are what iPhones write.
STILLS = dict.fromkeys((b"mif1", b"mif2", b"msf1", b"miaf"), HEIC)

KINDS = (*(kind for _, kind in SIGNATURES), *BRANDS.values(), *STILLS.values())
BY_EXTENSION = {
    **{ext: kind for kind in reversed(KINDS) for ext in kind.extensions},
    **{kind.extensions[0]: kind for kind in reversed(KINDS)},
}
TEXTS = frozenset(TEXT + DATA + SCRIPTS + SOURCE + ("md", "css", "html", "htm"))
MEDIA = ("image", "video", "audio")
TYPES = mimetypes.MimeTypes()  # Python's own list, the same on every machine


def sniff(head: bytes) -> Kind | None:
    """The kind of a file.

    :param head: its first bytes; 4 kB are enough.
    :return: None for plain text, and for what is not in the table.

    >>> sniff(b"GIF89a").mime
    'image/gif'
    """
    if head[4:8] == b"ftyp":
        return _branded(head)
    return next((kind for pattern, kind in SIGNATURES if pattern.match(head)), None)


def same_kind(spool: Spool, name: str) -> None:
    """A check for a set: the bytes are what the extension says.

    :param spool: the upload.
    :param name: the name it would be saved under.
    :raises UploadNotAllowed: if they are of another kind. Extensions without a known kind pass.

    >>> photos = UploadSet("photos", IMAGES, checks=(same_kind,))
    >>> photos._config = UploadConfiguration(folder)
    >>> photos.save(FileStorage(BytesIO(b"<html>"), "cat.jpg"))
    Traceback (most recent call last):
    UploadNotAllowed: The file is no jpg: it holds html.
    """
    ext = extension(name).lower()
    kind = sniff(spool.head)
    if kind and ext in kind.extensions:
        return
    if ext in TEXTS:
        if _is_text(spool.head) and (kind is None or kind.family in ("text", "drawing")):
            return
    elif ext not in BY_EXTENSION:
        return
    if kind is None:
        raise UploadNotAllowed(
            N_("The file is no %(ext)s: its content is something else."), ext=ext
        )
    raise UploadNotAllowed(
        N_("The file is no %(ext)s: it holds %(kind)s."), ext=ext, kind=kind.name
    )


def named_type(name: str) -> str:
    """The MIME type that goes with a name; the same on every machine.

    :param name: a file name, with or without folders.
    """
    ext = extension(name).lower()
    kind = BY_EXTENSION.get(ext)
    if kind and (kind.family in MEDIA or ext == kind.extensions[0]):
        return kind.mime
    guess = TYPES.guess_type(f"file.{ext}")[0]
    return guess or (kind.mime if kind else "application/octet-stream")


def media_type(head: bytes, name: str) -> str:
    """The MIME type of a file, by its bytes.

    :param head: its first bytes.
    :param name: its name; decides among formats that share a container, and among texts.
    """
    ext = extension(name).lower()
    kind = sniff(head)
    if kind is None:
        is_plain = ext in TEXTS and _is_text(head)
        return named_type(name) if is_plain else "application/octet-stream"
    is_shared = kind.family not in MEDIA and ext in kind.extensions
    return named_type(name) if is_shared else kind.mime


def _branded(head: bytes) -> Kind | None:
    length = min(int.from_bytes(head[:4], "big"), len(head), 256)
    brands = [head[8:12], *(head[at : at + 4] for at in range(16, length, 4))]
    known = (BRANDS[brand] for brand in brands if brand in BRANDS)
    return next(known, None) or next((STILLS[each] for each in brands if each in STILLS), None)


def _is_text(head: bytes) -> bool:
    return b"\0" not in head or head.startswith((b"\xff\xfe", b"\xfe\xff"))
