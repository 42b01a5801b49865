"""The store that is a bucket of an S3 server: each file is written once, whole or not at all."""

from __future__ import annotations

import base64
import contextlib
import io
import os
import secrets
import tempfile
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, BinaryIO
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from boto3.session import Session
from botocore.client import BaseClient, Config
from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError, IncompleteReadError
from botocore.exceptions import ConnectionError as NotConnected
from botocore.response import StreamingBody

from .exceptions import N_, StoreUnavailable, UnsafePath, UploadTooLarge
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
MARK = "upload"  # the metadata by which an upload knows its own file
PASSING = {"BadDigest", "RequestTimeout"}  # failures of the moment below 500

# The digest is known, sent and signed: hashing the body once more adds nothing.
UNHASHED = {"payload_signing_enabled": False}
OPTIONS = Config(
    signature_version="s3v4",  # boto3 signs URLs in the old way otherwise
    connect_timeout=5,
    read_timeout=60,
    retries={"mode": "standard", "total_max_attempts": 3},
    max_pool_connections=64,
    request_checksum_calculation="when_required",
    response_checksum_validation="when_required",
)

OVERWRITES = (
    "The S3 server of bucket {} lets an upload overwrite another of the same name. Use one that "
    "honours If-None-Match, or set UPLOADS_S3_UNSAFE if nobody else writes there."
)
SILENT = "The S3 server of bucket {} does not answer: {}"


class S3Store:
    """A bucket, or what is below a prefix of it.

    The credentials come from where boto3 looks for them: the environment, or the machine's role.
    They have to allow to put, get, delete and list.

    :param bucket: its name; it has to be there.
    :param prefix: the folder in it.
    :param client: a boto3 client of one's own, which is then used in every thread and process.
    :param endpoint_url: the address of a server that is not Amazon's.
    :param region: the region, when the environment does not name it.
    :raises UnsafePath: if the prefix is no clean relative path.

    >>> S3Store("pictures", "ada", endpoint_url="https://s3.example").prefix
    'ada/'
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

        :param url: the address.
        :raises ValueError: if it is none, has other options, or has credentials in it.
        """
        parts = urlsplit(url)
        options = dict(parse_qsl(parts.query, keep_blank_values=True))
        endpoint, region = options.pop("endpoint", None), options.pop("region", None)
        if parts.scheme != "s3" or not parts.netloc or parts.fragment or options:
            raise ValueError("An S3 destination is s3://bucket/prefix?endpoint=https://…&region=…")
        if set("@:") & set(parts.netloc):
            raise ValueError("Credentials for S3 belong into the environment, not into its URL.")
        return cls(parts.netloc, unquote(parts.path), endpoint_url=endpoint, region=region)

    def put(self, part: Spool, key: str, *, replace: bool = False, type: str) -> None:
        """As :meth:`Store.put`, and only if the server has the very bytes.

        :raises UploadTooLarge: over 5 GiB.
        :raises StoreUnavailable: if the server cannot be reached or fails.
        :raises RuntimeError: if it refuses, for instance the credentials.
        """
        if part.size > LARGEST:
            raise UploadTooLarge(N_("The store takes no file over 5 GiB."))
        mark = secrets.token_hex(8)
        request = {
            **self._object(key),
            **({} if replace else {"IfNoneMatch": "*"}),
            "ContentType": type,
            "ContentLength": part.size,
            "ChecksumSHA256": base64.b64encode(bytes.fromhex(part.sha256)).decode(),
            "Metadata": {MARK: mark},
        }
        try:
            self._send(part, key, request)
        except FileExistsError:
            # The answer to a first attempt may have been lost: then it is our own file.
            found = self._found(key)
            if found is None or found[1] != mark:
                raise

    def open(self, key: str, start: int = 0, stop: int | None = None) -> BinaryIO:
        """As :meth:`Store.open`; the file is read forwards, and takes the memory of one piece.

        :raises StoreUnavailable: if the server cannot be reached or fails, also while it is read.
        """
        if stop is None or start < stop:
            with contextlib.suppress(EOFError, UnsafePath):
                return io.BufferedReader(_Incoming(self._body(key, start, stop)), BUFFER)
        if self._found(key) is None:
            raise FileNotFoundError(key)
        return io.BytesIO()

    def list(self, prefix: str) -> Iterator[str]:
        """As :meth:`Store.list`."""
        with _answering(prefix):
            lister = self._client.get_paginator("list_objects_v2")
            for page in lister.paginate(Bucket=self.bucket, Prefix=self.prefix + prefix):
                for each in page.get("Contents", ()):
                    key = each["Key"].removeprefix(self.prefix)
                    with contextlib.suppress(UnsafePath):  # not ours: the mark of a folder, say
                        segments(key)
                        yield key

    def stat(self, key: str) -> Stat | None:
        """As :meth:`Store.stat`."""
        found = self._found(key)
        return found and found[0]

    def delete(self, key: str) -> None:
        """As :meth:`Store.delete`."""
        with contextlib.suppress(UnsafePath, FileNotFoundError), _answering(key):
            self._client.delete_object(**self._object(key))

    def url(
        self, key: str, *, expires: int | None = None, download: str | None = None
    ) -> str | None:
        """As :meth:`Store.url`: signed, and whether the file exists is not looked up.

        :param expires: for how many seconds it is good, an hour by default.
        :param download: the name to store it under, instead of showing it.
        :raises UnsafePath: if the key is none.
        """
        asked, lifetime = self._object(key), LIFETIME if expires is None else expires
        asked["ResponseContentType"] = named_type(key)  # a page that is called .jpg is no page
        if download is not None:
            disposition = f"attachment; filename*=UTF-8''{quote(download, safe='')}"
            asked["ResponseContentDisposition"] = disposition
        with _answering(key):
            url: str = self._client.generate_presigned_url("get_object", asked, lifetime)
        return url

    def must_be_create_only(self) -> None:
        """Try, with a tiny file, whether the server refuses a key that is taken.

        :raises RuntimeError: if it does not, so that one upload could overwrite another; or if it
            refuses, or does not answer.
        """
        try:
            any(self.list("probe-"))  # the bucket is there; some servers make it for an upload
            if self._overwrites(f"probe-{secrets.token_hex(8)}"):
                raise RuntimeError(OVERWRITES.format(self.bucket))
        except StoreUnavailable as error:
            raise RuntimeError(SILENT.format(self.bucket, error.__cause__)) from error

    def _overwrites(self, key: str) -> bool:
        with contextlib.closing(Spool(tempfile.gettempdir())) as spool:
            spool.write(b"May a second upload take this key?")
            self.put(spool, key, type="text/plain")
            try:
                self.put(spool, key, type="text/plain")
            except FileExistsError:
                return False
            finally:
                self.delete(key)
        return True

    def _send(self, part: Spool, key: str, request: dict[str, object]) -> None:
        for pause in PAUSES:
            time.sleep(pause)
            part.seek(0)
            with contextlib.suppress(_Undecided), _answering(key):
                self._client.put_object(**request, Body=part)
                return
        raise StoreUnavailable

    def _body(self, key: str, start: int, stop: int | None) -> StreamingBody:
        asked = self._object(key)
        if start or stop is not None:
            asked["Range"] = f"bytes={start}-{'' if stop is None else stop - 1}"
        with _answering(key):
            return self._client.get_object(**asked)["Body"]

    def _found(self, key: str) -> tuple[Stat, str] | None:
        """What the server knows of a file, and the mark of the upload that made it."""
        try:
            with _answering(key):
                answer = self._client.head_object(**self._object(key))
        except (FileNotFoundError, UnsafePath):
            return None
        modified, tag = answer["LastModified"].timestamp(), answer["ETag"].strip('"')
        return Stat(answer["ContentLength"], modified, tag), answer["Metadata"].get(MARK, "")

    def _object(self, key: str) -> dict[str, str]:
        name = self.prefix + "/".join(segments(key))
        if len(name.encode()) > LONGEST_KEY:
            raise UnsafePath(N_("The file's name is too long"))
        return {"Bucket": self.bucket, "Key": name}

    @property
    def _client(self) -> BaseClient:
        if self._given is not None:
            return self._given
        # A child must not speak on the connections of the process it was forked from.
        if self._own is None or self._own[0] != os.getpid():
            style = "path" if self.endpoint_url else "auto"
            # Sessions, unlike clients, are not made for several threads: each client has its own.
            client = Session().client(
                "s3",
                endpoint_url=self.endpoint_url,
                region_name=self.region,
                config=OPTIONS.merge(Config(s3={**UNHASHED, "addressing_style": style})),
            )
            self._own = os.getpid(), client
        return self._own[1]


class _Incoming(io.RawIOBase):
    """The body of an answer, whose errors are those of a store."""

    def __init__(self, body: StreamingBody) -> None:
        super().__init__()
        self.body = body

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        with _answering(""):
            count: int = self.body.readinto(buffer)
        return count

    def close(self) -> None:
        self.body.close()
        super().close()


class _Undecided(StoreUnavailable):
    pass


@contextlib.contextmanager
def _answering(key: str) -> Iterator[None]:
    """Say in the words of a store what boto3 raises."""
    try:
        yield
    except ClientError as error:
        raise _refusal(error, key) from error
    except (HTTPClientError, NotConnected, IncompleteReadError) as error:
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
        case 412:
            return FileExistsError(key)
        case 416:
            return EOFError(key)
        case 501:
            return RuntimeError(f"The S3 server cannot do what is needed, create-only: {error}")
        case status if status >= 500 or status == 429 or code in PASSING:
            return StoreUnavailable()
    return RuntimeError(f"The S3 store refuses: {error}")
