"""What the upload form asks for."""

from ..upload_sets import PICTURES, RECORDINGS


def accepted_types() -> str:
    """Return the value of a file input's `accept`: the extensions that the sets take."""
    names = sorted({*PICTURES, *RECORDINGS} - {"svg"})
    return ",".join(["image/*", "video/*", "audio/*", *(f".{name}" for name in names)])
