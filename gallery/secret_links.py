"""Links whose address is a secret: how one is drawn, and how it is shown, once."""

import secrets
from typing import NamedTuple

import segno
from flask import current_app

BYTES = 24  # of a token: 192 bits


class Shown(NamedTuple):
    """An address as people or their devices pass it on: whole, and as a QR code."""

    address: str
    # How wide the code is, in modules, and the path of the dark ones in an SVG.
    width: int
    drawing: str


def new_token() -> str:
    """Return a token for an address; what is kept of it is its digest."""
    return secrets.token_urlsafe(BYTES)


def shown(path: str) -> Shown:
    """Return the link to a page of this site as it is passed on."""
    return drawn(current_app.config["PUBLIC_URL"] + path)


def address_of(endpoint: str, **values: str) -> str:
    """Return the address of a page, where no request is at hand and none would be believed."""
    path = current_app.url_map.bind("").build(endpoint, values)
    return str(current_app.config["PUBLIC_URL"] + path)


def drawn(address: str) -> Shown:
    rows = list(segno.make(address, error="m").matrix_iter(border=2))
    dark = [(x, y) for y, row in enumerate(rows) for x, is_dark in enumerate(row) if is_dark]
    return Shown(address, len(rows), "".join(f"M{x} {y}h1v1h-1z" for x, y in dark))
