"""The web process never decodes, so it never loads a decoder."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
DECODERS = ("pyvips", "PIL", "exifread", "av", "pillow_heif", "gallery.imaging", "gallery.demo")


def test_the_web_process_loads_no_decoder(instance: Path) -> None:
    program = f"import sys, wsgi; print([m for m in {DECODERS!r} if m in sys.modules])"

    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )

    assert done.stdout.strip() == "[]"
