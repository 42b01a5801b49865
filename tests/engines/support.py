"""What the tests of stores on real servers do again and again."""

import contextlib
import tempfile

from gallery.uploads import Spool, Store

BODY = bytes(range(256)) * 2000  # half a megabyte: more than one piece, and than one packet


def put(store: Store, key: str, body: bytes = BODY, *, replace: bool = False) -> None:
    with contextlib.closing(Spool(tempfile.gettempdir())) as spool:
        spool.write(body)
        store.put(spool, key, replace=replace, type="image/jpeg")


def read(store: Store, key: str) -> bytes:
    with store.open(key) as file:
        return file.read()


def address(server_url: str, bucket: str) -> str:
    return f"s3://{bucket}/of/ours?endpoint={server_url}&region=us-east-1"
