"""Lighthouse over the pages, on a phone and at a desk, in a gallery of sixty drawn pictures.

Run it as ``python -m tests.bench.lighthouse``. Its packages, which npm puts beside it, are not
those of the tests; the reports stay in instance/lighthouse/.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from gallery import assets
from gallery.accounts.models import User
from gallery.extensions import db
from gallery.factory import create_app
from gallery.photos.models import Photo, State
from tests.bench.servers import say
from tests.browser import ARGUMENTS, launched, unpacked
from tests.make import make_album, make_link, put_in
from tests.programs import ROOT, Program

HERE = Path(__file__).parent
REPORTS = ROOT / "instance" / "lighthouse"
PROFILES = ("mobile", "desktop")
PATIENCE = 180  # seconds for one page
NODE = Path(sys.executable).with_name("node")
FIGURES = {
    "LCP": "largest-contentful-paint",
    "CLS": "cumulative-layout-shift",
    "TBT": "total-blocking-time",
}


def main() -> None:
    assets.install_for_tests()
    npm = Path(sys.executable).with_name("npm")
    subprocess.run([npm, "ci", "--silent"], cwd=HERE, check=True)
    REPORTS.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        program = Program(Path(folder) / "instance")
        try:
            program.wait_until_up()
            visit(program, Path(folder) / "chromium")
        finally:
            program.end()


def visit(program: Program, chromium: Path) -> None:
    """Furnish the gallery, and measure each of its pages."""
    chromium.mkdir()
    browser = unpacked(chromium)
    told = program.flask("demo")
    email, password = re.search(r"as (\S+) with the password (\S+)", told).groups()
    pages = furnish(program.instance, email)
    cookie = signed_in(browser, program.url, email, password)
    for profile in PROFILES:
        for name, path in pages.items():
            is_public = path.startswith(("/s/", "/login"))
            report = measure(program.url + path, profile, browser, "" if is_public else cookie)
            (REPORTS / f"{name}-{profile}.json").write_text(json.dumps(report))
            say(f"{profile:<8} {name:<10} {in_words(report)}")


def furnish(instance: Path, email: str) -> dict[str, str]:
    """Share an album of all that is there; return the paths of pages."""
    os.environ["GALLERY_INSTANCE_PATH"] = str(instance)
    app = create_app()
    with app.app_context():
        owner = db.session.scalars(User.with_email(email)).one()
        photos = list(db.session.scalars(Photo.owned_by(owner)))
        while any(photo.state is State.PENDING for photo in photos):
            time.sleep(1)
            db.session.rollback()
            db.session.expire_all()
        album = make_album(owner)
        put_in(album, *photos)
        paths = {
            "timeline": "/photos",
            "album": f"/albums/{album.slug}",
            "photo": f"/p/{photos[0].public_id}",
            "search": "/search?q=jpg",
            "upload": "/upload",
            "link": f"/s/{make_link(album)}",
            "sign-in": "/login",
        }
        db.session.remove()
        db.engine.dispose()
    return paths


def signed_in(browser: tuple[str, dict[str, str]], url: str, email: str, password: str) -> str:
    with sync_playwright() as playwright:
        running = launched(playwright, browser)
        page = running.new_page(base_url=url)
        page.goto("/login")
        page.get_by_label("Email").fill(email)
        page.get_by_label("Password", exact=True).fill(password)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url("**/photos")
        cookies = page.context.cookies()
        running.close()
    return "; ".join(f"{each['name']}={each['value']}" for each in cookies)


def measure(
    url: str, profile: str, browser: tuple[str, dict[str, str]], cookie: str
) -> dict[str, Any]:
    """Return Lighthouse's report of a page."""
    executable, env = browser
    told = subprocess.run(
        [NODE, "measure.mjs", url, profile, executable, " ".join(ARGUMENTS[:-1]), cookie],
        cwd=HERE,
        env={**os.environ, **env},
        stdout=subprocess.PIPE,
        timeout=PATIENCE,
        check=True,
    )
    return json.loads(told.stdout)


def in_words(report: dict[str, Any]) -> str:
    scores = ", ".join(
        f"{title} {round(100 * report['categories'][title]['score'])}"
        for title in ("performance", "accessibility", "best-practices", "seo")
    )
    figures = ", ".join(
        f"{short} {report['audits'][audit]['displayValue']}" for short, audit in FIGURES.items()
    )
    return f"{scores}; {figures}"


if __name__ == "__main__":
    main()
