"""The shapes of photos in a grid: aspect ratios in 53 steps, and a letter for each."""

import string

LETTERS = (string.digits + string.ascii_uppercase + string.ascii_lowercase)[:53]
NARROWEST, WIDEST, STEP = 40, 300, 5  # hundredths
RATIOS = {letter: NARROWEST + STEP * step for step, letter in enumerate(LETTERS)}
USUAL = 150  # of a photo whose size is not known yet


def shown_ratio(width: int | None, height: int | None) -> int:
    """Return the aspect ratio times 100, as a grid shows it."""
    if not width or not height:
        return USUAL
    return max(NARROWEST, min(WIDEST, round(100 / STEP * width / height) * STEP))


def letter(ratio: int) -> str:
    """Return the letter of a ratio that `shown_ratio` gave."""
    return LETTERS[(ratio - NARROWEST) // STEP]


def ratio_of(letter: str) -> int:
    """Return the ratio times 100 that a letter stands for."""
    return RATIOS[letter]


UNKNOWN = letter(USUAL)
