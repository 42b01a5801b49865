"""Text goes out compressed, but for where another site could learn from its size."""

import gzip

import brotli
import pytest

from gallery.extensions import db
from gallery.photos.derivatives import derive
from tests.conftest import Browser
from tests.make import jpeg, make_album, make_link, make_photo, make_user, put_in, sign_in

ALL = {"Accept-Encoding": "gzip, deflate, br, zstd"}


@pytest.mark.parametrize(
    ("accepted", "encoding", "decode"),
    [
        ("gzip, deflate, br, zstd", "br", brotli.decompress),
        ("gzip, deflate", "gzip", gzip.decompress),
        ("br;q=0, gzip;q=0.5", "gzip", gzip.decompress),
        ("identity", None, bytes),
        ("zstd", None, bytes),
    ],
)
def test_a_page_goes_out_as_the_browser_takes_it(
    client: Browser, accepted: str, encoding: str | None, decode: object
) -> None:
    plain = client.get("/login")

    answer = client.get("/login", headers={"Accept-Encoding": accepted})

    assert answer.headers.get("Content-Encoding") == encoding
    assert int(answer.headers["Content-Length"]) == len(answer.data)
    assert len(decode(answer.data)) == len(plain.data)
    assert {"Accept-Encoding", "Cookie"} <= set(answer.vary)


def test_what_the_browser_has_compressed_is_not_sent_again(client: Browser) -> None:
    ada = make_user()
    photos = [make_photo(ada, jpeg(seed=seed)) for seed in range(2)]
    sign_in(client, ada)
    section = f"/photos/section?from={photos[1].public_id}&size=2"
    first = client.get(section, headers=ALL)

    known = {"If-None-Match": first.headers["ETag"]}
    again = client.get(section, headers=ALL | known)

    assert first.headers["Content-Encoding"] == "br"
    assert (again.status_code, again.data) == (304, b"")
    assert client.get(section, headers=known).status_code == 304


def test_pictures_and_files_go_out_as_they_are(client: Browser) -> None:
    photo = make_photo(make_user(), jpeg())
    derive(photo.id)
    db.session.commit()
    sign_in(client, photo.owner)
    picture = f"/i/{photo.public_id}/{photo.derivatives[0].url_name}"

    for path in (picture, f"/p/{photo.public_id}/download"):
        answer = client.get(path, headers=ALL)
        assert "Content-Encoding" not in answer.headers, path
        assert "Accept-Encoding" not in answer.vary, path


@pytest.mark.parametrize(
    ("site", "is_compressed"),
    [("cross-site", False), ("same-site", False), ("same-origin", True), ("none", True)],
)
def test_another_site_learns_nothing_by_the_size_of_a_page(
    client: Browser, site: str, is_compressed: bool
) -> None:
    ada = make_user()
    album = make_album(ada)
    put_in(album, make_photo(ada, jpeg()))
    shared = f"/s/{make_link(album)}"
    headers = ALL | {"Sec-Fetch-Site": site}

    assert "Content-Encoding" in client.get(shared, headers=headers).headers
    sign_in(client, ada)

    answer = client.get("/search?q=csrf_token", headers=headers)
    assert ("Content-Encoding" in answer.headers) is is_compressed
