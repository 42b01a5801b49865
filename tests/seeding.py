"""Large libraries: rows as uploads over some years leave them, of which many share their files."""

import datetime as dt
import random
import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path

from gallery.extensions import public_id
from gallery.folders import natural
from gallery.shapes import letter, shown_ratio
from tests.make import encoded, picture

SIZES = (
    *((4032, 3024), (4032, 3024), (3024, 4032), (4000, 2667), (2667, 4000), (4000, 2250)),
    *((3000, 3000), (6000, 2000), (1500, 4000), (4608, 2592)),
)
WORDS = ("beach", "mountain", "harbour", "market", "garden", "snow", "river", "night")
# A folder that stands for itself: so one file has as many names as there are photos.
LINKS = ("a", "b")
SMALL = {"h240": ("webp", None, 240), "h480": ("webp", None, 480)}
LARGE = {"w1280": ("jpg", 1280, None), "w1920": ("jpg", 1920, None)}
VARIANTS = {**SMALL, **LARGE}


def seed(instance: Path, email: str, number: int, *, years: int = 20, draw: bool = True) -> None:
    """Give somebody so many photos, over months of very different sizes, the newest of today.

    With `draw` they have pictures; else only the rows of them.
    """
    random.seed(number)
    with closing(sqlite3.connect(instance / "gallery.sqlite")) as connection, connection:
        ask = "SELECT id, folder FROM users WHERE email = ?"
        owner, folder = connection.execute(ask, (email,)).fetchone()
        start = connection.execute("SELECT coalesce(max(id), 0) FROM photos").fetchone()[0]
        if draw:
            _draw(instance / "uploads" / "previews" / folder)
        days = _days(number, years)
        months = Counter(day.replace(day=1) for day in days)
        connection.executemany(_insert("photos", PHOTO), _photos(start, owner, folder, days))
        connection.executemany(_insert("derivatives", PREVIEW), _previews(start, folder, number))
        connection.executemany(
            "INSERT INTO month_counts (owner_id, month, photos) VALUES (?, ?, ?)"
            " ON CONFLICT DO UPDATE SET photos = photos + excluded.photos",
            [(owner, str(month), photos) for month, photos in months.items()],
        )
        connection.execute(
            "UPDATE users SET photo_count = photo_count + ?, byte_count = byte_count + ?"
            " WHERE id = ?",
            (number, number * 3_000_000, owner),
        )
    with closing(sqlite3.connect(instance / "gallery.sqlite")) as connection:
        connection.execute("ANALYZE")


PHOTO = (
    *("id", "public_id", "owner_id", "kind", "set_name", "filename", "client_name", "size"),
    *("sha256", "type", "width", "height", "shape", "colour", "taken_at", "taken_offset"),
    *("local_day", "sort_key", "state", "reason", "turns", "created_at", "caption", "camera"),
    *("rating", "read_at"),
)
PREVIEW = ("photo_id", "variant", "set_name", "filename", "digest", "width", "height", "size")


def _insert(table: str, columns: tuple[str, ...]) -> str:
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"


def _days(number: int, years: int) -> list[dt.date]:
    """A day for each photo, oldest first: in months of log-normal size."""
    today = dt.date.today()
    months = [_months_ago(today, ago) for ago in range(years * 12)]
    weights = [random.lognormvariate(0, 1) for _ in months]
    chosen = Counter(random.choices(months, weights, k=number))
    chosen[months[0]] += 0
    days = []
    for month, photos in chosen.items():
        last = today.day if month == today.replace(day=1) else 28
        days += [month.replace(day=random.randint(1, last)) for _ in range(photos)]
    return sorted(days)


def _months_ago(today: dt.date, ago: int) -> dt.date:
    months = today.year * 12 + today.month - 1 - ago
    return dt.date(months // 12, months % 12 + 1, 1)


def _photos(start: int, owner: int, folder: str, days: list[dt.date]):
    for n, day in enumerate(days, start + 1):
        width, height = _size(n)
        taken = dt.datetime.combine(day, dt.time(8)) + dt.timedelta(seconds=n % 36_000)
        name = f"DSCF{n:06}.jpg"
        moment = f"{taken:%Y-%m-%d %H:%M:%S}.000000"
        yield (
            *(n, public_id(), owner, "photo", "photos", f"{folder}/{name}", name, 3_000_000),
            *(f"{n:064x}", "image/jpeg", width, height, letter(shown_ratio(width, height))),
            *(f"#{60 + n % 90:02x}{80 + n % 70:02x}{90 + n % 60:02x}", moment, 60),
            *(str(day), f"{taken:%Y%m%dT%H%M%S.%f} {natural(name)}", "ready", "", 0, moment),
            *(f"{WORDS[n % 8]} {n}" if n % 3 == 0 else "", ("X-T5", "Pixel 9")[n % 2]),
            *(n % 6, moment),
        )


def _previews(start: int, folder: str, number: int):
    for n in range(start + 1, start + number + 1):
        width, height = _size(n)
        for variant, (suffix, bound, tall) in VARIANTS.items():
            shown = (bound, bound * height // width) if bound else (tall * width // height, tall)
            yield (
                *(n, variant, "previews", f"{folder}/{_alias(n)}/{width}-{variant}.{suffix}"),
                *(f"{n:010x}{variant[1:3]}", *shown, 20_000),
            )


def _size(n: int) -> tuple[int, int]:
    return SIZES[n * 7 % len(SIZES)]


def _alias(n: int) -> str:
    """A path of its own to the one folder, in which every file is."""
    return "/".join(LINKS[int(bit)] for bit in f"{n:b}")


def _draw(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for link in LINKS:
        if not (folder / link).is_symlink():
            (folder / link).symlink_to(".")
    for n, (width, height) in enumerate(dict.fromkeys(SIZES)):
        for variant, (suffix, bound, tall) in VARIANTS.items():
            size = (bound, bound * height // width) if bound else (tall * width // height, tall)
            image = picture(size, seed=n)
            encoder = "JPEG" if suffix == "jpg" else "WEBP"
            (folder / f"{width}-{variant}.{suffix}").write_bytes(encoded(image, encoder))
