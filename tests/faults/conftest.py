"""Programs to hurt: each test says with which settings, and they end with it."""

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.bench.kills import running
from tests.programs import Program

Start = Callable[..., Program]


@pytest.fixture
def start(built_assets: Path, tmp_path: Path) -> Iterator[Start]:
    """A function that starts the gallery with these settings, and in this folder."""
    with contextlib.ExitStack() as stack:

        def start(instance: Path | None = None, **settings: object) -> Program:
            named = {f"GALLERY_{name}": str(value) for name, value in settings.items()}
            return stack.enter_context(running(instance or tmp_path / "instance", **named))

        yield start
