"""Killed with -9 at any moment, the gallery has every upload that it acknowledged."""

from pathlib import Path

import pytest

from tests.bench.kills import Prepared, is_good, kill, prepared


@pytest.fixture(scope="session")
def gallery(built_assets: Path, tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    return prepared(tmp_path_factory.mktemp("prepared") / "instance")


# The whole family; the web process, the gallery's worker.
@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    "seed", [100, *(pytest.param(each, marks=pytest.mark.slow) for each in (101, 102))]
)
def test_what_was_acknowledged_is_there(gallery: Prepared, tmp_path: Path, seed: int) -> None:
    report = kill(gallery, tmp_path / "instance", seed, photos=20)

    assert is_good(report), report


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.parametrize("seed", range(20))
def test_what_was_acknowledged_is_there_in_twenty_kills(
    gallery: Prepared, tmp_path: Path, seed: int
) -> None:
    report = kill(gallery, tmp_path / "instance", seed, is_lease_waited_for=seed in (4, 15))

    assert is_good(report), report
