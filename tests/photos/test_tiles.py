"""Tiles: what is written into a page without being escaped there is HTML before."""

import re
import sys
from concurrent.futures import ThreadPoolExecutor
from html.parser import HTMLParser
from types import SimpleNamespace

from flask import Flask, render_template_string

from gallery.albums.models import Role
from gallery.extensions import begin_writing, db
from gallery.photos import timeline
from gallery.photos.derivatives import derive
from gallery.photos.lists import anybody
from gallery.photos.models import Photo, Visibility
from gallery.photos.sections import Section
from gallery.photos.tiles import Links, Tile, tiles_of
from tests.conftest import Browser
from tests.make import ask_in, jpeg, make_album, make_photo, make_user, put_in, sign_in
from tests.programs import ROOT

LISTED = """{% from "_macros/tiles.html" import sections %}{{ sections(grid) }}"""
HOSTILE = """"><script>alert('1')</script>&amp;"""


class Tags(HTMLParser):
    """The tags of a page, and what their attributes say."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.names: list[str] = []
        self.said: list[str | None] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.append(tag)
        self.said += [value for _, value in attrs]


def captioned(photo: Photo, caption: str) -> Photo:
    derive(photo.id)
    begin_writing()
    db.session.get(Photo, photo.id, populate_existing=True).caption = caption
    db.session.commit()
    return photo


def test_the_template_takes_a_tile_in_its_order() -> None:
    source = (ROOT / "gallery/templates/_macros/tiles.txt").read_text()

    (names,) = re.findall(r"{% for (id, .*) in photos %}", source)

    assert tuple(names.split(", ")) == Tile._fields


def test_a_caption_is_text_wherever_it_stands(client: Browser) -> None:
    photo = captioned(make_photo(make_user(), jpeg()), HOSTILE)
    sign_in(client, photo.owner)

    tags = Tags(client.get("/photos").text)

    assert "script" not in tags.names[tags.names.index("main") :]
    assert HOSTILE in tags.said
    assert f"Select {HOSTILE}" in tags.said


def test_the_name_of_a_file_is_text(client: Browser) -> None:
    name = "<img src=x>&amp;.jpg"
    photo = make_photo(make_user(), jpeg(), name)
    sign_in(client, photo.owner)

    page = client.get("/photos").text

    assert "<span>&lt;img src=x&gt;&amp;amp;.jpg</span>" in page


def test_the_name_of_who_added_it_is_text(client: Browser) -> None:
    ada, eve = make_user(), make_user("Eve <b>Anders</b>")
    album = make_album(ada)
    ask_in(album, eve, Role.ADD)
    put_in(album, captioned(make_photo(eve, jpeg()), "Lake & <i>sky</i>"))
    sign_in(client, ada)

    page = client.get(f"/albums/{album.slug}").text

    assert '<span class="tile-by" aria-hidden="true">Eve &lt;b&gt;Anders&lt;/b&gt;</span>' in page
    assert "Lake & <i>sky</i>, by Eve <b>Anders</b>" in Tags(page).said


def test_the_address_of_a_list_is_one_in_html_too(client: Browser) -> None:
    ada = make_user()
    album = make_album(ada, visibility=Visibility.PUBLIC)
    put_in(album, captioned(make_photo(ada, jpeg()), ""))
    sign_in(client, ada)

    page = client.get(f"/albums/{album.slug}?as=visitor").text

    assert f"?in=album:{album.slug}&amp;as=visitor" in page
    assert "&as=" not in page


def test_many_at_once_have_their_tiles(app: Flask, client: Browser) -> None:
    photo = captioned(make_photo(make_user(), jpeg()), HOSTILE)
    with app.test_request_context():
        rows = timeline.read(Photo.timeline_of(photo.owner)).rows
        tiles = tiles_of(rows, Links.to("/p/"), ticks=anybody) * 50
    grid = SimpleNamespace(sections=[Section("", "", "", "", "", tiles)], shape="")

    def write(_: int) -> list[int]:
        with app.test_request_context():
            pages = [render_template_string(LISTED, grid=grid) for _ in range(50)]
        return [page.count('<li class="tile') for page in pages]

    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(write, range(8)))
    sys.setswitchinterval(usual)

    assert found == [[50] * 50] * 8
