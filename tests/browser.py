"""A real browser, started once in each process: conftest.py makes these fixtures everybody's."""

import os
import re
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Playwright, sync_playwright

from gallery.assets import FRONTEND

UNPACK = """
import { brotliDecompressSync as unpack } from "node:zlib";
import { readFileSync, writeFileSync } from "node:fs";
const from = "node_modules/@sparticuz/chromium/bin/", to = process.argv[1];
for (const name of ["al2023", "fonts", "swiftshader"])
  writeFileSync(`${to}/${name}.tar`, unpack(readFileSync(`${from}${name}.tar.br`)));
writeFileSync(`${to}/chromium`, unpack(readFileSync(`${from}chromium.br`)), { mode: 0o755 });
"""
FONTS = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>{folder}/fonts</dir><cachedir>{folder}/cache</cachedir></fontconfig>
"""
ARGUMENTS = (
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--no-zygote",
    "--headless=shell",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP photos.test 127.0.0.1",  # a name without the rights of localhost
)


@pytest.fixture(scope="session")
def chromium(
    built_assets: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[str, dict[str, str]]:
    """Where Chromium is, and what it needs in its environment."""
    return unpacked(tmp_path_factory.mktemp("chromium"))


def unpacked(folder: Path) -> tuple[str, dict[str, str]]:
    """A Chromium on the PATH if there is one, else npm's: it needs neither root nor apt."""
    found = shutil.which("chromium")
    if found:
        return found, {}
    node = Path(sys.executable).with_name("node")
    subprocess.run(
        [node, "--input-type=module", "-e", UNPACK, str(folder)], cwd=FRONTEND, check=True
    )
    for packed in folder.glob("*.tar"):
        with tarfile.open(packed) as tar:
            tar.extractall(folder, filter="data")
    # Its own names folders that are not ours, and without a font an input crashes the browser.
    (folder / "fonts.conf").write_text(FONTS.format(folder=folder))
    env = {"LD_LIBRARY_PATH": str(folder / "lib"), "FONTCONFIG_PATH": str(folder)}
    return str(folder / "chromium"), env


@pytest.fixture(scope="session")
def browser(chromium: tuple[str, dict[str, str]]) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        running = launched(playwright, chromium)
        yield running
        running.close()


def launched(playwright: Playwright, chromium: tuple[str, dict[str, str]]) -> Browser:
    executable, env = chromium
    return playwright.chromium.launch(
        executable_path=executable, args=list(ARGUMENTS), env={**os.environ, **env}
    )


def memory_of(browser: Browser) -> int:
    """Bytes that the largest of its renderers has for itself alone."""
    told = browser.new_browser_cdp_session().send("SystemInfo.getProcessInfo")
    ids = [each["id"] for each in told["processInfo"] if each["type"] == "renderer"]
    return max(_alone(Path(f"/proc/{id_}/smaps_rollup").read_text()) for id_ in ids)


@dataclass(frozen=True)
class Kept:
    """What a page keeps: nodes, those too that left it, and bytes, of scripts and of all."""

    nodes: int
    script: int
    memory: int


def kept_by(page: Page) -> Kept:
    """What is left once everything is given back that can be, as where memory is scarce."""
    session = page.context.new_cdp_session(page)
    session.send("Memory.simulatePressureNotification", {"level": "critical"})
    session.send("HeapProfiler.collectGarbage")
    nodes = session.send("Memory.getDOMCounters")["nodes"]
    script = session.send("Runtime.getHeapUsage")["usedSize"]
    session.detach()
    return Kept(nodes, script, memory_of(page.context.browser))


def kept_at_rest(page: Page, most: int) -> Kept:
    """The same, when it is no more than so many bytes: they come back a moment later."""
    for _ in range(20):
        kept = kept_by(page)
        if kept.memory <= most:
            break
        page.wait_for_timeout(500)
    return kept


def _alone(rollup: str) -> int:
    return 1024 * sum(int(kb) for kb in re.findall(r"^Private_\w+: +(\d+) kB", rollup, re.M))
