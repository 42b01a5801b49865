"""What is sent may go straight into an album: by the form, by the queue, from the receipt."""

import re
import sqlite3

import pytest
from sqlalchemy import event, insert, update

from gallery.accounts.models import User
from gallery.albums.models import Album, Collaborator, Entry, Role
from gallery.extensions import begin_writing, db
from gallery.photos.live import pair
from gallery.photos.models import Batch, BatchItem, Photo
from gallery.photos.verify import verify
from tests.api.test_uploads import ask, begin, sha256, upload
from tests.conftest import ORIGIN, Browser
from tests.films import film
from tests.make import a_file, ask_in, jpeg, make_album, make_photo, make_user, sign_in
from tests.photos.test_live import NOON


@pytest.fixture
def ada(client: Browser) -> User:
    ada = make_user("Ada Moreau")
    sign_in(client, ada)
    return ada


def send_form(client: Browser, *files: bytes, **fields: str):
    data = {"file": [a_file(each, f"{n}.jpg") for n, each in enumerate(files)], **fields}
    return client.post("/photos", data=data, headers={"Origin": ORIGIN})


def take_few_variables() -> None:
    """Have SQLite take a thousand in a statement; how many it takes is up to who built it."""
    db.engine.dispose()
    event.listen(
        db.engine,
        "connect",
        lambda connection, _: connection.setlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER, 1000),
    )


def within(album: Album) -> int:
    """How many photos the rows of an album lead to; its counter agrees."""
    assert verify().wrong == []
    return len(db.session.scalars(db.select(Entry).where(Entry.album_id == album.id)).all())


def test_the_form_sends_into_an_album(client: Browser, ada: User) -> None:
    album = make_album(ada)

    page = client.get(f"/upload?album={album.slug}").text
    sent = send_form(client, jpeg(seed=1), jpeg(seed=2), album=album.slug)

    assert f'<option value="{album.slug}" selected>Picos</option>' in page
    assert within(album) == 2
    assert (
        f'in the album <a href="/albums/{album.slug}">Picos</a>' in client.get(sent.location).text
    )


def test_the_form_makes_a_new_album(client: Browser, ada: User) -> None:
    send_form(client, jpeg(), title="Coast")

    album = db.session.scalar(db.select(Album))
    assert (album.title, album.owner_id) == ("Coast", ada.id)
    assert within(album) == 1


def test_what_is_in_the_library_already_comes_into_the_album_too(
    client: Browser, ada: User
) -> None:
    make_photo(ada, jpeg(seed=1))
    album = make_album(ada)

    send_form(client, jpeg(seed=1), b"<html>", album=album.slug)

    assert within(album) == 1


@pytest.mark.parametrize("fields", [{"album": "nothing-0000"}, {"title": "x" * 121}])
def test_no_such_album_is_said_and_nothing_is_kept(
    client: Browser, ada: User, fields: dict[str, str]
) -> None:
    answer = send_form(client, jpeg(), **fields)

    assert answer.status_code == 422
    assert "data-sentence" in answer.text
    assert db.session.scalar(db.select(Photo)) is None
    assert db.session.scalar(db.select(Album)) is None


def test_an_album_of_others_takes_photos_only_of_those_who_may_add(
    client: Browser, ada: User
) -> None:
    bob = make_user("Bob Anders")
    closed, open_ = make_album(bob, "Closed"), make_album(bob, "Open")
    ask_in(closed, ada, Role.VIEW)
    ask_in(open_, ada, Role.ADD)

    page = client.get("/upload").text
    refused = send_form(client, jpeg(), album=closed.slug)
    send_form(client, jpeg(), album=open_.slug)

    assert "Open</option>" in page and "Closed</option>" not in page
    assert refused.status_code == 422
    assert (within(closed), within(open_)) == (0, 1)


def test_files_in_parts_go_where_they_are_meant_to(client: Browser, ada: User) -> None:
    album = make_album(ada)
    batch = begin(client, 9, 9, 9)
    made = ask(
        client, f"batches/{batch['batch']}/album", album=album.slug, files=batch["files"][:2]
    )

    upload(client, jpeg(seed=1), batch=batch["batch"], file=batch["files"][0])
    upload(client, jpeg(seed=2), batch=batch["batch"], file=batch["files"][2])

    assert made.json == {"title": "Picos", "href": f"/albums/{album.slug}"}
    assert within(album) == 1


def test_what_has_come_before_the_album_was_chosen_goes_in_too(client: Browser, ada: User) -> None:
    batch = begin(client, 9)
    upload(client, jpeg(seed=1), batch=batch["batch"], file=batch["files"][0])

    ask(client, f"batches/{batch['batch']}/album", title="Coast", files=batch["files"])
    ask(client, f"batches/{batch['batch']}/album", title="Coast", files=batch["files"])

    albums = db.session.scalars(db.select(Album)).all()
    assert [album.title for album in albums] == ["Coast"]
    assert within(albums[0]) == 1


@pytest.mark.parametrize(("title", "goes_to"), [("{slug}", "Bob Anders"), ("Camera", "Ada Moreau")])
def test_others_albums_are_called_by_their_address_alone(
    client: Browser, ada: User, title: str, goes_to: str
) -> None:
    theirs = make_album(make_user("Bob Anders"), "Camera")
    ask_in(theirs, ada, Role.ADD)
    batch = begin(client, 9)
    upload(client, jpeg(), batch=batch["batch"], file=batch["files"][0])

    name = title.format(slug=theirs.slug)
    ask(client, f"batches/{batch['batch']}/album", title=name, files=batch["files"])

    filled = db.session.scalars(db.select(Album).join(Entry)).one()
    assert (filled.title, filled.owner.name) == ("Camera", goes_to)


def test_known_files_go_where_they_are_meant_to(client: Browser, ada: User) -> None:
    make_photo(ada, jpeg(seed=1))
    batch = begin(client, 9)
    ask(client, f"batches/{batch['batch']}/album", title="Coast", files=batch["files"])

    files = {str(batch["files"][0]): sha256(jpeg(seed=1))}
    ask(client, "known", sha256=[], files=files, batch=batch["batch"])

    assert within(db.session.scalar(db.select(Album))) == 1


def test_a_right_that_was_lost_meanwhile_keeps_the_photo(client: Browser, ada: User) -> None:
    album = make_album(make_user("Bob Anders"))
    ask_in(album, ada, Role.ADD)
    batch = begin(client, 9)
    ask(client, f"batches/{batch['batch']}/album", album=album.slug, files=batch["files"])
    db.session.execute(db.text("DELETE FROM album_collaborators"))
    db.session.commit()

    answer = upload(client, jpeg(), batch=batch["batch"], file=batch["files"][0])

    assert answer.status_code == 204
    assert db.session.scalar(db.select(Photo)).owner_id == ada.id
    assert within(album) == 0


@pytest.mark.parametrize("asked", [{"album": "nothing-0000"}, {"title": "  "}, {}])
def test_no_such_album_is_a_problem_with_a_sentence(
    client: Browser, ada: User, asked: dict[str, str]
) -> None:
    batch = begin(client, 9)

    answer = ask(client, f"batches/{batch['batch']}/album", files=batch["files"], **asked)

    assert answer.status_code == 422
    assert answer.json["detail"]


def test_batches_of_others_are_not_there(client: Browser, ada: User) -> None:
    batch = begin(client, 9)
    sign_in(client, make_user("Bob Anders"))

    answer = ask(client, f"batches/{batch['batch']}/album", title="Mine", files=batch["files"])

    assert answer.status_code == 404
    assert client.submit(f"/upload/{batch['batch']}/album", title="Mine").status_code == 404
    assert db.session.scalar(db.select(Album)) is None


def test_a_receipt_is_put_into_an_album(client: Browser, ada: User) -> None:
    receipt = send_form(client, jpeg(seed=1), jpeg(seed=2)).location

    form = re.search(r'action="([^"]*/album)"', client.get(receipt).text)[1]
    done = client.submit(form, title="Coast")

    assert done.location.startswith("/albums/coast-")
    assert within(db.session.scalar(db.select(Album))) == 2
    assert "Put these into an album" not in client.get(receipt).text


def test_a_receipt_says_what_no_album_can_be_called(client: Browser, ada: User) -> None:
    receipt = send_form(client, jpeg()).location

    client.submit(f"{receipt}/album", title="x" * 121)

    assert "1 to 120 characters" in client.get(receipt).text


def test_a_receipt_asks_which_album_when_none_is_named(client: Browser, ada: User) -> None:
    receipt = send_form(client, jpeg()).location

    client.submit(f"{receipt}/album", album="", title=" ")

    assert "Choose an album, or name a new one." in client.get(receipt).text
    assert db.session.scalar(db.select(Album)) is None


def test_a_receipt_of_any_length_is_put_into_an_album(client: Browser, ada: User) -> None:
    photo, batch = make_photo(ada), Batch(owner_id=ada.id)
    db.session.add(batch)
    db.session.flush()
    line = {"batch_id": batch.id, "client_name": "cat.jpg", "photo_id": photo.id}
    db.session.execute(insert(BatchItem), [line] * 1001)
    db.session.commit()
    take_few_variables()

    done = client.submit(f"/upload/{batch.public_id}/album", title="Coast")

    assert done.status_code == 303
    assert within(db.session.scalar(db.select(Album))) == 1


def test_a_receipt_names_no_album_that_its_photos_are_not_in(client: Browser, ada: User) -> None:
    album = make_album(make_user("Bob Anders"))
    ask_in(album, ada, Role.ADD)
    batch = begin(client, 9)
    ask(client, f"batches/{batch['batch']}/album", album=album.slug, files=batch["files"])
    db.session.execute(update(Collaborator).values(role=Role.VIEW))
    db.session.commit()

    upload(client, jpeg(), batch=batch["batch"], file=batch["files"][0])

    page = client.get(batch["href"]).text
    assert "in the album" not in page
    assert "Put these into an album" in page


def test_a_live_photo_is_one_photo_in_the_album(client: Browser, ada: User) -> None:
    album = make_album(ada)
    files = [a_file(jpeg(), "cat.jpg"), a_file(film(container="mov"), "cat.mov")]
    client.post("/photos", data={"file": files, "album": album.slug}, headers={"Origin": ORIGIN})

    begin_writing()
    for photo in db.session.scalars(db.select(Photo)).all():
        photo.taken_at, photo.duration = NOON, 2.8 if photo.kind == "video" else None
        pair(photo)
    db.session.commit()

    assert verify().wrong == []
    assert ">1 photo" in client.get("/albums").text
