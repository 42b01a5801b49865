"""Small pictures by real encoders, and one way to render bytes."""

import io
import random
import tempfile
from collections.abc import Callable, Collection, Mapping

import pillow_heif
import pyvips
from PIL import Image

from gallery.imaging import Rendering, Variant, render
from gallery.imaging.jail import jailed

SIZES = {
    "w1920": Variant(width=1920, format="jpeg", quality=80),
    "w1280": Variant(width=1280, format="jpeg", quality=80),
    "h480": Variant(height=480, format="webp", quality=80),
    "h240": Variant(height=240, format="webp", quality=80),
}
SMALL = {"small": Variant(height=40, format="webp", quality=90)}

RED, GREEN, BLUE, YELLOW = (220, 30, 30), (30, 170, 40), (30, 40, 200), (230, 220, 30)


def rendered(
    data: bytes,
    variants: Mapping[str, Variant] = SMALL,
    turns: int = 0,
    *,
    off: Collection[str] = (),
    memory: int = 1 << 30,
) -> Rendering:
    """Rendered with half of the memory that is allowed."""
    with tempfile.TemporaryFile() as file:
        file.write(data)
        file.flush()
        return render(file.fileno(), variants=variants, turns=turns, off=off, memory=memory)


def opened(rendering: Rendering, name: str = "small") -> Image.Image:
    image = Image.open(io.BytesIO(rendering.previews[name].data))
    image.load()
    return image


def encoded(image: Image.Image, format: str = "JPEG", **options: object) -> bytes:
    file = io.BytesIO()
    image.save(file, format, **options)
    return file.getvalue()


def heic(image: Image.Image, **options: object) -> bytes:
    """A HEIC by libheif, made in a child: its encoder has threads."""

    def make() -> list[bytes]:
        file = io.BytesIO()
        pixels = image.convert("RGB") if image.mode == "P" else image
        profile = image.info.get("icc_profile")
        known = {"icc_profile": profile} if profile else {}
        pillow_heif.encode(pixels.mode, image.size, pixels.tobytes(), file, **known, **options)
        return [file.getvalue()]

    answer = jailed(make, seconds=60, cpu=50)
    assert not answer.killed, answer.killed
    return answer.frames[0]


def by_vips(make: Callable[[], "pyvips.Image"], save: str, **options: object) -> bytes:
    """A picture by libvips, made in a child: one operation in this process would stay with it."""
    answer = jailed(lambda: [bytes(getattr(make(), save)(**options))])
    assert not answer.killed, answer.killed
    return answer.frames[0]


def quarters(width: int = 96, height: int = 64) -> Image.Image:
    """Red and green above, blue and yellow below."""
    image = Image.new("RGB", (width, height), RED)
    image.paste(GREEN, (width // 2, 0, width, height // 2))
    image.paste(BLUE, (0, height // 2, width // 2, height))
    image.paste(YELLOW, (width // 2, height // 2, width, height))
    return image


def corners(image: Image.Image) -> str:
    """The colours of the corners by their initials: upper left, upper right, lower left, …"""
    image = image.convert("RGB")
    right, below = image.width - 4, image.height - 4
    return "".join(
        _name(image.getpixel(at)) for at in [(3, 3), (right, 3), (3, below), (right, below)]
    )


def noise(width: int, height: int) -> Image.Image:
    pixels = random.Random(width * height).randbytes(width * height * 3)
    return Image.frombytes("RGB", (width, height), pixels)


def near(a: tuple[int, ...], b: tuple[int, ...], by: int = 8) -> bool:
    return all(abs(x - y) <= by for x, y in zip(a, b, strict=True))


def _name(pixel: tuple[int, ...]) -> str:
    return next(
        (n for n, c in zip("RGBY", (RED, GREEN, BLUE, YELLOW), strict=True) if near(pixel, c, 40)),
        "?",
    )
