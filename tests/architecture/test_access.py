"""The access matrix: every route there is, and what each of eight people and links gets of it."""

import datetime as dt
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from io import BytesIO

import pytest
from flask import Flask, url_for
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse

from gallery.accounts import changing, inviting, resetting
from gallery.accounts.models import Invitation, Passkey, Scope, Session, Token, User
from gallery.accounts.signing_in import hashed
from gallery.albums.models import Role
from gallery.exports import making as exports
from gallery.exports.models import Export
from gallery.extensions import begin_writing, db, now
from gallery.jobs.models import Job, JobState
from gallery.photos import changes
from gallery.photos.derivatives import derive
from gallery.photos.models import FULL, Photo
from gallery.photos.receipts import Chosen, begin_batch
from gallery.sharing import gifts, links
from gallery.sharing.models import ShareLink
from tests.api.test_uploads import create as begin_upload
from tests.authenticator import Device
from tests.conftest import ORIGIN, Browser
from tests.imaging.pictures import heic
from tests.make import (
    PASSWORD,
    ask_in,
    called,
    jpeg,
    make_album,
    make_passkey,
    make_photo,
    make_user,
    picture,
    put_in,
    sign_in,
)
from tests.postbox import settings
from tests.programs import ROOT
from tests.provider import Provider
from tests.sharing.test_gifts import begin as begin_gift

PEOPLE = ("visitor", "other", "viewer", "contributor", "editor", "owner", "admin", "disabled")

# What each of them gets, in that order: y is yes, n is 404 as of what was never there, s is
# the way to the sign-in, u is a program's 401, b a 400. An admin here has not looked into the
# gallery.
EVERYBODY = "yyyyyyyy"
NOT_SENT = "bbbbbbbb"  # by the provider, to which nobody went
SIGNED_IN = "syyyyyys"  # a page of one's own, whoever one is
PROGRAMS = "uyyyyyyu"
OF_OWNER = "snnnnyns"
PROGRAMS_OF_OWNER = "unnnnynu"
ADMINS = "nnnnnnyn"
ASKED_IN = "nnyyyynn"  # the album, and the pictures in it
IN_ALBUM = "snyyyyns"
ADD = "snnyyyns"
EDIT = "snnnyyns"
GUESTS = "snyyynns"
ONLY_OWNERS_FILE = "nnnnnynn"

# Files in parts, as the engine takes them; and what ends these, and an export.
PARTS = ("uploads.", "guest_files.")
PARTS_GONE = [*(f"{name}destroy" for name in PARTS), "exports.create", "exports.delete"]

RULES = {
    "GET accounts.first_admin": "nnnnnnnn",  # there is an admin
    "POST accounts.first_admin": "nnnnnnnn",
    "GET accounts.home": EVERYBODY,
    "GET accounts.login": EVERYBODY,
    "POST accounts.login": EVERYBODY,
    "POST accounts.logout": EVERYBODY,
    "GET accounts.register": EVERYBODY,
    "POST accounts.register": EVERYBODY,
    "GET account_links.join": EVERYBODY,
    "POST account_links.join": EVERYBODY,
    "GET account_links.reset": EVERYBODY,
    "POST account_links.reset": EVERYBODY,
    "GET accounts.forgot": EVERYBODY,
    "POST accounts.forgot": EVERYBODY,
    "GET entering.code": EVERYBODY,
    "POST entering.code": EVERYBODY,
    "POST passkey_entry.challenge": EVERYBODY,
    "POST passkey_entry.create": EVERYBODY,
    "GET appearance.edit": SIGNED_IN,
    "POST appearance.update": SIGNED_IN,
    "GET admin.audit": ADMINS,
    "GET admin.audit_csv": ADMINS,
    "GET admin.gallery": ADMINS,
    "GET admin.home": ADMINS,
    "GET admin.show": ADMINS,
    "GET admin.stored_csv": ADMINS,
    "GET admin.uploaded_csv": ADMINS,
    "GET admin.users": ADMINS,
    "GET album_people.activity": IN_ALBUM,
    "POST album_people.change": OF_OWNER,
    "GET album_people.confirm_leave": GUESTS,
    "GET album_people.index": IN_ALBUM,
    "POST album_people.invite": OF_OWNER,
    "POST album_people.leave": GUESTS,
    "POST album_people.update": OF_OWNER,
    "POST album_photos.add": ADD,
    "POST album_photos.add_to_new": SIGNED_IN,
    "GET album_photos.arrange": EDIT,
    "POST album_photos.begin_arranging": EDIT,
    "POST album_photos.choose": OF_OWNER,
    "POST album_photos.cover": EDIT,
    "POST album_photos.move": EDIT,
    "GET album_photos.pick": ADD,
    "POST album_photos.remove": EDIT,  # the owner's photo; one's own, see tests/albums
    "POST albums.create": SIGNED_IN,
    "GET albums.delete": OF_OWNER,
    "POST albums.deleted": OF_OWNER,
    "GET albums.edit": EDIT,
    "GET albums.index": SIGNED_IN,
    "GET albums.new": SIGNED_IN,
    "GET albums.recent": SIGNED_IN,
    "GET albums.show": ASKED_IN,
    "POST albums.update": EDIT,
    "POST api.add": PROGRAMS_OF_OWNER,
    "POST api.ask_known": PROGRAMS,
    "POST api.create": PROGRAMS,
    "POST api.fill": PROGRAMS_OF_OWNER,
    "GET api.index": PROGRAMS_OF_OWNER,
    "GET api.limits": PROGRAMS,
    "POST api.refuse_some": PROGRAMS_OF_OWNER,
    "POST api.remove": PROGRAMS_OF_OWNER,
    "POST audience.choose": OF_OWNER,
    "GET audience.index": OF_OWNER,
    "POST audience.update": OF_OWNER,
    "POST edit.archive": OF_OWNER,
    "POST edit.caption": OF_OWNER,
    "GET edit.edit": OF_OWNER,
    "POST edit.favourite": OF_OWNER,
    "POST edit.rating": OF_OWNER,
    "POST edit.tags": OF_OWNER,
    "POST edit.update": OF_OWNER,
    "POST batch.create": OF_OWNER,
    "GET batch.download": OF_OWNER,
    "GET catalogues.show": EVERYBODY,
    "POST changes.undo": OF_OWNER,
    "GET exports.show": SIGNED_IN,
    "POST exports.create": SIGNED_IN,
    "POST exports.delete": SIGNED_IN,
    "GET exports.download": OF_OWNER,
    "GET grid.section": ASKED_IN,
    "GET grid.shape": ASKED_IN,
    "GET health.robots": EVERYBODY,
    "GET health.show": EVERYBODY,
    "POST invitations.create": ADMINS,
    "POST invitations.end": ADMINS,
    "GET invitations.index": ADMINS,
    "GET place_settings.edit": ADMINS,
    "POST place_settings.update": ADMINS,
    "GET integrity.index": ADMINS,
    "POST integrity.create": ADMINS,
    "GET jobs.index": ADMINS,
    "POST jobs.pause": ADMINS,
    "POST jobs.retry": ADMINS,
    "POST jobs.retry_all": ADMINS,
    "GET keyboard.show": EVERYBODY,
    "GET leaving.confirm": SIGNED_IN,
    "POST leaving.create": SIGNED_IN,
    "GET lists.archive": SIGNED_IN,
    "GET lists.favourites": SIGNED_IN,
    "GET manifest.show": EVERYBODY,
    "GET passkeys.confirm": OF_OWNER,
    "GET passkeys.confirm_password": SIGNED_IN,
    "POST passkeys.begin": SIGNED_IN,
    "POST passkeys.challenge": SIGNED_IN,
    "POST passkeys.create": SIGNED_IN,
    "POST passkeys.delete": OF_OWNER,
    "POST passkeys.delete_password": SIGNED_IN,
    "GET passkeys.index": SIGNED_IN,
    "POST passkeys.prove": SIGNED_IN,
    "POST people.delete_passkeys": ADMINS,
    "POST people.delete_second_step": ADMINS,
    "POST people.disable": ADMINS,
    "POST people.enable": ADMINS,
    "POST people.reset": ADMINS,
    "GET people.show": ADMINS,
    "POST people.sign_out": ADMINS,
    "POST people.update": ADMINS,
    "GET provider.back": NOT_SENT,
    "POST provider.begin": EVERYBODY,
    "POST provider.delete": SIGNED_IN,
    "POST provider.link": SIGNED_IN,
    "POST provider.prove": SIGNED_IN,
    "GET provider.show": SIGNED_IN,
    "GET removal.confirm": ADMINS,
    "POST removal.create": ADMINS,
    "POST removal.delete": ADMINS,
    "GET search.index": SIGNED_IN,
    "GET sending.batch": OF_OWNER,
    "POST sending.create": SIGNED_IN,
    "GET photos.download": ONLY_OWNERS_FILE,
    "GET photos.download_jpeg": ONLY_OWNERS_FILE,
    "POST trash.empty": SIGNED_IN,
    "GET trash.confirm_empty": SIGNED_IN,
    "GET photos.about": ASKED_IN,
    "GET photos.day": SIGNED_IN,
    "GET photos.index": SIGNED_IN,
    "GET photos.month": SIGNED_IN,
    "GET sending.new": SIGNED_IN,
    "POST sending.place": OF_OWNER,
    "GET photos.preview": ASKED_IN,
    "POST trash.restore": OF_OWNER,
    "POST photos.retry": OF_OWNER,
    "POST photos.rotate": OF_OWNER,
    "GET photos.show": ASKED_IN,
    "POST trash.create": OF_OWNER,
    "GET trash.index": SIGNED_IN,
    "GET photos.year": SIGNED_IN,
    "GET static": EVERYBODY,
    "GET second_step.show": SIGNED_IN,
    "POST second_step.begin": SIGNED_IN,
    "POST second_step.create": SIGNED_IN,
    "POST second_step.delete": SIGNED_IN,
    "POST second_step.renew": SIGNED_IN,
    "POST settings.end_other_sessions": SIGNED_IN,
    "POST settings.end_session": OF_OWNER,
    "GET settings.confirm_email": OF_OWNER,
    "POST settings.confirm_email": OF_OWNER,
    "GET settings.profile": SIGNED_IN,
    "GET settings.security": SIGNED_IN,
    "POST settings.update_email": SIGNED_IN,
    "POST settings.update_name": SIGNED_IN,
    "POST settings.update_password": SIGNED_IN,
    "GET shift.new": SIGNED_IN,
    "POST shift.create": SIGNED_IN,
    "GET gifts.index": SIGNED_IN,
    "POST gifts.let_in": OF_OWNER,
    "POST gifts.turn_down": OF_OWNER,
    "POST sharing.choose": OF_OWNER,
    "POST sharing.create": OF_OWNER,
    "POST sharing.end": OF_OWNER,
    "GET sharing.index": SIGNED_IN,
    "GET sharing.new": OF_OWNER,
    # Whoever has a link that is open; of the others, see LINKS.
    "GET shared.about": EVERYBODY,
    "GET shared.download": EVERYBODY,
    "GET shared.download_all": EVERYBODY,
    "GET shared.photo": EVERYBODY,
    "GET shared.postcard": EVERYBODY,
    "GET shared.preview": EVERYBODY,
    "GET shared.section": EVERYBODY,
    "GET shared.shape": EVERYBODY,
    "GET shared.show": EVERYBODY,
    "POST shared.unlock": EVERYBODY,
    "POST guest_files.create": EVERYBODY,
    "DELETE guest_files.destroy": EVERYBODY,
    "POST guest_files.override": EVERYBODY,
    "HEAD guest_files.show": EVERYBODY,
    "PATCH guest_files.update": EVERYBODY,
    "POST guests.create": EVERYBODY,
    "GET guests.new": EVERYBODY,
    "POST tokens.create": SIGNED_IN,
    "POST tokens.delete": OF_OWNER,
    "GET storage.index": ADMINS,
    "GET storage.table": ADMINS,
    "GET tokens.index": SIGNED_IN,
    "POST uploads.create": PROGRAMS,
    "DELETE uploads.destroy": PROGRAMS_OF_OWNER,
    "POST uploads.override": PROGRAMS_OF_OWNER,
    "HEAD uploads.show": PROGRAMS_OF_OWNER,
    "PATCH uploads.update": PROGRAMS_OF_OWNER,
}
# What a visitor gets by a link that is open and takes files too, one with a password, one that is
# over, one that is off, one whose owner is disabled, and one by which guests only give.
LINKS = ("open", "locked", "over", "off", "disabled", "guest")
BY_LINK = dict.fromkeys((rule for rule in RULES if " shared." in rule), "yunnnn")
BY_LINK |= dict.fromkeys((rule for rule in RULES if " guest" in rule), "yunnny")
BY_LINK["GET shared.postcard"] = "yynnny"  # where it shows nothing, one that says nothing of it
BY_LINK["GET shared.show"] = BY_LINK["POST shared.unlock"] = "yunnny"  # on to what they may
STATIC = ROOT / "gallery" / "static"
TUS = {"Tus-Resumable": "1.0.0"}
NEW = {"name": "New", "email": "n@example.org", "password": PASSWORD}


@dataclass
class World:
    """What the addresses and forms are made of: an owner's, but where another is named."""

    owner: User
    photo: Photo
    whole: Photo
    album: str
    guest: str
    batch: str
    change: str
    files: list[int]
    token: str
    upload: str
    job: int
    link: str
    link_token: str
    gift: str
    gift_upload: str
    invitation: str
    invitation_token: str
    session: str
    reset: str
    export: str
    passkey: str
    devices: dict[str, Device]

    def arguments(self, endpoint: str, names: set[str]) -> dict[str, object]:
        picture = next(d for d in self.photo.derivatives if d.variant == "w1280")
        filling: dict[str, object] = {
            **{"public_id": self.photo.public_id, "slug": self.album, "folder": self.owner.folder},
            **{"variant": "w1280", "digest": picture.digest, "extension": "jpg"},
            **{"token": self.upload, "job_id": self.job, "year": 2024, "month": 7, "day": 9},
            "language": "en",
            "filename": next(STATIC.rglob("app-*.css")).relative_to(STATIC),
        }
        special: dict[str, dict[str, object]] = {
            "accounts.first_admin": {"token": "nothing"},
            "album_people.change": {"folder": self.guest},
            "changes.undo": {"public_id": self.change},
            "exports.download": {"public_id": self.export},
            "sending.batch": {"public_id": self.batch},
            "sending.place": {"public_id": self.batch},
            "photos.download_jpeg": {"public_id": self.whole.public_id},
            "tokens.delete": {"public_id": self.token},
            "sharing.end": {"public_id": self.link},
            "account_links.join": {"token": self.invitation_token},
            "account_links.reset": {"token": self.reset},
            "passkeys.confirm": {"public_id": self.passkey},
            "passkeys.delete": {"public_id": self.passkey},
            "settings.end_session": {"session_id": self.session},
            "settings.confirm_email": {"token": changing.email_token(self.owner, "a@example.org")},
            "invitations.end": {"public_id": self.invitation},
        }
        if endpoint.startswith(("shared.", "guests.")):
            filling |= {"token": self.link_token, "name": called(self.link_token, self.photo)}
        if endpoint.startswith("guest_files."):
            filling |= {"link": self.link_token, "token": self.gift_upload}
        if endpoint in ("shared.shape", "shared.section"):
            return {"token": self.link_token, "from": called(self.link_token, self.photo)}
        if endpoint.startswith("api."):
            filling["public_id"] = self.batch
        if endpoint.startswith("grid."):
            return {"in": f"album:{self.album}", "from": self.photo.public_id}
        if endpoint == "batch.download":
            return {"id": self.photo.public_id}
        filling |= special.get(endpoint, {})
        return {name: filling[name] for name in names}

    def form(self, endpoint: str, person: str) -> dict[str, object]:
        """What a POST needs so that those who may get a yes."""
        photo = {"id": self.photo.public_id}
        return {
            "accounts.forgot": {"email": "ada@example.org"},
            "accounts.login": {"email": "ada@example.org", "password": PASSWORD},
            "accounts.register": NEW,
            "account_links.join": NEW,
            "account_links.reset": {"password": PASSWORD},
            "album_people.change": {"role": "edit"},
            "album_people.invite": {"email": "other@example.org", "role": "view"},
            "album_people.update": {"visibility": "public"},
            "album_photos.add": photo,
            "album_photos.add_to_new": {**photo, "title": "New"},
            "album_photos.choose": photo,
            "album_photos.cover": photo,
            "album_photos.move": {**photo, "to": "end"},
            "album_photos.remove": photo,
            "albums.create": {"title": "New"},
            "albums.update": {"title": "Other", "order": "newest", "parent": ""},
            "appearance.update": {"theme": "dark", "rows": "l"},
            "audience.choose": photo,
            "audience.update": {**photo, "visibility": "public", "offer": "original"},
            "edit.archive": {"is_archived": "y"},
            "edit.caption": {"caption": "A cat"},
            "edit.favourite": {"is_favourite": "y"},
            "edit.rating": {"rating": "4"},
            "edit.tags": {"tags": "sea"},
            "edit.update": {"caption": "A cat", "rating": "4", "place": "43.2, -2.9"},
            "batch.create": {**photo, "do": "favourite"},
            "exports.create": {"current": PASSWORD},
            "gifts.let_in": {"id": self.gift},
            "gifts.turn_down": {"id": self.gift},
            "invitations.create": {"role": "user", "places": "1", "days": "7"},
            "jobs.pause": {"kind": "derive", "do": "pause"},
            "leaving.create": {"email": email_of(person), "current": PASSWORD},
            "passkeys.begin": {"name": "phone", "current": PASSWORD},
            "passkeys.create": {"name": "phone", "passkey": "{}"},
            "passkeys.delete": {"current": PASSWORD},
            "provider.delete": {"current": PASSWORD},
            "provider.link": {"current": PASSWORD},
            "people.update": {"role": "user", "quota": "5"},
            "removal.create": {"email": email_of("owner")},
            "sending.place": {"title": "New"},
            "sharing.choose": photo,
            "sharing.create": {"days": "7"},
            "second_step.begin": {"current": PASSWORD},
            "settings.update_email": {"email": "n@example.org", "current": PASSWORD},
            "settings.update_name": {"name": "New"},
            "settings.update_password": {"current": PASSWORD, "password": PASSWORD},
            "shift.create": {"camera": "FUJIFILM X-T5", "way": "later", "hours": "1"},
            "tokens.create": {"name": "laptop"},
        }.get(endpoint, {})

    def json(self, endpoint: str) -> dict[str, object] | None:
        return {
            "api.add": {"files": [{"name": "a.jpg", "size": 9}]},
            "api.ask_known": {"sha256": []},
            "api.create": {"files": []},
            "api.fill": {"files": self.files, "title": "New"},
            "api.refuse_some": {"files": {str(self.files[0]): "No."}},
            "api.remove": {"files": self.files},
        }.get(endpoint)


@pytest.fixture(autouse=True)
def mail(monkeypatch: pytest.MonkeyPatch) -> None:
    """A gallery that can send mail has routes that others have not; here nobody sends it."""
    # Passkeys belong to a name; the machine itself has one by plain HTTP.
    for name, value in {**settings(1), "GALLERY_PUBLIC_URL": "http://127.0.0.1:5000"}.items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def app(app: Flask, provider: Provider) -> Flask:
    """A gallery into which a provider lets people, too."""
    app.config.update(provider.settings())
    return app


@pytest.fixture
def world(app: Flask) -> World:
    owner = make_user("Ada Moreau")
    root = make_user("Root", is_admin=True)
    make_user("Another", is_admin=True)  # so that root may leave
    make_photo(make_user("Other Person"), jpeg((60, 40), seed=9))
    photo = make_photo(owner, jpeg((60, 40)), "IMG_20240709_101112.jpg")
    whole = make_photo(owner, heic(picture((64, 48))), "whole.heic")
    album = make_album(owner)
    for name, role in (
        *(("Viewer", Role.VIEW), ("Contributor", Role.ADD), ("Editor", Role.EDIT)),
        ("Disabled", Role.EDIT),
    ):
        person = make_user(name)
        ask_in(album, person, role)
        put_in(album, make_photo(person, jpeg((60, 40), seed=len(name))))
        guest = person.folder
    put_in(album, photo, whole)
    begin_writing()
    for each in (photo, whole):
        derive(each.id)
    Token.make(owner, name="laptop", scope=Scope.UPLOAD)
    db.session.commit()
    assert any(made.variant == FULL for made in whole.derivatives)
    batch, items = begin_batch(owner, [Chosen("a.jpg", 9)])
    token = db.session.scalar(db.select(Token.public_id))
    job = db.session.scalar(db.select(Job).where(Job.target == photo.id))
    job.state, job.finished_at = JobState.PARKED, now()
    db.session.commit()
    begin_writing()
    change = changes.keep(owner, "caption", [photo.id], ["caption"])
    photo.caption = "A cat"
    db.session.commit()
    begin_writing()
    terms = links.Terms(hides_places=False, takes_files=True, asks_first=True)
    link, link_token = links.make(owner, album, terms)
    invitation_token = inviting.invite(root, inviting.Terms())
    reset = resetting.offer(db.session.scalars(User.with_email("other@example.org")).one(), by=root)
    db.session.commit()
    given = FileStorage(BytesIO(jpeg((60, 40), seed=78)), "given.jpg")
    gift = gifts.give(given, link=link, guest="May").photo
    db.session.commit()
    gift_upload = begin_gift(app.test_client(), link_token, 9)
    begin_writing()
    exports.begin(owner)
    export = db.session.scalars(db.select(Export)).one()
    while export.ended_at is None:
        exports.go_on(export.id)
        db.session.commit()
    devices = {person: make_passkey(user_of(person)) for person in PEOPLE if person != "visitor"}
    devices["visitor"] = devices["owner"]
    passkey = db.session.scalar(Passkey.owned_by(owner).with_only_columns(Passkey.public_id))
    upload = begin_upload(sign_in(app.test_client(), owner), 9, filename="a.jpg")
    return World(
        owner=owner,
        photo=photo,
        whole=whole,
        album=album.slug,
        guest=guest,
        batch=batch.public_id,
        change=change.public_id,
        files=[item.id for item in items],
        token=token,
        upload=upload.headers["Location"].rpartition("/")[2],
        job=job.id,
        link=link.public_id,
        link_token=link_token,
        gift=gift.public_id,
        gift_upload=gift_upload.headers["Location"].rpartition("/")[2],
        invitation=db.session.scalars(db.select(Invitation.public_id)).one(),
        invitation_token=invitation_token,
        reset=reset,
        export=export.public_id,
        session=db.session.scalars(db.select(Session.id)).one(),
        passkey=passkey,
        devices=devices,
    )


@pytest.fixture
def database(app: Flask, world: World) -> Iterator["Database"]:
    with closing(sqlite3.connect(":memory:")) as kept:
        yield Database(f"{app.instance_path}/gallery.sqlite", kept)


class Database:
    """The database of the gallery, to be compared and put back as it was."""

    def __init__(self, path: str, kept: sqlite3.Connection) -> None:
        self.path, self.kept = path, kept

    def keep(self) -> None:
        with closing(sqlite3.connect(self.path)) as now:
            now.backup(self.kept)

    def restore(self) -> None:
        db.session.rollback()
        db.session.expire_all()
        with closing(sqlite3.connect(self.path)) as now:
            self.kept.backup(now)

    def has_changed(self) -> bool:
        with closing(sqlite3.connect(self.path)) as now:
            return dump(now) != dump(self.kept)


def dump(connection: sqlite3.Connection) -> list[str]:
    # Being used is written down of a session, and is no change.
    return [line for line in connection.iterdump() if 'INTO "sessions"' not in line]


def email_of(person: str) -> str:
    return {"owner": "ada", "admin": "root"}.get(person, person) + "@example.org"


def user_of(person: str) -> User:
    return db.session.scalars(User.with_email(email_of(person))).one()


def sign_in_as(app: Flask, person: str) -> Browser:
    client = app.test_client()
    if person == "visitor":
        return client
    user = user_of(person)
    sign_in(client, user)
    if person == "disabled":
        user.is_disabled = True
        db.session.commit()
    return client


def routes(app: Flask) -> list[tuple[str, str, set[str]]]:
    """Every method and endpoint, and the names of its arguments."""
    found = {}
    for rule in app.url_map.iter_rules():
        for method in rule.methods - {"OPTIONS"}:
            if method != "HEAD" or "GET" not in rule.methods:
                found[method, rule.endpoint] = rule.arguments
    return [(*key, arguments) for key, arguments in found.items()]


def in_turn(route: tuple[str, str, set[str]]) -> tuple[bool, bool, bool, str]:
    """Last what no database brings back: the file of an upload, and the session of the rest."""
    _, endpoint, _ = route
    ends = endpoint.startswith(("account", "passkey_entry")), endpoint == "leaving.create"
    return *ends, endpoint in PARTS_GONE, endpoint


def ask(
    client: Browser, person: str, world: World, method: str, endpoint: str, url: str
) -> TestResponse:
    if method in ("GET", "HEAD"):
        return client.open(url, method=method, headers=TUS if endpoint.startswith(PARTS) else None)
    json = world.json(endpoint)
    headers = {"Origin": ORIGIN} | (TUS if endpoint.startswith(PARTS) else {})
    if json is not None:
        return client.open(url, method=method, json=json, headers=headers)
    if endpoint.startswith(PARTS):
        headers |= {"Upload-Length": "9", "Upload-Offset": "0"}
        headers |= {"X-HTTP-Method-Override": "HEAD"} if endpoint.endswith(".override") else {}
        body = {"data": b"12345", "content_type": "application/offset+octet-stream"}
        return client.open(url, method=method, headers=headers, **body if method == "PATCH" else {})
    data: dict[str, object] = {"csrf_token": client.token(), **world.form(endpoint, person)}
    if endpoint in ("passkey_entry.create", "passkeys.prove"):
        # Anybody who comes with it is Ada.
        whose = person if endpoint == "passkeys.prove" else "owner"
        data["passkey"] = world.devices[whose].show(client.submit("/login/passkey/challenge").text)
    if endpoint == "passkeys.delete_password" and person not in ("visitor", "disabled"):
        challenge = client.submit("/settings/passkeys/challenge").text
        client.submit("/settings/passkeys/proof", passkey=world.devices[person].show(challenge))
    if endpoint in ("sending.create", "guests.create"):
        data["file"] = (BytesIO(jpeg((30, 20), seed=77)), "new.jpg")
    return client.post(url, data=data, headers=headers)


def outcome(answer: TestResponse) -> str:
    if answer.status_code == 302 and answer.location.startswith("/login"):
        return "s"
    if answer.status_code < 400:
        return "y"
    return {404: "n", 401: "u", 400: "b"}.get(answer.status_code, str(answer.status_code))


def test_every_route_stands_in_the_matrix_and_no_other(app: Flask) -> None:
    assert {f"{method} {endpoint}" for method, endpoint, _ in routes(app)} == RULES.keys()


@pytest.mark.parametrize("person", PEOPLE)
def test_each_gets_what_is_theirs_and_changes_nothing_else(
    app: Flask, world: World, database: Database, person: str
) -> None:
    client = sign_in_as(app, person)
    database.keep()
    wrong, changed, may_write = [], [], False

    for method, endpoint, names in sorted(routes(app), key=in_turn):
        may_write, did_write = method not in ("GET", "HEAD") or "admin" in endpoint, may_write
        if may_write or did_write:
            database.restore()
        with app.test_request_context():
            url = url_for(endpoint, **world.arguments(endpoint, names))
        got = outcome(ask(client, person, world, method, endpoint, url))
        due = RULES[f"{method} {endpoint}"][PEOPLE.index(person)]
        if got != due:
            wrong.append(f"{method} {endpoint} {url}: {got}, not {due}")
        if due != "y" and may_write and database.has_changed():
            changed.append(f"{method} {endpoint}")

    assert wrong == []
    assert changed == []


def become(link: ShareLink, state: str) -> None:
    begin_writing()
    if state == "locked":
        link.password_hash = hashed(PASSWORD)
    elif state == "over":
        link.expires_at = now() - dt.timedelta(seconds=1)
    elif state == "off":
        link.ended_at = now()
    elif state == "disabled":
        link.owner.is_disabled = True
    elif state == "guest":
        link.shows_photos = False
    db.session.commit()


def test_a_link_gives_what_its_state_allows(app: Flask, world: World, database: Database) -> None:
    never = app.test_client().get(f"/s/{'x' * 32}").data
    database.keep()
    wrong, told = [], []

    for state in LINKS:
        database.restore()
        upload = begin_gift(app.test_client(), world.link_token, 9)
        world.gift_upload = upload.headers["Location"].rpartition("/")[2]
        become(db.session.scalar(db.select(ShareLink)), state)
        client = app.test_client()
        for method, endpoint, names in sorted(routes(app), key=in_turn):
            if f"{method} {endpoint}" not in BY_LINK:
                continue
            with app.test_request_context():
                url = url_for(endpoint, **world.arguments(endpoint, names))
            answer = ask(client, "visitor", world, method, endpoint, url)
            got, due = outcome(answer), BY_LINK[f"{method} {endpoint}"][LINKS.index(state)]
            if got != due:
                wrong.append(f"{state} {method} {url}: {got}, not {due}")
            tells = b"Picos" in answer.data or b"Ada" in answer.data
            tells = tells or "Set-Cookie" in answer.headers
            if (got == "u" and tells) or (got == "n" and answer.data not in (never, b"")):
                told.append(f"{state} {method} {url}")

    assert wrong == []
    assert told == [], "more than that there is a password, or that nothing is there"
