"""Pictures as large as a camera's, and what is asked of them: for every benchmark of previews."""

import io
import sys

from PIL import Image, ImageFilter

from gallery.imaging import Variant

VARIANTS = {
    "w1920": Variant(width=1920, format="jpeg", quality=80),
    "w1280": Variant(width=1280, format="jpeg", quality=80),
    "h480": Variant(height=480, format="webp", quality=80),
    "h240": Variant(height=240, format="webp", quality=80),
}


def photograph(width: int, height: int) -> bytes:
    """A baseline JPEG with the entropy of a photo (4 MB at 12 MP): soft shapes and grain."""
    channels = []
    for seed in range(3):
        shapes = Image.effect_noise((width // 60, height // 60), 90 + seed).resize((width, height))
        grain = Image.effect_noise((width, height), 60).filter(ImageFilter.BoxBlur(0.4))
        light = Image.linear_gradient("L").rotate(90 * seed).resize((width, height))
        channels.append(Image.blend(Image.blend(shapes, light, 0.5), grain, 0.4))
    file = io.BytesIO()
    Image.merge("RGB", channels).save(file, "JPEG", quality=92)
    return file.getvalue()


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
