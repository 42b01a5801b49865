"""The README says what is so."""

import os
import re
import subprocess
import sys
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask

from gallery import config
from tests.make import jpeg

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text()
LINKS = re.findall(r"\[([^\]]*)\]\(([^)#]+)(?:#L(\d+))?\)", README)


@pytest.mark.parametrize(("text", "target", "line"), LINKS)
def test_link_leads_to_what_it_names(text: str, target: str, line: str) -> None:
    path = ROOT / target

    assert path.is_file()
    if line:
        named = text.strip("`").partition("(")[0].partition("…")[0].strip()
        assert named in path.read_text().splitlines()[int(line) - 1]


def test_the_fifteen_line_app_runs_as_it_stands(tmp_path: Path, monkeypatch) -> None:
    program = re.search(r"```python\n(.*?)```", README, re.DOTALL)[1]
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {"__name__": "readme"}

    exec(program, names)
    app = names["app"]
    assert isinstance(app, Flask)
    client = app.test_client()
    saved = [client.post("/", data={"photo": (BytesIO(jpeg()), "cat.jpg")}).text for _ in "ab"]

    assert len([line for line in program.splitlines() if line.strip()]) <= 16
    assert saved == ["ada/cat.jpg", "ada/cat_1.jpg"]
    assert client.get("/ada/cat.jpg").data == jpeg()
    assert client.post("/", data={"photo": (BytesIO(b"<html>"), "cat.jpg")}).status_code == 415


@pytest.mark.parametrize("name", re.findall(r"`GALLERY_(\w+)`", README))
def test_setting_exists(name: str) -> None:
    assert hasattr(config, name) or name == "INSTANCE_PATH"


def test_commands_are_those_of_the_program(instance: Path) -> None:
    told = set(re.findall(r"^\| `([a-z]+)[^`]*` \|", README, re.MULTILINE))
    asked = [sys.executable, "-m", "flask", "--app", "wsgi", "gallery", "--help"]
    help_text = subprocess.run(
        asked, cwd=ROOT, env=os.environ, capture_output=True, text=True, check=True
    ).stdout

    listed = set(re.findall(r"^  (\w+)  ", help_text.partition("Commands:")[2], re.MULTILINE))
    assert told == listed
