"""Reads a request's form straight into spools, and refuses a body that did not arrive whole."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Iterator
from typing import IO, TYPE_CHECKING

from flask import Request
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.exceptions import BadRequest, ClientDisconnected, HTTPException
from werkzeug.formparser import FormDataParser, MultiPartParser

from .exceptions import full_disk_noticed
from .spool import Spool, staging_folder

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

BUFFER = 256 * 1024
MULTIPART, URLENCODED = "multipart/form-data", "application/x-www-form-urlencoded"

Form = MultiDict[str, str]
Files = MultiDict[str, FileStorage]


class WholeBodyParser(FormDataParser):
    """Werkzeug's parser of forms, made strict about their end."""

    def parse(
        self,
        stream: IO[bytes],
        mimetype: str,
        content_length: int | None,
        options: dict[str, str] | None = None,
    ) -> tuple[IO[bytes], Form, Files]:
        """Parse a form; any other body is left in the stream.

        :raises BadRequest: if the body is shorter than its Content-Length, or a multipart body
            lacks its final boundary: Werkzeug alone would show the view a form without files.
        :raises StorageFull: if there is no room for a file.
        """
        if mimetype not in (MULTIPART, URLENCODED):
            return super().parse(stream, mimetype, content_length, options)
        counted = _Counted(stream)
        body = io.BufferedReader(counted)
        with contextlib.ExitStack() as unfinished, _cut_body_refused(), full_disk_noticed():
            if mimetype == MULTIPART:
                form, files = self._parts(body, content_length, options or {}, unfinished)
            else:
                _, form, files = super().parse(body, mimetype, content_length, options)
            if content_length is not None and counted.size < content_length:
                raise ClientDisconnected
            unfinished.pop_all()
        return stream, form, files

    def _parts(
        self,
        body: IO[bytes],
        content_length: int | None,
        options: dict[str, str],
        unfinished: contextlib.ExitStack,
    ) -> tuple[Form, Files]:
        def stream_factory(
            total_content_length: int | None,
            content_type: str | None,
            filename: str | None,
            content_length: int | None = None,
        ) -> IO[bytes]:
            stream = self.stream_factory(
                total_content_length, content_type, filename, content_length
            )
            return unfinished.enter_context(contextlib.closing(stream))

        limit = self.max_form_memory_size
        parser = MultiPartParser(
            stream_factory,
            limit,
            self.cls,
            # Werkzeug holds its whole buffer against the limit that is meant for one field.
            buffer_size=BUFFER if limit is None else min(BUFFER, limit // 2 or 1),
            max_form_parts=self.max_form_parts,
        )
        boundary = options.get("boundary", "").encode("ascii")
        if not boundary:
            raise ValueError("Missing boundary")
        return parser.parse(body, boundary, content_length)


class UploadRequest(Request):
    """A request whose files are spools: for ``app.request_class``, alone or as a mix-in."""

    form_data_parser_class = WholeBodyParser

    def _get_file_stream(
        self,
        total_content_length: int | None,
        content_type: str | None,
        filename: str | None = None,
        content_length: int | None = None,
    ) -> IO[bytes]:
        return Spool(staging_folder())  # type: ignore[return-value]


class _Counted(io.RawIOBase):
    def __init__(self, stream: IO[bytes]) -> None:
        super().__init__()
        self.stream = stream
        self.size = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        view = memoryview(buffer)
        try:
            data = self.stream.read(len(view))
        except HTTPException:  # it is over MAX_CONTENT_LENGTH
            raise
        except Exception as error:  # each server has its own for a connection that broke
            raise ClientDisconnected from error
        view[: len(data)] = data
        self.size += len(data)
        return len(data)


@contextlib.contextmanager
def _cut_body_refused() -> Iterator[None]:
    try:
        yield
    except (ValueError, ClientDisconnected) as error:
        raise BadRequest("The upload did not arrive whole. Please send it again.") from error
