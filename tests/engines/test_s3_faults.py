"""A bucket whose server is down, slow, failing, or cut off in the middle."""

import os
import time
from collections.abc import Callable
from contextlib import closing, suppress

import pytest

from gallery.uploads import StoreUnavailable, UploadTooLarge
from gallery.uploads.s3 import LARGEST, S3Store
from gallery.uploads.spool import Spool

from .proxy import (
    answering,
    cutting_the_answer,
    cutting_the_body,
    losing_the_answer,
    overwriting,
)
from .seaweed import SeaweedFS, free_ports
from .support import BODY, address, put, read

pytestmark = pytest.mark.usefixtures("credentials")

IMPATIENT = {"read_timeout": 0.3, "retries": {"total_max_attempts": 1}}
BROKEN = [answering(500), answering(503, "SlowDown"), cutting_the_body]
ACTS = {
    "put": lambda store: put(store, "cat.jpg"),
    "stat": lambda store: store.stat("cat.jpg"),
    "delete": lambda store: store.delete("cat.jpg"),
    "open": lambda store: store.open("cat.jpg"),
    "list": lambda store: list(store.list("")),
}


def eventually(act: Callable[[], object]) -> None:
    """A server that says it is up may still look for its disks."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        with suppress(StoreUnavailable):
            act()
            return
    raise AssertionError("The server did not come back.")


@pytest.mark.parametrize("act", ACTS)
def test_a_server_that_is_down_makes_the_store_unavailable(bucket, act):
    store = S3Store.at(address(f"http://127.0.0.1:{free_ports(1)[0]}", bucket))

    with pytest.raises(StoreUnavailable):
        ACTS[act](store)


@pytest.mark.parametrize("act", ACTS)
def test_so_does_one_that_says_nothing(seaweed, bucket, act):
    store = S3Store(bucket, client=seaweed.client(**IMPATIENT))

    with seaweed.paused(), pytest.raises(StoreUnavailable):
        ACTS[act](store)


@pytest.mark.parametrize("fault", BROKEN)
def test_an_upload_that_fails_again_and_again_leaves_nothing(proxy, store, wired, fault):
    proxy.next("PUT", fault, fault, fault)

    with pytest.raises(StoreUnavailable):
        put(wired, "cat.jpg")

    assert list(store.list("")) == []


@pytest.mark.parametrize("fault", [*BROKEN, losing_the_answer, answering(409)])
def test_an_upload_that_fails_once_is_sent_again(proxy, store, wired, fault):
    proxy.next("PUT", fault)

    put(wired, "cat.jpg")

    assert read(store, "cat.jpg") == BODY
    assert len(proxy.bodies("PUT")) == 2


def test_an_upload_that_nobody_decides_leaves_nothing(proxy, store, wired):
    proxy.next("PUT", *[answering(409)] * 4)

    with pytest.raises(StoreUnavailable):
        put(wired, "cat.jpg")

    assert list(store.list("")) == []


def test_an_upload_does_not_take_another_s_file_for_its_own(proxy, store, wired):
    put(store, "cat.jpg")
    proxy.next("PUT", losing_the_answer)

    with pytest.raises(FileExistsError):
        put(wired, "cat.jpg")


def test_what_failed_can_be_uploaded_afterwards(proxy, store, wired):
    proxy.next("PUT", *[cutting_the_body] * 3)
    with pytest.raises(StoreUnavailable):
        put(wired, "cat.jpg")

    put(wired, "cat.jpg")

    assert read(store, "cat.jpg") == BODY


def test_a_replacement_that_fails_leaves_the_old_file(proxy, store, wired):
    put(store, "cat.jpg", b"old")
    proxy.next("PUT", *[cutting_the_body] * 3)

    with pytest.raises(StoreUnavailable):
        put(wired, "cat.jpg", replace=True)

    assert read(store, "cat.jpg") == b"old"


def test_a_file_cut_off_while_it_is_read_is_no_shorter_file(proxy, store, wired):
    put(store, "cat.jpg")
    proxy.next("GET", cutting_the_answer)

    with wired.open("cat.jpg") as file, pytest.raises(StoreUnavailable):
        file.read()


def test_a_server_that_pauses_while_it_is_read_makes_the_store_unavailable(seaweed, bucket):
    store = S3Store(bucket, client=seaweed.client(**IMPATIENT))
    put(S3Store(bucket, client=seaweed.client()), "cat.jpg", bytes(30_000_000))

    with store.open("cat.jpg") as file, seaweed.paused(), pytest.raises(StoreUnavailable):
        file.read()


@pytest.mark.slow
def test_a_server_killed_during_an_upload_keeps_what_it_acknowledged_and_no_more(tmp_path):
    server = SeaweedFS(tmp_path)

    class Killing(Spool):
        def readinto(self, buffer):
            if self.tell() > self.size // 2:
                server.kill()
            return super().readinto(buffer)

    try:
        server.client().create_bucket(Bucket="photos")
        store = S3Store.at(address(server.url, "photos"))
        put(store, "before.jpg")
        with closing(Killing(str(tmp_path))) as spool, pytest.raises(StoreUnavailable):
            spool.write(BODY * 20)
            store.put(spool, "cat.jpg", type="image/jpeg")
        server.start()
        eventually(lambda: put(store, "after.jpg", replace=True))

        assert sorted(store.list("")) == ["after.jpg", "before.jpg"]
        assert read(store, "before.jpg") == read(store, "after.jpg") == BODY
    finally:
        server.kill()


def test_a_body_over_five_gibibytes_is_refused_before_anything_is_sent(proxy, wired, tmp_path):
    (tmp_path / "huge").touch()
    os.truncate(tmp_path / "huge", LARGEST + 1)
    folder = os.open(tmp_path, os.O_RDONLY)
    spool = Spool.reopened(folder, "huge")

    with pytest.raises(UploadTooLarge):
        wired.put(spool, "cat.jpg", type="image/jpeg")

    assert proxy.seen == []


def test_a_server_that_overwrites_is_noticed(proxy, wired):
    proxy.next("PUT", *[overwriting] * 2)

    with pytest.raises(RuntimeError, match="lets an upload overwrite another"):
        wired.must_be_create_only()


def test_the_probe_leaves_nothing(store):
    store.must_be_create_only()

    assert list(store.list("")) == []
