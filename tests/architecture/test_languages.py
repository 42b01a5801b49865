"""Every text that a page shows can be said in another language."""

import datetime as dt
import json
import re
import shlex
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import pytest
from babel import Locale
from babel.messages import Catalog
from babel.messages.frontend import CommandLineInterface
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from flask import Flask, render_template
from werkzeug.test import TestResponse

from gallery import languages
from gallery.accounts.models import LetterKind
from gallery.assets import DIST
from gallery.extensions import db
from gallery.factory import create_app
from tests.conftest import Browser
from tests.flows.library import furnish
from tests.flows.test_pages import visits
from tests.make import jpeg, make_photo, make_user, sign_in
from tests.programs import ROOT

SAID = ("aria-label", "title", "alt", "placeholder", "data-label")
# What is the same in all languages: names, what people wrote, and what is measured.
DATA = [
    r"Gallery",
    *(r"Ada( Moreau)?", r"Eve( Anders)?", r"Root", r"\S+@example\.org"),
    r"Picos de Europa|The first day|A program on the laptop|Grandma|Aunt May|Blue phone",
    r"AM|EA|R|Lighthouse",
    r"FUJIFILM X-T5|\S+\.(jpe?g|JPG|MOV|mp4|wav|png)",
    r"GMT[+−]\d+(:\d+)?",
    r"\d+\.\d+° [NS], \d+\.\d+° [EW]",
    r"[0-9a-f]{64}|(jpg|beach|picos)",
    *Locale("eo").months["stand-alone"]["wide"].values(),
    *Locale("eo").months["stand-alone"]["abbreviated"].values(),
    *Locale("eo").months["format"]["abbreviated"].values(),
]
PROVIDER = {
    "OIDC_ISSUER": "https://login.example",
    "OIDC_CLIENT_ID": "gallery",
    "OIDC_NAME": "Lighthouse",
}
IS_DATA = re.compile("|".join(rf"(?<!\w)(?:{each})(?!\w)" for each in DATA))


def messages(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Catalog:
    """Collect all texts, as `make messages` does."""
    command = re.search(r"pybabel (.+) -o \S+ \.$", (ROOT / "Makefile").read_text(), re.MULTILINE)
    template = folder / "messages.pot"
    monkeypatch.chdir(ROOT / "gallery")
    CommandLineInterface().run(["pybabel", *shlex.split(command[1]), "-o", str(template), "."])
    with template.open("rb") as file:
        return read_po(file)


def write(instance: Path, language: str, catalog: Catalog) -> None:
    folder = instance / "translations" / language / "LC_MESSAGES"
    folder.mkdir(parents=True)
    with (folder / "messages.mo").open("wb") as file:
        write_mo(file, catalog)


def wrapped(found: Catalog, language: str) -> Catalog:
    """Translate every text to itself, in brackets by which it is known."""
    catalog = Catalog(language)
    for message in found:
        if message.pluralizable:
            one, many = message.id
            catalog.add(message.id, (f"⟦{one}⟧", f"⟦{many}⟧")[: catalog.num_plurals])
        elif message.id:
            catalog.add(message.id, f"⟦{message.id}⟧")
    return catalog


@pytest.fixture
def speaking(instance: Path) -> Callable[[], Flask]:
    """A function that makes the application, once the catalogues are there."""
    apps = []

    def speaking() -> Flask:
        app = create_app({"TESTING": True, "PROPAGATE_EXCEPTIONS": False, **PROVIDER})
        app.test_client_class = Browser
        context = app.app_context()
        context.push()
        apps.append(context)
        return app

    yield speaking
    for context in apps:
        db.session.remove()
        db.engine.dispose()
        context.pop()


class Unsaid(HTMLParser):
    """Finds what a page says outside the brackets."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.depth = 0
        self.is_code = False
        self.feed(page)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.is_code = tag in ("script", "style", "code", "kbd")
        for name, value in attributes:
            if name in SAID and value and outside(value, 0)[0]:
                self.found.append(f"{name}={value!r}")

    def handle_endtag(self, tag: str) -> None:
        self.is_code = False

    def handle_data(self, data: str) -> None:
        text, self.depth = outside(data, self.depth)
        if text and not self.is_code:
            self.found.append(" ".join(data.split()))


def outside(text: str, depth: int) -> tuple[str, int]:
    """Return the letters outside of all brackets that are no data, and how deep the text ends."""
    kept = []
    for character in text:
        depth += (character == "⟦") - (character == "⟧")
        kept.append(character if depth == 0 else " ")
    rest = IS_DATA.sub("", "".join(kept))
    return "".join(c for c in rest if c.isalpha()), depth


def page_of(client: Browser, path: str, language: str) -> TestResponse:
    return client.get(path, headers={"Accept-Language": language})


def test_everything_that_pages_say_can_be_translated(
    instance: Path, speaking, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(instance, "eo", wrapped(messages(tmp_path, monkeypatch), "eo"))
    app = speaking()
    make_user("Root", is_admin=True)
    library = furnish(app, welcome="/login", closed="/register", forgot="/forgot")
    people = {who: app.test_client() for who in ("ada", "eve", "root", "nobody")}
    for who, client in people.items():
        if who != "nobody":
            client.submit("/login", email=f"{who}@example.org", password="correct horse battery")
    found = []

    for who, path in visits(library):
        answer = page_of(people[who], path, "eo")
        assert 'lang="eo"' in answer.text, path
        found += [f"{who} {path}: {text}" for text in dict.fromkeys(Unsaid(answer.text).found)]
    with languages.speaking("eo"):
        found += [left for kind in LetterKind if (left := outside(mail_of(kind), 0)[0])]

    assert found == []


def mail_of(kind: LetterKind) -> str:
    facts = dict.fromkeys(("home", "link", "forgot"), "⟦https://photos.example/⟧")
    return render_template(f"mail/{kind.value}.txt", email="ada@example.org", **facts)


def test_scripts_get_their_texts(
    instance: Path, speaking, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = messages(tmp_path, monkeypatch)
    write(instance, "eo", wrapped(found, "eo"))
    answer = speaking().test_client().get("/words/eo.json")

    assert answer.json["texts"]["Photo viewer"] == "⟦Photo viewer⟧"
    assert answer.json["texts"]["%(number)s file"] == ["⟦%(number)s file⟧", "⟦%(number)s files⟧"]
    assert answer.json["forms"] == {"one": 0, "other": 1}
    assert answer.json["texts"].keys() == set(json.loads((DIST / "words.json").read_text()))


def test_scripts_are_told_again_only_what_has_changed(instance: Path, speaking) -> None:
    write(instance, "de", one("de", "Photo viewer", "Fotobetrachter"))
    client = speaking().test_client()
    first = client.get("/words/de.json")

    again = client.get("/words/de.json", headers={"If-None-Match": first.headers["ETag"]})

    assert first.json["texts"] == {"Photo viewer": "Fotobetrachter"}
    assert again.status_code == 304
    assert client.get("/words/fr.json").status_code == 404


def one(language: str, text: str, said: str) -> Catalog:
    catalog = Catalog(language)
    catalog.add(text, said)
    return catalog


@pytest.mark.parametrize(
    ("liked", "shown"),
    [
        ("ar", 'lang="ar" dir="rtl"'),
        ("ar-EG, en;q=0.5", 'lang="ar" dir="rtl"'),
        ("en, ar;q=0.5", 'lang="en" dir="ltr"'),
        ("nl", 'lang="en" dir="ltr"'),
    ],
)
def test_a_page_is_in_the_language_that_is_liked_best(
    instance: Path, speaking, liked: str, shown: str
) -> None:
    write(instance, "ar", one("ar", "Photo viewer", "عارض الصور"))

    assert f"<html {shown}" in page_of(speaking().test_client(), "/login", liked).text


def test_months_have_their_names_in_each_language(instance: Path, speaking) -> None:
    write(instance, "de", one("de", "Photo, %(moment)s", "Foto vom %(moment)s"))
    client = speaking().test_client()
    sign_in(client, ada := make_user())
    make_photo(ada, jpeg(taken=dt.datetime(2024, 5, 9, 14, 30)), "IMG_20240509_143000.jpg")

    german = page_of(client, "/photos/2024/5/9", "de").text
    english = page_of(client, "/photos/2024/5/9", "en").text

    assert "Mai 2024" in german
    assert "Foto vom 9. Mai 2024, 14:30" in german
    assert "May 2024" in english
    assert "Photo, 9 May 2024, 14:30" in english
