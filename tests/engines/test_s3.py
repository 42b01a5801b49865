"""The store in a bucket, on a real S3 server."""

from urllib.request import urlopen

import pytest

from gallery.uploads import UnsafePath
from gallery.uploads.testing import CONTRACT, MIB, takes_little_memory
from tests.uploads.support import at_once

from .support import BODY, put, read

pytestmark = pytest.mark.usefixtures("credentials")


@pytest.mark.parametrize("clause", CONTRACT, ids=lambda clause: clause.__name__)
def test_a_bucket_keeps_the_contract(store, clause):
    clause(store)

    assert list(store.list("")) == []


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_a_gibibyte_takes_a_bucket_little_memory(store):
    takes_little_memory(store, 1024 * MIB)


def test_its_url_gives_the_file_to_whoever_has_it(store):
    put(store, "ada/写真.jpg")

    with urlopen(store.url("ada/写真.jpg")) as answer:
        assert (answer.headers["Content-Type"], answer.read()) == ("image/jpeg", BODY)


def test_its_url_never_shows_a_picture_s_name_as_a_page(store, seaweed):
    page = {"Body": b"<html>", "ContentType": "text/html"}
    seaweed.client().put_object(Bucket=store.bucket, Key="of/ours/evil.jpg", **page)

    with urlopen(store.url("evil.jpg")) as answer:
        assert answer.headers["Content-Type"] == "image/jpeg"


def test_its_url_can_have_it_stored_under_another_name(store):
    put(store, "cat.jpg")

    with urlopen(store.url("cat.jpg", download='写真 "1".jpg')) as answer:
        disposition = answer.headers["Content-Disposition"]

    assert disposition == "attachment; filename*=UTF-8''%E5%86%99%E7%9C%9F%20%221%22.jpg"


def test_its_url_is_good_for_as_long_as_it_says(store):
    assert "X-Amz-Expires=3600&" in store.url("cat.jpg")
    assert "X-Amz-Expires=60&" in store.url("cat.jpg", expires=60)


def test_what_others_put_there_is_not_listed(store, seaweed):
    put(store, "ada/cat.jpg")
    for key in ("of/ours/folder/", "of/ours/.hidden", "of/ours/ada/.part-0", "of/theirs.jpg"):
        seaweed.client().put_object(Bucket=store.bucket, Key=key, Body=b"")

    assert list(store.list("")) == ["ada/cat.jpg"]


def test_more_files_than_one_answer_holds_are_listed(store, seaweed):
    client, keys = seaweed.client(), {f"{number}.jpg" for number in range(1001)}

    def fill(thread: int) -> None:
        for key in sorted(keys)[thread::8]:
            client.put_object(Bucket=store.bucket, Key=f"of/ours/{key}", Body=b"")

    at_once(8, fill)

    assert set(store.list("")) == keys


def test_a_key_is_as_long_as_the_server_takes(store):
    folders = "/".join(["写" * 80] * 4)
    longest = f"{folders}/{'a' * (1024 - len(f'of/ours/{folders}/'.encode()))}"

    put(store, longest)

    assert read(store, longest) == BODY
    with pytest.raises(UnsafePath, match="too long"):
        put(store, longest + "a")


def test_a_file_and_a_folder_may_have_one_name(store):
    put(store, "ada")
    put(store, "ada/cat.jpg")

    assert sorted(store.list("")) == ["ada", "ada/cat.jpg"]
