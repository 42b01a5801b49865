"""The index says what the rows say, whatever becomes of them, and verify sees where it does not."""

import pytest
from sqlalchemy import text

from gallery.accounts.models import User
from gallery.albums.filling import take_out
from gallery.albums.making import delete as delete_album
from gallery.extensions import begin_writing, db, now
from gallery.photos.models import Offer, Photo, Tag, Visibility
from gallery.photos.tags import tag
from gallery.photos.trash import delete_rows, discard, restore
from gallery.search import words
from tests.make import jpeg, make_album, make_photo, make_user, put_in


@pytest.fixture
def ada(app) -> User:
    return make_user("Ada Moreau")


@pytest.fixture
def photo(ada: User) -> Photo:
    made = make_photo(ada, jpeg((6, 4)), "cat.jpg")
    tag(made, ["sea", "sun"])
    db.session.commit()
    put_in(make_album(ada), made)
    return made


def row() -> dict[str, str]:
    """The one row of the index."""
    return dict(db.session.execute(text("SELECT * FROM photo_words")).mappings().one())


def is_true() -> bool:
    return list(words.compare()) == []


def test_photo_is_in_the_index_with_all_of_its_words(photo: Photo, ada: User) -> None:
    assert row() == {
        **{"caption": "", "place": "", "name": "cat.jpg", "tags": "sea\nsun"},
        **{"camera": "", "lens": ""},
        "marks": f"any u{ada.id} photo image jpeg rated0 private t1 t2 a1",
    }
    assert is_true()


@pytest.mark.parametrize(
    ("facts", "column", "value"),
    [
        ({"caption": "Beach"}, "caption", "Beach"),
        ({"client_name": "dog.jpg"}, "name", "dog.jpg"),
        ({"place_name": "Bilbao"}, "place", "Bilbao"),
        ({"camera": "X-T5"}, "camera", "X-T5"),
        ({"lens": "XF35"}, "lens", "XF35"),
        ({"rating": 4}, "marks", " rated4 "),
        ({"is_favourite": True}, "marks", " favourite "),
        ({"is_animated": True}, "marks", " animated "),
        ({"archived_at": now()}, "marks", " archived "),
        ({"visibility": Visibility.PUBLIC}, "marks", " public "),
        ({"offer": Offer.PLACE}, "marks", " placed "),
        ({"type": "image/heic"}, "marks", " image heic "),
    ],
)
def test_index_follows_a_photo(
    photo: Photo, facts: dict[str, object], column: str, value: str
) -> None:
    for name, fact in facts.items():
        setattr(photo, name, fact)
    db.session.commit()

    assert value in row()[column]
    assert is_true()


def test_index_follows_the_time(photo: Photo) -> None:
    before = db.session.scalar(text("SELECT rowid FROM photo_words"))
    photo.taken_at = photo.created_at.replace(year=2019)
    photo.place(photo.taken_at)
    db.session.commit()

    assert db.session.scalar(text("SELECT rowid FROM photo_words")) > before
    assert is_true()


def test_index_follows_tags(photo: Photo) -> None:
    tag(photo, ["moon"])
    db.session.execute(db.update(Tag).where(Tag.name == "moon").values(name="Moon"))
    db.session.commit()
    assert row()["tags"] == "Moon"

    db.session.execute(db.delete(Tag))
    db.session.commit()
    assert row()["tags"] == "" and "untagged" in row()["marks"]
    assert is_true()


def test_index_follows_albums(photo: Photo, ada: User) -> None:
    other = make_album(ada, "Other")
    put_in(other, photo)
    assert row()["marks"].endswith(" a1 a2")

    begin_writing()
    take_out(other, db.select(Photo.id))
    delete_album(db.session.get(type(other), 1))
    db.session.commit()
    assert not row()["marks"].endswith((" a1", " a2"))
    assert is_true()


def test_trash_is_not_in_the_index(photo: Photo) -> None:
    begin_writing()
    discard(photo)
    db.session.commit()
    assert db.session.execute(text("SELECT * FROM photo_words")).all() == []

    begin_writing()
    restore(photo)
    db.session.commit()
    assert row()["name"] == "cat.jpg"

    begin_writing()
    discard(photo)
    db.session.commit()
    delete_rows(Photo.owned_by(photo.owner))
    db.session.commit()
    assert db.session.execute(text("SELECT * FROM photo_words")).all() == []
    assert is_true()


def test_what_is_rolled_back_is_not_in_the_index(photo: Photo) -> None:
    photo.caption = "never"
    db.session.flush()
    db.session.rollback()

    assert row()["caption"] == ""


@pytest.mark.parametrize(
    "fault",
    [
        "UPDATE photo_words SET caption = 'other'",
        "DELETE FROM photo_words",
        "INSERT INTO photo_words (rowid, caption) VALUES (5, 'nobody''s')",
        "DROP TRIGGER photo_words_tag_renamed",
    ],
)
def test_verify_sees_what_is_wrong(photo: Photo, fault: str) -> None:
    db.session.execute(text(fault))

    assert list(words.compare())


# A migration that copies photos, tags or entries of albums drops what follows them.
def test_every_trigger_is_there(photo: Photo) -> None:
    kept = db.session.scalars(text("SELECT name FROM sqlite_master WHERE type = 'trigger'"))

    assert set(kept) >= words.TRIGGERS
