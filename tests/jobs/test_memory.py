"""The worker and all it starts stay under the memory that is given to them."""

from pathlib import Path

import pytest

from tests.bench.previews import derive
from tests.make import encoded, jpeg, picture


@pytest.mark.timeout(180)
def test_pictures_of_24_megapixels_are_made_in_600_megabytes(
    built_assets: Path, tmp_path: Path
) -> None:
    card = tmp_path / "card"
    card.mkdir()
    for number in range(6):
        (card / f"{number}.jpg").write_bytes(jpeg((6000, 4000), seed=number, progressive=True))
    # Decoded whole, in more than there is: it ends as that one picture's fault.
    (card / "large.webp").write_bytes(encoded(picture((6000, 4000)), "WEBP", quality=60))

    run = derive(tmp_path / "instance", card, workers=2, megabytes=600)

    assert run.made >= 5
    assert 0 < max(run.megabytes) < 600
