"""The web process never decodes, so it never loads a decoder, nor what it may never speak with."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
DECODERS = ("pyvips", "PIL", "exifread", "av", "pillow_heif", "gallery.imaging", "gallery.demo")
CLIENTS = ("authlib", "requests")  # of a provider, which few have


def test_the_web_process_loads_neither_decoders_nor_clients(instance: Path) -> None:
    program = f"import sys, wsgi; print([m for m in {DECODERS + CLIENTS!r} if m in sys.modules])"

    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )

    assert done.stdout.strip() == "[]"
