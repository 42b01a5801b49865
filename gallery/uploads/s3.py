"""The store that is a bucket of an S3 server: each file is written once, whole or not at all."""

from __future__ import annotations

import base64
import contextlib
import errno
import io
import os
import re
import secrets
import tempfile
import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, BinaryIO
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from boto3.session import Session
from botocore.client import BaseClient, Config
from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError, IncompleteReadError
from botocore.response import StreamingBody

from .exceptions import StoreUnavailable, UnsafePath, UploadTooLarge
from .kinds import named_type
from .spool import Spool
from .stores import Stat, segments

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

LARGEST = 5 * 1024**3  # bytes that S3 takes in one request
LONGEST_KEY = 1024
BUFFER = 256 * 1024
PAUSES = (0, 0.05, 0.2, 0.8)  # seconds, while another upload of the same key is being decided
LIFETIME = 3600  # seconds
PASSING = {"BadDigest", "RequestTimeout", "SlowDown"}  # failures of the moment below 500

OVERWRITES = (
    "The S3 server of bucket {} lets an upload overwrite another of the same name. Use one that "
    "honours If-None-Match, or set UPLOADS_S3_UNSAFE if nobody else writes there."
)
SILENT = "The S3 server of bucket {} does not answer."

Fetch = Callable[[int], StreamingBody]  # the bytes from a position on


class S3Store:
    """A bucket, or what is below a prefix of it.

    The credentials come from where boto3 looks for them: the environment, or the machine's role.

    :param bucket: its name; it has to be there.
    :param prefix: the folder in it.
    :param client: a boto3 client of one's own, which is then used in every thread and process.
    :param endpoint_url: the address of a server that is not Amazon's.
    :param region: the region, when the environment does not name it.
    :raises UnsafePath: if the prefix is no clean relative path.
    """

    def __init__(
        self,
        bucket: str,
        prefix: str = "",
        *,
        client: BaseClient | None = None,
        endpoint_url: str | None = None,
        region: str | None = None,
    ) -> None:
        self.bucket = bucket
        self.prefix = "/".join([*segments(prefix.strip("/")), ""]) if prefix.strip("/") else ""
        self.endpoint_url = endpoint_url
        self.region = region
        self._given = client
        self._own: tuple[int, BaseClient] | None = None

    @classmethod
    def at(cls, url: str) -> S3Store:
        """The store of an address such as ``s3://bucket/prefix?endpoint=https://…&region=…``.

        :raises ValueError: if it is none, has other options, or has credentials in it.
        """
        parts = urlsplit(url)
        options = dict(parse_qsl(parts.query))
        if parts.scheme != "s3" or not parts.netloc:
            raise ValueError("An S3 destination looks like s3://bucket/prefix?endpoint=https://…")
        if re.search("[@:]", parts.netloc):
            raise ValueError("Credentials for S3 belong into the environment, not into its URL.")
        endpoint, region = options.pop("endpoint", None), options.pop("region", None)
        if options:
            raise ValueError(f"An S3 destination has no option {', '.join(sorted(options))}.")
        return cls(parts.netloc, unquote(parts.path), endpoint_url=endpoint, region=region)

    def put(self, part: Spool, key: str, *, replace: bool = False, type: str) -> None:
        """As :meth:`Store.put`, and only if the server has the very bytes.

        :raises UploadTooLarge: over 5 GiB.
        :raises StoreUnavailable: if the server cannot be reached or fails.
        :raises RuntimeError: if it refuses, for instance the credentials.
        """
        if part.size > LARGEST:
            raise UploadTooLarge("The store takes no file over 5 GiB.")
        request = self._request(key, type, part.sha256, part.size, replace)
        for pause in PAUSES:
            time.sleep(pause)
            with contextlib.suppress(_Undecided):
                return self._send(key, part, request)
        raise StoreUnavailable

    def open(self, key: str, start: int = 0, stop: int | None = None) -> BinaryIO:
        """As :meth:`Store.open`; the file can seek, and takes no more memory than it is read.

        :raises StoreUnavailable: if the server cannot be reached or fails, also while it is read.
        """
        found = self._found(key)
        if found is None:
            raise FileNotFoundError(key)
        facts, tag = found
        end = facts.size if stop is None else min(stop, facts.size)

        def fetch(first: int) -> StreamingBody:
            asked = {**self._object(key), "IfMatch": tag, "Range": f"bytes={first}-{end - 1}"}
            with _answering(key):
                return self._client.get_object(**asked)["Body"]

        return io.BufferedReader(_Remote(fetch, start, end), BUFFER)

    def list(self, prefix: str) -> Iterator[str]:
        """As :meth:`Store.list`."""
        pages = self._client.get_paginator("list_objects_v2").paginate(
            Bucket=self.bucket, Prefix=self.prefix + prefix
        )
        with _answering(prefix):
            for page in pages:
                for each in page.get("Contents", ()):
                    key = each["Key"].removeprefix(self.prefix)
                    with contextlib.suppress(UnsafePath):  # not ours: the mark of a folder, say
                        segments(key)
                        yield key

    def stat(self, key: str) -> Stat | None:
        """As :meth:`Store.stat`; the tag is the sha256 where the server keeps it."""
        found = self._found(key)
        return found and found[0]

    def delete(self, key: str) -> None:
        """As :meth:`Store.delete`."""
        with contextlib.suppress(UnsafePath, FileNotFoundError), _answering(key):
            self._client.delete_object(**self._object(key))

    def url(
        self, key: str, *, expires: int | None = None, download: str | None = None
    ) -> str | None:
        """A signed URL of the bucket; whether the file exists is not looked up.

        :param expires: for how many seconds it is good, an hour by default.
        :param download: the name to store it under, instead of showing it.
        """
        # The type it was put with is that of its bytes: a cat.jpg that is a page would be shown so.
        asked = {**self._object(key), "ResponseContentType": named_type(key)}
        if download is not None:
            name = quote(download, safe="")
            asked["ResponseContentDisposition"] = f"attachment; filename*=UTF-8''{name}"
        return self._signed("get_object", asked, expires)

    def presign(
        self, key: str, *, type: str, size: int, sha256: str, expires: int
    ) -> dict[str, str | dict[str, str]]:
        """A request by which a client puts one body here itself, and no other: its ``method``,
        ``url`` and ``headers``. A key that is taken by then is refused by the server.

        :param type: the MIME type it has to have.
        :param size: its length in bytes.
        :param sha256: its digest in hexadecimal.
        :param expires: for how many seconds it is good.
        """
        request = self._request(key, type, sha256, size, replace=False)
        headers = {
            "Content-Type": type,
            "Content-Length": str(size),
            "If-None-Match": "*",
            "x-amz-checksum-sha256": str(request["ChecksumSHA256"]),
        }
        url = self._signed("put_object", request, expires)
        return {"method": "PUT", "url": url, "headers": headers}

    def must_be_create_only(self) -> None:
        """Try, with a tiny file, whether the server refuses a key that is taken.

        :raises RuntimeError: if it does not, so that one upload could overwrite another; or if it
            refuses, or does not answer.
        """
        try:
            if self._overwrites(f"probe-{secrets.token_hex(8)}"):
                raise RuntimeError(OVERWRITES.format(self.bucket))
        except StoreUnavailable as error:
            raise RuntimeError(SILENT.format(self.bucket)) from error

    def _overwrites(self, key: str) -> bool:
        with contextlib.closing(Spool(tempfile.gettempdir())) as spool:
            spool.write(b"May a second upload take this key?")
            try:
                self.put(spool, key, type="text/plain")
                self.put(spool, key, type="text/plain")
            except FileExistsError:
                return False
            finally:
                self.delete(key)
        return True

    def _send(self, key: str, part: Spool, request: dict[str, object]) -> None:
        body = _Outgoing(part)
        part.seek(0)
        try:
            with _answering(key):
                self._client.put_object(**request, Body=body)
        except (StoreUnavailable, RuntimeError) as error:
            raise body.error or error from error

    def _request(
        self, key: str, type: str, sha256: str, size: int, replace: bool
    ) -> dict[str, object]:
        request = self._object(key)
        request |= {"ContentType": type, "ContentLength": size}
        request["ChecksumSHA256"] = base64.b64encode(bytes.fromhex(sha256)).decode()
        return request if replace else {**request, "IfNoneMatch": "*"}

    def _object(self, key: str) -> dict[str, object]:
        name = self.prefix + "/".join(segments(key))
        if len(name.encode()) > LONGEST_KEY:
            raise UnsafePath("The file's name is too long")
        return {"Bucket": self.bucket, "Key": name}

    def _found(self, key: str) -> tuple[Stat, str] | None:
        """What the server knows of a file, and its own tag for it."""
        try:
            asked = self._object(key)
            with _answering(key):
                answer = self._client.head_object(**asked, ChecksumMode="ENABLED")
        except (FileNotFoundError, UnsafePath):
            return None
        own_tag, digest = str(answer["ETag"]), answer.get("ChecksumSHA256", "-")
        # With a number behind a dash it is a digest of digests, from an upload in parts.
        tag = own_tag.strip('"') if "-" in digest else base64.b64decode(digest).hex()
        return Stat(answer["ContentLength"], answer["LastModified"].timestamp(), tag), own_tag

    def _signed(self, act: str, request: dict[str, object], expires: int | None) -> str:
        with _answering(str(request["Key"])):
            url: str = self._client.generate_presigned_url(
                act, Params=request, ExpiresIn=expires or LIFETIME
            )
        return url

    @property
    def _client(self) -> BaseClient:
        if self._given is not None:
            return self._given
        # A child must not speak on the connections of the process it was forked from.
        if self._own is None or self._own[0] != os.getpid():
            self._own = os.getpid(), self._connected()
        return self._own[1]

    def _connected(self) -> BaseClient:
        # Sessions, unlike clients, are not made for several threads: each client has its own.
        return Session().client(
            "s3",
            endpoint_url=self.endpoint_url,
            region_name=self.region,
            config=Config(
                signature_version="s3v4",  # boto3 signs URLs in the old way otherwise
                connect_timeout=5,
                read_timeout=60,
                retries={"mode": "standard", "total_max_attempts": 3},
                max_pool_connections=64,
                # The digest is known and signed: hashing the body once more adds nothing.
                s3={
                    "payload_signing_enabled": False,
                    "addressing_style": "path" if self.endpoint_url else "auto",
                },
                request_checksum_calculation="when_required",
                response_checksum_validation="when_required",
            ),
        )


class _Remote(io.RawIOBase):
    """The bytes of a file, asked for from where they are read on."""

    def __init__(self, fetch: Fetch, start: int, end: int) -> None:
        super().__init__()
        self.fetch = fetch
        self.position = start
        self.end = end
        self.body: StreamingBody | None = None

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self.position, io.SEEK_END: self.end}[whence]
        if base + offset < 0:
            raise ValueError("negative seek position")
        if base + offset != self.position:
            self._drop()
        self.position = base + offset
        return self.position

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        view = memoryview(buffer).cast("B")
        if self.position >= self.end or not view:
            return 0
        if self.body is None:
            self.body = self.fetch(self.position)
        with _answering(""):
            piece: bytes = self.body.read(min(len(view), self.end - self.position))
        view[: len(piece)] = piece
        self.position += len(piece)
        return len(piece)

    def close(self) -> None:
        self._drop()
        super().close()

    def _drop(self) -> None:
        if self.body is not None:
            self.body.close()
            self.body = None


class _Outgoing:
    """A spool as boto3 reads it, which takes an error in it for a broken connection."""

    def __init__(self, spool: Spool) -> None:
        self.spool = spool
        self.error: OSError | None = None
        self.tell = spool.tell

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        if self.error is not None:  # so it is not tried again
            raise self.error
        return self.spool.seek(offset, whence)

    def read(self, size: int = -1, /) -> bytes:
        try:
            piece = self.spool.read(size) or b""
            if size and not piece and self.spool.tell() < self.spool.size:
                raise OSError(errno.EIO, "The body ends before its end")
        except OSError as error:
            self.error = error
            raise
        return piece


class _Undecided(StoreUnavailable):
    pass


@contextlib.contextmanager
def _answering(key: str) -> Iterator[None]:
    """Say in the words of a store what boto3 raises."""
    try:
        yield
    except ClientError as error:
        raise _refusal(error, key) from error
    except (HTTPClientError, IncompleteReadError) as error:
        raise StoreUnavailable from error
    except BotoCoreError as error:
        raise RuntimeError(f"The S3 store cannot be used: {error}") from error


def _refusal(error: ClientError, key: str) -> Exception:
    code: str = error.response["Error"]["Code"]
    match error.response["ResponseMetadata"]["HTTPStatusCode"]:
        case 404 if code != "NoSuchBucket":
            return FileNotFoundError(key)
        case 409:
            return _Undecided()
        case 412 if error.operation_name == "PutObject":
            return FileExistsError(key)
        case 412:
            return OSError(errno.ESTALE, "The file was replaced while it was read", key)
        case 501:
            return RuntimeError(f"The S3 server cannot do what is needed, create-only: {error}")
        case status if status >= 500 or status == 429 or code in PASSING:
            return StoreUnavailable()
    return RuntimeError(f"The S3 store refuses: {error}")
