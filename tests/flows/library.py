"""A gallery with everything in it that a page can show, made once for all tests that look."""

import datetime as dt
import re
from contextlib import suppress
from dataclasses import dataclass
from io import BytesIO

import pytest
from flask import Flask
from werkzeug.datastructures import FileStorage

from gallery import worker
from gallery.accounts import changing, inviting, resetting
from gallery.accounts.models import Passkey, User
from gallery.accounts.signing_in import hashed
from gallery.albums.models import Album, Role
from gallery.errors import NotAPhoto
from gallery.extensions import begin_writing, db
from gallery.factory import create_app
from gallery.jobs.models import Job, JobState
from gallery.photos.models import Photo, State, Visibility
from gallery.photos.receipts import Chosen, begin_batch, take_in
from gallery.photos.trash import discard
from gallery.sharing import gifts
from gallery.sharing.models import ShareLink
from tests.films import film
from tests.make import (
    ask_in,
    called,
    clear_png,
    jpeg,
    make_album,
    make_link,
    make_passkey,
    make_photo,
    make_token,
    make_user,
    put_in,
    recording,
)
from tests.programs import Program

# Shapes as they come: wide and narrow, and two beyond what a tile shows whole.
RATIOS = (1.5, 1.33, 0.75, 1.5, 1.78, 0.67, 1, 2.4, 1.5, 0.56, 1.33, 3.4, 1.5, 0.35, 1.5, 1.25)
RATIOS += (0.75, 1.5, 1.5, 0.67, 1.5, 1.78)
BROKEN = b"\xff\xd8\xff\xe0\0\x10JFIF\0" + bytes(64)


@dataclass(frozen=True)
class Library:
    """What the addresses of the pages are made of."""

    folder: str
    ready: str
    pending: str
    failed: str
    video: str
    audio: str
    live: str
    trashed: str
    clear: str
    album: str
    receipt: str
    welcome: str
    closed: str
    # Of a gallery that can send mail; and the link that one sends, to another address of Ada's.
    forgot: str
    confirm: str
    # The tokens of links to the album: the second has a password, guests may add by the third.
    link: str
    # What the first calls two of its photos.
    link_ready: str
    link_video: str
    locked: str
    box: str
    invitation: str
    reset: str
    passkey: str


def fill(program: Program, bare: Program, link: str) -> Library:
    """Put people and photos into a gallery that runs; `bare` has nobody, and the link is its."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GALLERY_INSTANCE_PATH", str(program.instance))
        app = create_app()
    with app.app_context():
        there = {"closed": f"{bare.url}/register", "forgot": f"{bare.url}/forgot"}
        library = furnish(app, welcome=link, **there)
        db.session.remove()
        db.engine.dispose()
    return library


def furnish(app: Flask, *, welcome: str, closed: str, forgot: str) -> Library:
    """Put people and photos into a gallery; return what is in it to look at."""
    eve = make_user("Eve Anders")
    ada = make_user("Ada Moreau")
    make_token(ada, "A program on the laptop")
    photos = _photos(app, ada)
    album = _album(ada, eve)
    return Library(
        folder=ada.folder,
        album=album.slug,
        link=(link := make_link(album, label="Grandma", hides_places=False)),
        link_ready=called(link, photos["ready"]),
        link_video=called(link, photos["video"]),
        locked=make_link(album, password_hash=hashed("hello")),
        box=_box(app, album),
        invitation=_invitation(),
        reset=_reset(eve),
        passkey=_passkey(ada),
        receipt=_receipt(ada),
        welcome=welcome,
        closed=closed,
        forgot=forgot,
        confirm=changing.email_token(ada, "ada.moreau@example.org"),
        **{name: photo.public_id for name, photo in photos.items()},
    )


def _box(app: Flask, album: Album) -> str:
    """A drop box, by which a guest has given something that waits."""
    token = make_link(album, takes_files=True, asks_first=True, file_limit=20, byte_limit=10**9)
    link = db.session.scalars(ShareLink.of_token(token)).one()
    given = FileStorage(BytesIO(jpeg((360, 240), seed=97)), "cake.jpg")
    gifts.give(given, link=link, guest="Aunt May")
    db.session.commit()
    while worker.perform(app):
        pass
    return token


def _root() -> User:
    return db.session.scalars(User.with_email("root@example.org")).one()


def _invitation() -> str:
    begin_writing()
    token = inviting.invite(_root(), inviting.Terms(label="Grandma", places=3))
    db.session.commit()
    return token


def _reset(person: User) -> str:
    begin_writing()
    token = resetting.offer(person, by=_root())
    db.session.commit()
    return token


def _passkey(person: User) -> str:
    make_passkey(person, "Blue phone")
    return db.session.scalars(db.select(Passkey.public_id)).one()


def _photos(app: Flask, ada: User) -> dict[str, Photo]:
    photos = {
        "pending": make_photo(ada, jpeg((90, 60), seed=99)),
        "failed": make_photo(ada, BROKEN, "broken.jpg"),
        "video": make_photo(ada, film(2), "a-video-with-a-long-name-from-the-old-camera.mp4"),
        "audio": make_photo(ada, recording(), "birds.wav"),
        "clear": make_photo(ada, clear_png(), "logo.png"),
        "trashed": make_photo(ada, jpeg((360, 240), seed=98)),
    }
    for day, ratio in enumerate(RATIOS):
        taken = dt.datetime(2024, 7, 20, 7, 42) - dt.timedelta(days=day)
        photos["ready"] = make_photo(ada, jpeg((int(240 * ratio), 240), seed=day, taken=taken))
    photos["live"] = _live(ada)
    # It stays as it is before the worker comes to it.
    db.session.execute(db.delete(Job).where(Job.target == photos["pending"].id))
    db.session.commit()
    while worker.perform(app) or _is_another_at_work():
        pass
    begin_writing()
    given_up = {
        "state": JobState.PARKED,
        "reason": worker.POISONOUS,
    }
    db.session.execute(db.update(Job).where(Job.target == photos["failed"].id).values(given_up))
    discard(photos["trashed"])
    db.session.commit()
    return photos


def _is_another_at_work() -> bool:
    """Tell whether the worker of the gallery itself, which runs, is about a photo yet."""
    db.session.rollback()
    return db.session.scalar(db.select(Job.id).where(Job.state == JobState.RUNNING)) is not None


def _album(ada: User, eve: User) -> Album:
    """An album for everyone, in which another stands, and into which somebody was asked."""
    album = make_album(ada, "Picos de Europa", visibility=Visibility.PUBLIC)
    ask_in(album, eve, Role.ADD)
    shown = Photo.shown_of(ada).where(Photo.state == State.READY).order_by(Photo.id)
    put_in(album, *db.session.scalars(shown))
    make_album(ada, "The first day", parent_id=album.id, visibility=Visibility.PUBLIC)
    return album


def _live(ada: User) -> Photo:
    """A photo, and in the same batch what moved when it was taken."""
    noon = dt.datetime(2024, 7, 21, 12)
    moving = film(2, container="mov", metadata={"creation_time": f"{noon:%Y-%m-%dT%H:%M:%SZ}"})
    halves = {"IMG_7.JPG": jpeg((320, 240), seed=7, taken=noon), "IMG_7.MOV": moving}
    _, items = begin_batch(ada, [Chosen(name, 1000) for name in halves])
    taken = []
    for (name, data), item in zip(halves.items(), items, strict=True):
        taken.append(take_in(FileStorage(BytesIO(data), name), owner=ada, item=item))
        db.session.commit()
    return taken[0].photo


def _receipt(ada: User) -> str:
    """Send four files, of which each fares in its own way; a fifth is still to come."""
    back = make_photo(ada, jpeg((90, 60), seed=97))
    begin_writing()
    discard(back)
    db.session.commit()
    files = {"added.wav": recording(0.3), "back.jpg": jpeg((90, 60), seed=97)}
    files |= {"already.wav": recording(), "page.jpg": b"<!doctype html>"}
    batch, items = begin_batch(ada, [Chosen(name, 1000) for name in (*files, "late.jpg")])
    for (name, data), item in zip(files.items(), items, strict=False):
        with suppress(NotAPhoto):
            take_in(FileStorage(BytesIO(data), name), owner=ada, item=item)
            db.session.commit()
    return batch.public_id


def first_link(program: Program) -> str:
    """Return the address that is printed while there is no admin."""
    return re.search(r"http://\S+/welcome/\S+", program.process.stdout.readline())[0]
