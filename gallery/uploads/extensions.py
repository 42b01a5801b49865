"""Which file names a set takes: ready presets, and how an extension is read from a name."""

import os.path
from collections.abc import Container, Iterable

TEXT = ("txt",)
DOCUMENTS = ("rtf", "odf", "ods", "gnumeric", "abw", "doc", "docx", "xls", "xlsx", "pdf")
IMAGES = ("jpg", "jpe", "jpeg", "png", "gif", "svg", "bmp", "webp")
AUDIO = ("wav", "mp3", "aac", "ogg", "oga", "flac")
DATA = ("csv", "ini", "json", "plist", "xml", "yaml", "yml")
SCRIPTS = ("js", "php", "pl", "py", "rb", "sh")
ARCHIVES = ("gz", "bz2", "zip", "tar", "tgz", "txz", "7z")
SOURCE = (
    *("c", "cpp", "c++", "h", "hpp", "h++", "cxx", "hxx", "hdl", "ada", "rs", "go"),
    *("f", "for", "f90", "f95", "f03", "d", "dd", "di", "java", "hs", "cs", "fs"),
    *("cbl", "cob", "asm", "s"),
)
EXECUTABLES = ("so", "exe", "dll")
DEFAULTS = TEXT + DOCUMENTS + IMAGES + DATA

# The presets above keep the members they have always had; newer formats are presets of their own.
MODERN_IMAGES = ("avif", "heic", "heif", "jxl", "tif", "tiff")
VIDEO = ("mp4", "m4v", "mov", "webm", "mkv", "avi")

Extensions = Iterable[str] | Container[str]


class All:
    """Contains every extension."""

    def __contains__(self, item: object) -> bool:
        return True


class AllExcept:
    """Contains every extension but some: ``AllExcept(SCRIPTS + EXECUTABLES)``.

    :param items: the extensions to leave out, as any iterable, container or single string.

    >>> "php" in AllExcept(SCRIPTS + EXECUTABLES)
    False
    """

    def __init__(self, items: Extensions) -> None:
        self.items = normalised(items)

    def __contains__(self, item: object) -> bool:
        return str(item).lower() not in self.items


ALL = All()


def normalised(extensions: Extensions) -> Container[str]:
    """The same extensions in lower case and without dots.

    :param extensions: an iterable or one string; a mere container such as ``ALL`` is kept as it is.
    """
    if isinstance(extensions, str):
        return (plain(extensions),)
    if isinstance(extensions, Iterable):
        return tuple(dict.fromkeys(plain(each) for each in extensions))
    return extensions


def plain(ext: str) -> str:
    """One extension in lower case and without its dot.

    :param ext: in any case, with or without its dot.
    """
    return ext.strip().lower().lstrip(".")


def extension(filename: str) -> str:
    """The last extension of a name, without the dot; empty when there is none.

    :param filename: a file name, with or without folders.

    >>> extension("ada/cat.tar.gz")
    'gz'
    """
    return os.path.splitext(filename)[1][1:]


def lowercase_ext(filename: str) -> str:
    """The name with its extension in lower case; a name without one is left alone.

    :param filename: a file name, with or without folders.

    >>> lowercase_ext("CAT.JPG")
    'CAT.jpg'
    """
    stem, ext = os.path.splitext(filename)
    return stem + ext.lower()
