"""Tells what can be searched for, an example each; a test holds that all of them are understood."""

from typing import NamedTuple


class Example(NamedTuple):
    text: str
    meaning: str


EXAMPLES = (
    Example("beach sunset", "both words, in captions, tags, file names, places or albums"),
    Example('"on the beach"', "these words in this order"),
    Example("bil*", "words that begin so: Bilbao"),
    Example("-beach", "without the word; a minus goes before any filter, too"),
    Example("tag:sea", "with exactly this tag"),
    Example('album:"Picos de Europa"', "in an album, by its title or its address"),
    Example("camera:X-T5", "taken with a camera that is called so"),
    Example('lens:"35 mm"', "taken through a lens that is called so"),
    Example("from:2024-07", "from a year, a month or a day on"),
    Example("before:2024-07-12", "before a year, a month or a day begins"),
    Example("type:video", "photo, video or audio; or a type of file: jpeg, heic, mp4"),
    Example("rating:>=4", "by its stars; also <2 and 5"),
    Example("is:favourite", "also is:archived, is:animated, is:live, is:untagged, is:video"),
    Example("is:public", "for everyone; also is:members and is:private"),
    Example("near:43.26,-2.93", "within 10 km of a place, in degrees north and east"),
    Example("near:43.26,-2.93,50", "the same within 50 km"),
)
