"""Reads a request's body straight into spools, and refuses one that did not arrive whole."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import io
from collections.abc import Iterator
from math import inf
from typing import IO
from urllib.parse import parse_qsl

from flask import Request
from multipart import MultipartSegment, ParserLimitReached, PushMultipartParser
from werkzeug.datastructures import FileStorage, Headers, MultiDict
from werkzeug.exceptions import (
    BadRequest,
    ClientDisconnected,
    HTTPException,
    RequestEntityTooLarge,
)
from werkzeug.formparser import FormDataParser
from werkzeug.http import parse_dict_header, parse_options_header

from .exceptions import N_, full_disk_noticed
from .pool import Pool
from .spool import Spool, staging_folder

BUFFER = 1024 * 1024  # gunicorn takes twice the CPU for pieces of a quarter of that
MULTIPART, URLENCODED = "multipart/form-data", "application/x-www-form-urlencoded"
CHARSETS = {"ascii", "us-ascii", "utf-8", "iso-8859-1"}  # Werkzeug takes these for a field

Form = MultiDict[str, str]
Files = MultiDict[str, FileStorage]


class WholeBodyParser(FormDataParser):
    """A parser of forms that is strict about their end, and counts what stays in memory."""

    digest: str | None = None  # the Content-Digest of the whole body

    def parse(
        self,
        stream: IO[bytes],
        mimetype: str,
        content_length: int | None,
        options: dict[str, str] | None = None,
    ) -> tuple[IO[bytes], Form, Files]:
        """Parse a form; any other body is left in the stream.

        :param stream: the body.
        :param mimetype: its type.
        :param content_length: its length, where that was announced.
        :param options: what follows the type in its header, such as the boundary.
        :raises BadRequest: if the body is shorter than its Content-Length, differs from a digest,
            or lacks its final boundary: Werkzeug alone would show the view a form without files.
        :raises RequestEntityTooLarge: if fields and headers are over ``max_form_memory_size``
            together, or there are too many.
        :raises StorageFull: if there is no room for a file.
        """
        if mimetype not in (MULTIPART, URLENCODED):
            return super().parse(stream, mimetype, content_length, options)
        body = Body(stream, content_length, self.digest)
        with contextlib.ExitStack() as unfinished, cut_body_refused(), full_disk_noticed():
            if mimetype == MULTIPART:
                parts = self._parts(body, (options or {}).get("boundary", ""), unfinished)
                form, files = self.cls(parts.fields), self.cls(parts.files)
            else:
                form, files = self._fields(body), self.cls()
            body.must_be_whole()
            unfinished.pop_all()
        return stream, form, files

    def _parts(self, body: Body, boundary: str, unfinished: contextlib.ExitStack) -> Parts:
        parts = Parts(self, unfinished)
        parser = PushMultipartParser(boundary, max_segment_count=self.max_form_parts or inf)
        while piece := body.read(BUFFER):
            for event in parser.parse(piece):
                if isinstance(event, MultipartSegment):
                    parts.begin(event)
                elif event is not None:
                    parts.add(event)
                else:
                    parts.end()
        parser.close()
        return parts

    def _fields(self, body: Body) -> Form:
        memory = self.max_form_memory_size
        text = body.read(-1 if memory is None else memory + 1)
        if memory is not None and len(text) > memory:
            raise RequestEntityTooLarge
        return self.cls(parse_qsl(text.decode(), keep_blank_values=True))


class UploadRequest(Request):
    """A request whose files are spools: for ``app.request_class``, alone or as a mix-in.

    >>> app = Flask("app")
    >>> app.request_class = UploadRequest
    >>> sent = {"photo": (BytesIO(b"a cat"), "cat.jpg")}
    >>> with app.test_request_context(method="POST", data=sent):
    ...     request.files["photo"].stream.size
    5
    """

    form_data_parser_class = WholeBodyParser
    _pool: Pool | None = None

    def raw_file(self, filename: str) -> FileStorage:
        """The whole body as a file, for clients that send the bytes and no form.

        :param filename: what to call it.
        :raises BadRequest: if it is shorter than its Content-Length, or differs from its
            Content-Digest.
        :raises RequestEntityTooLarge: over MAX_CONTENT_LENGTH.
        :raises StorageFull: if there is no room for it.
        """
        body = Body(self.stream, self.content_length, self.headers.get("Content-Digest"))
        with contextlib.ExitStack() as unfinished, cut_body_refused(), full_disk_noticed():
            spool = unfinished.enter_context(contextlib.closing(Spool(staging_folder())))
            for piece in body.pieces():
                spool.write(piece)
            body.must_be_whole()
            unfinished.pop_all()
        spool.seek(0)
        return FileStorage(spool, filename, headers=Headers(self.headers))  # type: ignore[arg-type]

    def make_form_data_parser(self) -> FormDataParser:
        """The parser of this request's form."""
        parser = super().make_form_data_parser()
        if isinstance(parser, WholeBodyParser):  # an application may have put in its own
            parser.digest = self.headers.get("Content-Digest")
        return parser

    def close(self) -> None:
        """Let go of every file that was not saved."""
        super().close()
        if self._pool is not None:
            self._pool.close()

    def _get_file_stream(
        self,
        total_content_length: int | None,
        content_type: str | None,
        filename: str | None = None,
        content_length: int | None = None,
    ) -> IO[bytes]:
        self._pool = self._pool or Pool(staging_folder())
        return self._pool.spool()  # type: ignore[return-value]


class Parts:
    """The parts of a form, one after the other.

    :param parser: whose limits, and whose streams for files.
    :param unfinished: closes the files of a form that does not end well.
    """

    def __init__(self, parser: WholeBodyParser, unfinished: contextlib.ExitStack) -> None:
        self.fields: list[tuple[str, str]] = []
        self.files: list[tuple[str, FileStorage]] = []
        self._parser = parser
        self._unfinished = unfinished
        self._memory = 0

    def begin(self, segment: MultipartSegment) -> None:
        """Start a part; its headers are here.

        :param segment: its headers, as they were parsed.
        :raises RequestEntityTooLarge: if headers and fields are too large by now.
        """
        self._headers = Headers(segment.headerlist)
        self._take(sum(len(name) + len(text) for name, text in segment.headerlist))
        disposition = parse_options_header(self._headers["Content-Disposition"])[1]
        self._name, self._filename = disposition.get("name", ""), disposition.get("filename")
        if self._filename is None:
            self._stream: IO[bytes] = io.BytesIO()
            return
        stream = self._parser.stream_factory(
            None,
            self._headers.get("Content-Type"),
            self._filename,
            self._headers.get("Content-Length", 0, type=int),
        )
        self._stream = self._unfinished.enter_context(contextlib.closing(stream))

    def add(self, data: bytes) -> None:
        """Take in more bytes of it.

        :param data: the bytes.
        :raises RequestEntityTooLarge: if headers and fields are too large by now.
        """
        if self._filename is None:
            self._take(len(data))
        self._stream.write(data)

    def end(self) -> None:
        """Complete it.

        :raises BadRequest: if it differs from its Content-Digest.
        """
        self._stream.seek(0)
        if self._filename is None:
            self.fields.append((self._name, self._text()))
            return
        if isinstance(self._stream, Spool):
            must_match(self._headers.get("Content-Digest"), self._stream.sha256)
        file = FileStorage(self._stream, self._filename, self._name, headers=self._headers)
        self.files.append((self._name, file))

    def _text(self) -> str:
        options = parse_options_header(self._headers.get("Content-Type"))[1]
        charset = options.get("charset", "").lower()
        return self._stream.read().decode(charset if charset in CHARSETS else "utf-8", "replace")

    def _take(self, size: int) -> None:
        self._memory += size
        limit = self._parser.max_form_memory_size
        if limit is not None and self._memory > limit:
            raise RequestEntityTooLarge


class Body:
    """A request's body, counted while it is read.

    :param stream: the request's stream.
    :param length: its Content-Length, if it has one.
    :param digest: its Content-Digest, if it has one (RFC 9530; sha-256 is looked at).
    """

    def __init__(self, stream: IO[bytes], length: int | None, digest: str | None = None) -> None:
        self._stream = stream
        self._length = length
        self._digest = digest
        self._size = 0
        self._sha256 = hashlib.sha256() if digest else None

    def read(self, size: int = -1) -> bytes:
        """Up to so many bytes; none at the end.

        :param size: how many at most; all by default.
        :raises ClientDisconnected: if the connection broke.
        """
        with broken_line_noticed():
            data = self._stream.read(size)
        self._count(data)
        return data

    def pieces(self) -> Iterator[memoryview]:
        """All of it, in pieces that share one buffer: each is good until the next.

        :raises ClientDisconnected: if the connection broke.
        """
        buffer = memoryview(bytearray(BUFFER))
        while size := self._fill(buffer):
            self._count(buffer[:size])
            yield buffer[:size]

    def _fill(self, buffer: memoryview) -> int:
        with broken_line_noticed():
            if hasattr(self._stream, "readinto"):
                size: int = self._stream.readinto(buffer)
                return size
            data = self._stream.read(len(buffer))  # all that WSGI promises
        buffer[: len(data)] = data
        return len(data)

    def _count(self, data: bytes | memoryview) -> None:
        self._size += len(data)
        if self._sha256 is not None:
            self._sha256.update(data)

    def must_be_whole(self) -> None:
        """Hold what was read against what was announced.

        :raises ClientDisconnected: if it is shorter.
        :raises BadRequest: if it differs from its digest.
        """
        if self._length is not None and self._size < self._length:
            raise ClientDisconnected
        if self._sha256 is not None:
            must_match(self._digest, self._sha256.hexdigest())


def must_match(content_digest: str | None, sha256: str) -> None:
    """Hold bytes against the digest that came with them.

    :param content_digest: the header, ``sha-256=:…:`` in base64; others are not looked at.
    :param sha256: of the bytes that arrived, in hexadecimal.
    :raises BadRequest: if they differ.
    """
    announced = parse_dict_header(content_digest or "").get("sha-256")
    if (
        announced is not None
        and announced != f":{base64.b64encode(bytes.fromhex(sha256)).decode()}:"
    ):
        raise BadRequest(N_("The upload was changed on its way. Please send it again."))


@contextlib.contextmanager
def broken_line_noticed() -> Iterator[None]:
    """Tell a connection that broke, for which each server has an error of its own.

    :raises ClientDisconnected: in place of that error.
    :raises HTTPException: as it is: the body is over MAX_CONTENT_LENGTH.
    """
    try:
        yield
    except HTTPException:
        raise
    except Exception as error:
        raise ClientDisconnected from error


@contextlib.contextmanager
def cut_body_refused() -> Iterator[None]:
    """Answer a body that ended early, or is no form at all, with a sentence.

    :raises BadRequest: in place of what the parser or the server says of it.
    :raises RequestEntityTooLarge: for too many parts, or too long a header of one.
    """
    try:
        yield
    except ParserLimitReached as error:
        raise RequestEntityTooLarge from error
    except (ValueError, ClientDisconnected) as error:
        raise BadRequest(N_("The upload did not arrive whole. Please send it again.")) from error
