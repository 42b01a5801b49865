"""Films by FFmpeg's encoders, as cameras write them."""

from fractions import Fraction
from io import BytesIO

import av
from PIL import Image

from tests.make import picture

RATE = 10  # pictures a second


def film(
    seconds: float = 1,
    size: tuple[int, int] = (320, 240),
    *,
    codec: str = "h264",
    container: str = "mp4",
    seed: int = 0,
    metadata: dict[str, str] | None = None,
) -> bytes:
    """A film of one picture with corners of four colours, on which a line moves."""
    buffer = BytesIO()
    # Apple's own tags are written only when asked for.
    options = {"movflags": "use_metadata_tags"} if container == "mov" else {}
    with av.open(buffer, "w", format=container, options=options) as output:
        output.metadata.update(metadata or {})
        stream = output.add_stream(codec, rate=RATE)
        stream.width, stream.height = size
        stream.pix_fmt = "yuv422p10le" if codec == "prores_ks" else "yuv420p"
        stream.time_base = Fraction(1, RATE)
        for number in range(max(1, round(seconds * RATE))):
            output.mux(stream.encode(_frame(picture(size, seed=seed + number))))
        output.mux(stream.encode())
    return buffer.getvalue()


def _frame(image: Image.Image) -> av.VideoFrame:
    return av.VideoFrame.from_image(image)
