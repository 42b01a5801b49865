"""What is not for somebody's eyes answers as what was never there: status and body."""

import re

import pytest
from flask import Flask, url_for
from werkzeug.test import TestResponse

from gallery.accounts.models import Token, User
from gallery.extensions import db
from gallery.photos.derivatives import derive
from gallery.photos.models import Photo
from gallery.photos.receipts import Chosen, begin_batch
from tests.conftest import ORIGIN, Browser
from tests.make import jpeg, make_album, make_photo, make_token, make_user, put_in, sign_in

# The same letters for each, so that the pages differ in nothing else.
NOBODYS = "zzzzzzzzzz"
FORM = {"title": "New", "order": "oldest", "visibility": "public", "offer": "picture"}
FORM |= {"email": "eve@example.org", "role": "edit", "to": "end"}


@pytest.fixture
def ada() -> User:
    return make_user("Ada Moreau")


@pytest.fixture
def secrets(ada: User) -> dict[str, list[str]]:
    """What somebody keeps to herself, by the names that addresses call it by."""
    photo, album = make_photo(ada, jpeg((60, 40))), make_album(ada)
    derive(photo.id)
    db.session.commit()
    put_in(album, photo)
    batch, _ = begin_batch(ada, [Chosen("a.jpg", 9)])
    db.session.commit()
    make_token(ada)
    token = db.session.scalar(db.select(Token.public_id))
    return {"slug": [album.slug], "public_id": [photo.public_id, batch.public_id, token]}


def routes(app: Flask) -> list[tuple[str, str, set[str]]]:
    return [
        (method, rule.endpoint, rule.arguments)
        for rule in app.url_map.iter_rules()
        for method in rule.methods - {"HEAD", "OPTIONS"}
        if rule.arguments & {"slug", "public_id"}
    ]


def address(app: Flask, endpoint: str, names: set[str], known: str) -> str:
    picture = db.session.scalar(db.select(Photo)).derivatives[0]
    rest = {"variant": picture.variant, "digest": picture.digest, "folder": "ada-0000"}
    rest |= {"extension": picture.url_name.rpartition(".")[2]}
    with app.test_request_context():
        return url_for(endpoint, **{name: rest.get(name, known) for name in names})


def ask(client: Browser, method: str, url: str, photo: str) -> TestResponse:
    if method == "GET":
        return client.get(url)
    data = {"csrf_token": client.token(), "id": photo, **FORM}
    return client.open(url, method=method, data=data, headers={"Origin": ORIGIN})


def said(answer: TestResponse, *known: str) -> tuple[int, str]:
    """An answer without what each has of its own: its address, its request, its form's token."""
    text = f"{answer.headers.get('Location', '')}\n{answer.text}"
    text = re.sub(r'Request [\w-]+|"request":"[^"]*"|value="[^"]{40,}"', "", text)
    return answer.status_code, re.sub("|".join(known), NOBODYS, text)


@pytest.mark.parametrize("who", ["visitor", "other"])
def test_every_address_hides_whether_it_is_somebodys(
    app: Flask, client: Browser, secrets: dict[str, list[str]], who: str
) -> None:
    if who == "other":
        sign_in(client, make_user("Bob Anders"))
    photo = secrets["public_id"][0]
    different = []

    for method, endpoint, names in routes(app):
        for known in secrets["slug" if "slug" in names else "public_id"]:
            urls = [address(app, endpoint, names, each) for each in (known, NOBODYS)]
            forbidden = ask(client, method, urls[0], photo)
            missing = ask(client, method, urls[1], NOBODYS)
            if said(forbidden, known) != said(missing, NOBODYS):
                different.append(f"{method} {urls[0]}")

    assert different == []


@pytest.mark.parametrize(
    ("url", "fields"),
    [
        ("/albums?of=others&after={slug}", {}),
        ("/albums?after={slug}", {}),
        ("/upload?album={slug}", {}),
        ("/p/{mine}?in=album:{slug}", {}),
        ("/albums/choose", {"id": "{photo}"}),
        ("/albums/{own}/add", {"id": "{photo}"}),
        ("/albums/{own}/cover", {"id": "{photo}"}),
        ("/albums/{own}/move", {"id": "{mine}", "before": "{photo}"}),
        ("/albums/{own}/take-out", {"id": "{photo}"}),
        ("/albums/{own}/edit", {"title": "Mine", "order": "oldest", "parent": "{slug}"}),
        ("/photos/audience", {"id": "{photo}", "visibility": "public", "offer": "picture"}),
        ("/photos/who", {"id": "{photo}"}),
        ("/upload/{batch}/album", {"album": "{slug}"}),
    ],
)
def test_what_an_address_or_a_form_names_besides_hides_it_too(
    client: Browser, secrets: dict[str, list[str]], url: str, fields: dict[str, str]
) -> None:
    bob = make_user("Bob Anders")
    mine, own = make_photo(bob), make_album(bob, "Mine")
    put_in(own, mine)
    batch, _ = begin_batch(bob, [Chosen("b.jpg", 9)])
    db.session.commit()
    known = {"mine": mine.public_id, "own": own.slug, "batch": batch.public_id}
    sign_in(client, bob)

    def answers(slug: str, photo: str) -> list[tuple[int, str]]:
        words = {**known, "slug": slug, "photo": photo}
        form = {name: value.format(**words) for name, value in fields.items()}
        first = (
            client.submit(url.format(**words), **form) if form else client.get(url.format(**words))
        )
        return [said(each, slug, photo) for each in (first, client.get("/photos"))]

    assert answers(secrets["slug"][0], secrets["public_id"][0]) == answers(NOBODYS, NOBODYS)
