"""The build of the scripts and styles: when it runs, and what its lock names."""

import gzip
import json
import re
import shutil
from pathlib import Path

import pytest
from flask import Flask

from gallery import assets

NAMES = (
    "app.css",
    "app.js",
    "dusk.webp",
    "favicon.svg",
    "figtree-latin-wght-normal.woff2",
    "gate.js",
    "hash-worker.js",
    "icon-192.png",
    "icon-512.png",
    "icons.svg",
    "photo.css",
    "viewer.css",
)


@pytest.fixture
def copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The sources on their own, with a build that only says that it ran."""
    frontend = tmp_path / "frontend"
    shutil.copytree(assets.FRONTEND, frontend, ignore=shutil.ignore_patterns("node_modules"))
    monkeypatch.setattr(assets, "FRONTEND", frontend)
    monkeypatch.setattr(assets, "DIST", tmp_path / "dist")
    return frontend


@pytest.fixture
def ran(copy: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    programs: list[str] = []

    def run(program: str, *arguments: str) -> None:
        programs.append(program)
        if program == "npm":  # npm ci begins with an empty folder
            shutil.rmtree(copy / "node_modules", ignore_errors=True)
            (copy / "node_modules").mkdir()

    monkeypatch.setattr(assets, "_run", run)
    return programs


def test_first_build_installs_and_bundles(ran: list[str]) -> None:
    assert assets.is_stale()

    assets.build()

    assert ran == ["npm", "node"]
    assert not assets.is_stale()


def test_nothing_runs_when_nothing_changed(ran: list[str]) -> None:
    assets.build()
    ran.clear()

    assets.build()

    assert ran == []


@pytest.mark.parametrize("source", ["app.js", "icons.mjs", "styles/tokens.css", "build.mjs"])
def test_changed_source_is_bundled_without_npm(source: str, copy: Path, ran: list[str]) -> None:
    assets.build()
    ran.clear()
    with (copy / source).open("a") as file:
        file.write("\n")

    assert assets.is_stale()
    assets.build()

    assert ran == ["node"]


def test_removed_source_is_noticed(copy: Path, ran: list[str]) -> None:
    assets.build()

    (copy / "each.js").unlink()

    assert assets.is_stale()


def test_changed_lock_is_installed_again(copy: Path, ran: list[str]) -> None:
    assets.build()
    ran.clear()
    with (copy / "package-lock.json").open("a") as file:
        file.write("\n")

    assets.build()

    assert ran == ["npm", "node"]


def test_force_bundles_what_is_fresh(ran: list[str]) -> None:
    assets.build()
    ran.clear()

    assets.build(force=True)

    assert ran == ["node"]


def test_packages_of_the_tests_serve_the_gallery_too(copy: Path, ran: list[str]) -> None:
    assets.build()
    ran.clear()

    assert assets.install_for_tests() == copy / "node_modules"
    assert ran == ["npm"]
    assets.build(force=True)

    assert ran == ["npm", "node"]


def test_failure_is_one_sentence_with_the_reason(copy: Path) -> None:
    (copy / "package-lock.json").write_text("{}")

    with pytest.raises(
        assets.AssetsError, match=r"“npm ci --omit=dev” failed in .+: npm error .*npm ci"
    ):
        assets.build()

    assert assets.is_stale()


def test_missing_node_says_how_to_get_it(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assets.shutil, "which", lambda *_, **__: None)

    with pytest.raises(assets.AssetsError, match=r"requirements\.txt"):
        assets.build()


def test_lock_names_no_registry() -> None:
    lock = json.loads((assets.FRONTEND / "package-lock.json").read_text())
    packages = {name: entry for name, entry in lock["packages"].items() if name}

    assert packages
    assert all("resolved" not in entry for entry in packages.values())
    assert all(entry["integrity"].startswith("sha512-") for entry in packages.values())


def test_every_built_file_is_served_under_its_name(built_assets: Path) -> None:
    app = Flask("gallery", root_path=str(assets.FRONTEND.parent))
    assets.init_app(app)

    with app.test_request_context():
        asset = app.jinja_env.globals["asset"]
        answers = {name: app.test_client().get(asset(name)) for name in NAMES}

    assert {name: answer.status_code for name, answer in answers.items()} == dict.fromkeys(
        NAMES, 200
    )


def test_what_is_loaded_stays_small(built_assets: Path) -> None:
    names = json.loads((assets.DIST / "manifest.json").read_text())
    sizes = {name: len(gzip.compress((assets.DIST / names[name]).read_bytes())) for name in NAMES}

    assert sizes["app.css"] <= 12_000
    assert sizes["app.js"] <= 5_000
    assert sizes["gate.js"] <= 1_000


def test_the_viewer_stays_small(built_assets: Path) -> None:
    (script,) = assets.DIST.glob("viewer-*.js")
    (styles,) = assets.DIST.glob("viewer-*.css")

    assert len(gzip.compress(script.read_bytes())) <= 24_000
    assert len(gzip.compress(styles.read_bytes())) <= 4_500


def loaded(name: str, found: set[Path] | None = None) -> set[Path]:
    """Return a script and all that comes along with it."""
    found = set() if found is None else found
    newest = max(assets.DIST.glob(name), key=lambda path: path.stat().st_mtime)
    if newest not in found:
        found.add(newest)
        for other in re.findall(r'(?:from|import)"\./([\w-]+\.js)"', newest.read_text()):
            loaded(other, found)
    return found


def test_uploading_loads_no_more_than_sixty_kilobytes_of_scripts(built_assets: Path) -> None:
    scripts = loaded("app-*.js") | loaded("uploads-*.js")

    sizes = {path.name: len(gzip.compress(path.read_bytes())) for path in scripts}

    assert len(sizes) > 2
    assert sum(sizes.values()) <= 60_000
