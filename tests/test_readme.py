"""The README says what is so."""

import ast
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
ENGINE = ROOT / "gallery" / "uploads"
CELL = r"\[`([\w.]+)`\]\(([^)#]+)\)"
PROMISES = re.findall(rf"^\| (\d+) \| [^|]+ \| {CELL} \| {CELL} \|$", README, re.MULTILINE)
COMMANDS = README.partition("The command line,")[2]
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
    told = set(re.findall(r"^\| `([a-z]+)[^`]*` \|", COMMANDS, re.MULTILINE))
    asked = [sys.executable, "-m", "flask", "--app", "wsgi", "gallery", "--help"]
    help_text = subprocess.run(
        asked, cwd=ROOT, env=os.environ, capture_output=True, text=True, check=True
    ).stdout

    listed = set(re.findall(r"^  (\w+)  ", help_text.partition("Commands:")[2], re.MULTILINE))
    assert told == listed


def symbols(path: str) -> set[str]:
    """What a module defines: functions, classes, their methods, and values."""
    return set(_defined(ast.parse((ROOT / path).read_text()).body, ""))


def _defined(body: list[ast.stmt], prefix: str):
    for node in body:
        match node:
            case ast.FunctionDef(name=name):
                yield prefix + name
            case ast.ClassDef(name=name):
                yield prefix + name
                yield from _defined(node.body, f"{prefix}{name}.")
            case ast.Assign(targets=[ast.Name(id=name)]):
                yield prefix + name


def test_each_of_the_54_promises_has_one_row() -> None:
    assert [int(number) for number, *_ in PROMISES] == list(range(1, 55))
    assert len(re.findall(r"^\| \d+ \|", README, re.MULTILINE)) == 54


@pytest.mark.parametrize(("number", "symbol", "code", "test", "tests"), PROMISES)
def test_promise_leads_to_its_code_and_to_its_test(
    number: str, symbol: str, code: str, test: str, tests: str
) -> None:
    assert code.startswith("gallery/uploads/") and symbol in symbols(code)
    assert test in symbols(tests) and test.startswith(f"test_{int(number):02}_")


@pytest.mark.parametrize("name", sorted(set(re.findall(r"\b(?:UPLOADS|UPLOADED)_\w+", README))))
def test_setting_of_the_engine_exists(name: str) -> None:
    source = "".join(path.read_text() for path in ENGINE.glob("*.py"))
    key = re.sub(r"^UPLOADED_(X|PHOTOS)_", "", name)

    assert re.search(rf'["_]{key}"', source)


@pytest.mark.parametrize("name", ["flask", "werkzeug", "multipart"])
def test_the_engine_needs_what_it_is_said_to(name: str) -> None:
    assert f"`{name}`" in README.partition("It needs ")[2].partition("\n")[0]
    assert name in needed(ENGINE)


def test_the_engine_needs_nothing_else() -> None:
    of_flask = {"itsdangerous", "flask", "werkzeug"}

    assert needed(ENGINE) - of_flask - {"boto3", "botocore"} == {"multipart"}


def needed(folder: Path) -> set[str]:
    """The packages a folder imports, but for Python's own and those that only types need."""
    found = re.compile(r"^(?:from|import) (\w+)", re.MULTILINE)
    names = {name for path in folder.glob("*.py") for name in found.findall(path.read_text())}
    return names - set(sys.stdlib_module_names)
