"""Searching a million photos: a page of a hundred, newest first, beside the bare index.

Run it as ``python -m tests.bench.search``. Processor time, medians of rounds that take the
two in turn; 60 % of the photos are one owner's, who searches.
"""

import os
import statistics
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from flask_migrate import upgrade
from sqlalchemy import text

from gallery import assets
from gallery.accounts.models import User
from gallery.extensions import begin_writing, db
from gallery.factory import create_app
from gallery.photos import timeline
from gallery.search.finding import Search
from tests.bench.servers import say
from tests.make import make_user

PHOTOS, ROUNDS, GOAL = 1_000_000, 7, 5.0
# Each a word that so many of the photos have.
CAPTION = """
    (CASE WHEN n * 31 % 10 < 3 THEN 'beach ' ELSE '' END)
    || (CASE WHEN n * 17 % 7 < 2 THEN 'sunset ' ELSE '' END)
    || (CASE WHEN n * 13 % 100 = 0 THEN 'boat ' ELSE '' END)
    || (CASE WHEN n * 7 % 20011 = 0 THEN 'heron ' ELSE '' END)
    || 'w' || (n * 13 % 5000) || ' v' || (n * 17 % 300)"""
SEED = f"""
    WITH RECURSIVE counted(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counted WHERE n < {PHOTOS}),
    taken AS (SELECT n, datetime('2005-01-01', (n * 7919 % 7000) || ' days',
        (n * 104729 % 86400) || ' seconds') AS at FROM counted)
    INSERT INTO photos (id, public_id, owner_id, kind, set_name, filename, client_name, size,
        sha256, type, width, height, colour, taken_at, taken_offset, taken_source, local_day,
        sort_key, state, reason, turns, caption, rating, camera, lens, codecs, is_animated,
        created_at)
    SELECT n, printf('p%09d', n), 1 + (n % 10 >= 6), 'photo', 'photos',
        printf('a/IMG_%07d.jpg', n), printf('IMG_%07d.jpg', n), 3000000, printf('%064x', n),
        'image/jpeg', 4032, 3024, '#6b7f8a', at || '.000000', 0, 'zone', date(at),
        strftime('%Y%m%dT%H%M%S', at) || printf('.000000 img_%07d', n), 'ready', '', 0,
        {CAPTION}, n % 6, 'FUJIFILM X-T5', 'XF35mmF1.4 R', '', 0, at || '.000000' FROM taken"""
QUERIES = {
    "a common word (30 %)": "beach",
    "a word of 1 %": "boat",
    "a rare word (50 photos)": "heron",
    "two words (9 %)": "beach sunset",
    "a common and a rare word": "beach heron",
    "three words": "beach sunset boat",
    "a word and not another": "beach -sunset",
    "a word in a year": "boat from:2010 before:2011",
    "a word, stars and a camera": "boat rating:>=4 camera:X-T5",
    "the beginning of a word": "hero*",
    "no word, a filter": "rating:5",
}


def main() -> None:
    assets.build()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["GALLERY_INSTANCE_PATH"] = folder
        app = create_app({"TESTING": True})
        with app.app_context(), app.test_request_context():
            upgrade()
            owner = make_user()
            make_user("Other Person")
            _seed(Path(folder))
            for name, query in QUERIES.items():
                _compare(name, query, owner)
            for name, options in {
                "all that may be seen": {"is_all": True},
                "best match": {"is_best": True},
            }.items():
                search = Search("beach", owner, **options)
                say(f"{name:<28} {_cost(partial(_page, search)):8.2f} ms")


def _seed(folder: Path) -> None:
    begin = time.monotonic()
    begin_writing()
    db.session.execute(text(SEED))
    db.session.commit()
    seeded = time.monotonic()
    db.session.execute(text("INSERT INTO photo_words (photo_words) VALUES ('optimize')"))
    db.session.execute(text("ANALYZE"))
    db.session.commit()
    size = (folder / "gallery.sqlite").stat().st_size / 1e6
    say(
        f"{PHOTOS:,} photos with their words in {seeded - begin:.0f} s,"
        f" {size:,.0f} MB; in order {time.monotonic() - seeded:.0f} s more"
    )


def _compare(name: str, query: str, owner: User) -> None:
    search = Search(query, owner)
    bare = text("SELECT rowid FROM photo_words WHERE photo_words MATCH :q ORDER BY rowid LIMIT 100")
    words = {"q": query if query.replace("*", "").replace(" ", "").isalpha() else "boat"}
    ours, floor = [], []
    for _ in range(ROUNDS):
        ours.append(_time(lambda: _page(search)))
        floor.append(_time(lambda: db.session.execute(bare, words).all()))
    found = len(_page(search))
    say(
        f"{name:<28} {statistics.median(ours):8.2f} ms (goal {GOAL:.0f})"
        f"   the bare index {statistics.median(floor):6.2f} ms   {found} found"
    )


def _page(search: Search) -> list[object]:
    db.session.rollback()
    return list(timeline.read(search.scope, order=search.order).rows)


def _cost(act: Callable[[], object]) -> float:
    return statistics.median(_time(act) for _ in range(ROUNDS))


def _time(act: Callable[[], object]) -> float:
    begin = time.process_time()
    act()
    return (time.process_time() - begin) * 1e3


if __name__ == "__main__":
    main()
