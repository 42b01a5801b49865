"""What people type is understood, or they are told what of it was not."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gallery.photos.models import Kind
from gallery.search.grammar import (
    KEYS,
    LONGEST,
    MOST,
    Before,
    Camera,
    From,
    InAlbum,
    Is,
    Lens,
    Near,
    Not,
    OfFormat,
    OfKind,
    Rated,
    Tagged,
    Word,
    parse,
)

PIECES = st.sampled_from(
    [
        *(f"{key}:" for key in KEYS),
        "-",
        '"',
        "*",
        " ",
        ",",
        ">=",
        "4",
        "2024-07",
        "1700",
        "beach",
        "“",
        ":",
    ]
)


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("", []),
        ("beach", [Word("beach")]),
        ("beach  sunset", [Word("beach"), Word("sunset")]),
        ("beach beach", [Word("beach")]),
        ('"on the beach"', [Word("on the beach")]),
        ("“on the beach”", [Word("on the beach")]),
        ('"on the beach', [Word("on the beach")]),
        ("bil*", [Word("bil", is_start=True)]),
        ('"bil*"', [Word("bil*")]),
        ("-beach", [Not(Word("beach"))]),
        ('-"on the beach"', [Not(Word("on the beach"))]),
        ("well-known", [Word("well-known")]),
        ("NEAR AND OR NOT", [Word("NEAR"), Word("AND"), Word("OR"), Word("NOT")]),
        ("12:30", [Word("12:30")]),
        ("🎉", [Word("🎉")]),
        ("👩\u200d🌾", [Word("👩\u200d🌾")]),
        ("\u200f-beach", [Not(Word("beach"))]),
        ("\u2066tag:sea\u2069", [Tagged("sea")]),
        ("sun\u00adset", [Word("sunset")]),
        ("東京", [Word("東京")]),
        ("tag:sea", [Tagged("sea")]),
        ('TAG:"North Sea"', [Tagged("North Sea")]),
        ("-tag:sea", [Not(Tagged("sea"))]),
        ("camera:X-T5", [Camera("X-T5")]),
        ('lens:"35 mm"', [Lens("35 mm")]),
        ("from:2024", [From(dt.date(2024, 1, 1), "2024")]),
        ("from:2024-07", [From(dt.date(2024, 7, 1), "2024-07")]),
        ("before:2024-7-2", [Before(dt.date(2024, 7, 2), "2024-7-2")]),
        ("-from:2024", [Before(dt.date(2024, 1, 1), "2024")]),
        ("album:picos-ab12", [InAlbum("picos-ab12")]),
        ("type:video", [OfKind(Kind.VIDEO)]),
        ("type:JPG", [OfFormat("jpeg")]),
        ("rating:4", [Rated((4,), "4")]),
        ("rating:>=4", [Rated((4, 5), ">=4")]),
        ("rating:<2", [Rated((0, 1), "<2")]),
        ("rating:>5", [Rated((), ">5")]),
        ("is:favorite", [Is("favourite")]),
        ("is:video", [OfKind(Kind.VIDEO)]),
        ("near:43.26,-2.93", [Near(43.26, -2.93, 10)]),
        ('near:"43.26, -2.93, 2.5 km"', [Near(43.26, -2.93, 2.5)]),
    ],
)
def test_is_understood(text: str, terms: list[object]) -> None:
    query = parse(text)

    assert query.terms == terms
    assert query.notes == ()


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("colour:red", "We do not know “colour:”."),
        ("tag:", "“tag:” needs something after it."),
        ('tag:""', "“tag:” needs something after it."),
        ("from:lots", "“lots” is no year, month or day like 2024, 2024-07 or 2024-07-12."),
        ("from:2024-13", "“2024-13” is no year, month or day like 2024, 2024-07 or 2024-07-12."),
        ("before:0000", "“0000” is no year, month or day like 2024, 2024-07 or 2024-07-12."),
        ("rating:lots", "“lots” is no rating from 0 to 5, like 4 or >=4."),
        ("rating:6", "“6” is no rating from 0 to 5, like 4 or >=4."),
        ("type:poem", "“poem” is no type that we know, like video or jpeg."),
        ("is:lost", "We do not know “is:lost”."),
        ("near:Bilbao", "“Bilbao” is no place like 43.26,-2.93."),
        ("near:91,0", "“91,0” is no place on earth."),
        ("near:1,2,0", "“1,2,0”: a distance is more than 0 and up to 20,000 km."),
        ("near:1,2,99999", "“1,2,99999”: a distance is more than 0 and up to 20,000 km."),
        ("-", "“-” has no letters to look for."),
        ('""', "“” has no letters to look for."),
        ("***", "“***” has no letters to look for."),
    ],
)
def test_what_is_not_understood_is_said_and_the_rest_is_searched(text: str, sentence: str) -> None:
    query = parse(f"{text} beach")

    assert query.terms == [Word("beach")]
    assert query.notes == (f"{sentence} It was left out.",)


def test_no_more_is_searched_than_can_be() -> None:
    long, many = parse("x" * (LONGEST + 1)), parse(" ".join(f"w{n}" for n in range(MOST + 1)))

    assert long.terms == [Word("x" * LONGEST)]
    assert long.notes == ("Only the first 1,000 characters were searched for.",)
    assert len(many.terms) == MOST
    assert many.notes == ("Only the first 24 words and filters were searched for.",)


@given(st.one_of(st.text(), st.lists(PIECES).map("".join)))
def test_any_text_is_read_and_what_was_understood_is_read_alike(text: str) -> None:
    query = parse(text)
    again = parse(query.text)

    assert again.terms == query.terms
    assert again.notes == ()


@given(st.lists(PIECES).map("".join))
def test_a_term_can_be_taken_away(text: str) -> None:
    query = parse(text)

    for said in query.said:
        left = [term for term in query.terms if term != said.term]
        assert parse(query.without(said)).terms == left
