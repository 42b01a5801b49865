"""How a picture's numbers stand for light, by the code points of ITU-T H.273."""

from __future__ import annotations

from typing import NamedTuple

PQ, HLG = 16, 18  # transfer characteristics that go beyond white
BT2020, P3 = 9, 12  # primaries wider than sRGB's


class Light(NamedTuple):
    """What a video or a picture says of its numbers.

    :param transfer: the transfer characteristics.
    :param primaries: the colour primaries.
    """

    transfer: int
    primaries: int

    @property
    def is_high(self) -> bool:
        """Whether it goes beyond white."""
        return self.transfer in (PQ, HLG)

    @property
    def is_plain(self) -> bool:
        """Whether it is near enough to sRGB to be taken for it."""
        return not self.is_high and self.primaries not in (BT2020, P3)
