"""The pictures of the README's tour, as a browser shows what an admin sees: `make tour`."""

import datetime as dt
import os
import subprocess
import sys
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from PIL import Image

from gallery import worker
from gallery.accounts import governing, inviting
from gallery.accounts.models import User
from gallery.extensions import begin_writing, db, now
from gallery.factory import create_app
from gallery.photos.models import Photo
from tests.flows.conftest import SIZES
from tests.make import make_photo, make_user
from tests.programs import ROOT, Program

README = (ROOT / "README.md").read_text()
PEOPLE = ("Ada Moreau", "Jonas Lind", "Mira Okafor", "Tomas Weber", "Yuki Tanaka")
PICTURES = 12
GAP = 24
MOST_BYTES = 300_000


@pytest.fixture
def furnished(gallery: Program, tmp_path: Path) -> str:
    """Fill the gallery with people and drawn pictures, and return the folder of the first."""
    drawn = [sys.executable, "-m", "gallery.demo", str(tmp_path), str(PICTURES)]
    subprocess.run(drawn, cwd=ROOT, check=True, capture_output=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GALLERY_INSTANCE_PATH", str(gallery.instance))
        app = create_app()
    with app.app_context():
        folder = furnish(app, sorted(tmp_path.iterdir()))
        db.session.remove()
        db.engine.dispose()
    return folder


def furnish(app: Flask, pictures: list[Path]) -> str:
    root = db.session.scalars(User.with_email("root@example.org")).one()
    people = [make_user(name, quota=10_000_000) for name in PEOPLE]
    for n, path in enumerate(pictures):
        make_photo(people[n % 8 // 5], path.read_bytes(), path.name)
    while worker.perform(app):
        pass
    begin_writing()
    for n, photo in enumerate(db.session.scalars(db.select(Photo))):
        photo.created_at = now() - dt.timedelta(days=28 * n, hours=n)
    for n, person in enumerate(people):
        person.last_seen_at = now() - dt.timedelta(days=n, hours=2 * n)
    inviting.invite(root, inviting.Terms(label="The choir", places=12, days=7))
    governing.give_quota(people[1], 20_000_000, by=root)
    governing.disable(people[4], by=root)
    db.session.commit()
    return people[0].folder


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_the_pictures_of_the_tour_are_few_small_and_shown(
    open_page, signed_in, furnished: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = Path(os.environ.get("TOUR") or tmp_path_factory.mktemp("tour"))
    page = open_page(storage_state=signed_in("root"))

    def shot(path: str, size: dict[str, int], scheme: str = "light") -> Image.Image:
        page.set_viewport_size(size)
        page.emulate_media(color_scheme=scheme)
        page.goto(path, wait_until="networkidle")
        return Image.open(BytesIO(page.screenshot()))

    library = f"/admin/galleries/{furnished}"
    phones = [
        shot(library, SIZES["phone"], "dark"),
        shot(f"/admin/users/{furnished}/delete", SIZES["phone"]),
        shot("/admin/audit", SIZES["phone"], "dark"),
    ]
    made = {
        "admin.webp": shot("/admin/users", {"width": 1280, "height": 1010}),
        "admin-phones.webp": beside(phones),
    }
    for name, picture in made.items():
        picture.save(folder / name, quality=80, method=6)

    assert sum((folder / name).stat().st_size for name in made) <= MOST_BYTES
    assert [name for name in made if f"](.readme/{name})" not in README] == []


def beside(pictures: list[Image.Image]) -> Image.Image:
    width = sum(each.width for each in pictures) + GAP * (len(pictures) - 1)
    made = Image.new("RGBA", (width, pictures[0].height))
    for n, each in enumerate(pictures):
        made.paste(each, (n * (each.width + GAP), 0))
    return made
