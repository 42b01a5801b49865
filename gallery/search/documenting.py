"""Tells what can be searched for, an example each; a test holds that all of them are understood."""

from typing import NamedTuple

from flask_babel import lazy_gettext as _l


class Example(NamedTuple):
    text: str
    meaning: str


EXAMPLES = (
    Example("beach sunset", _l("both words, in captions, tags, file names, places or albums")),
    Example('"on the beach"', _l("these words in this order")),
    Example("bil*", _l("words that begin so: Bilbao")),
    Example("-beach", _l("without the word; a minus goes before any filter, too")),
    Example("tag:sea", _l("with exactly this tag")),
    Example('album:"Picos de Europa"', _l("in an album, by its title or its address")),
    Example("camera:X-T5", _l("taken with a camera that is called so")),
    Example('lens:"35 mm"', _l("taken through a lens that is called so")),
    Example("from:2024-07", _l("from a year, a month or a day on")),
    Example("before:2024-07-12", _l("before a year, a month or a day begins")),
    Example("type:video", _l("photo, video or audio; or a type of file: jpeg, heic, mp4")),
    Example("rating:>=4", _l("by its stars; also <2 and 5")),
    Example("is:favourite", _l("also is:archived, is:animated, is:live, is:untagged, is:video")),
    Example("is:public", _l("for everyone; also is:members and is:private")),
    Example("near:43.26,-2.93", _l("within 10 km of a place, in degrees north and east")),
    Example("near:43.26,-2.93,50", _l("the same within 50 km")),
)
