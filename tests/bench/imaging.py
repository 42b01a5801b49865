"""Goals 1, 4 and 5: what previews cost and how they look, beside libjpeg-turbo and naive Pillow.

Run it as ``make bench-previews``. The pictures are made here: gradients under noise.
"""

import io
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

from PIL import Image
from ssimulacra2 import compute_ssimulacra2

from gallery.imaging import Outcome, Rendering, render
from gallery.imaging.jail import jailed
from gallery.imaging.vips import Image as VipsImage
from tests.bench.photographs import VARIANTS, photograph, say

ROUNDS = 7
SIZES = {"12 MP": (4032, 3024), "16 MP": (4920, 3264), "24 MP": (6000, 4000)}


def main() -> None:
    """Print a line for each goal and picture."""
    for name, size in SIZES.items():
        data = photograph(*size)
        say(f"{name} baseline JPEG, {len(data) / 1e6:.1f} MB, {ROUNDS} interleaved pairs")
        compare("goal 1, no profile, to be at most 2.5", data)
        compare("goal 1, P3 profile, to be at most 3.0", in_p3(data))
        look(data)
        memory(data)


def compare(what: str, data: bytes) -> None:
    """Print the processor time and the wall time of a rendering beside a scaled decode alone."""
    acts = [partial(act, data) for act in (ours, scaled, naive)]
    rounds = [[cost_of(act) for act in acts] for _ in range(ROUNDS + 1)][1:]  # one to warm up
    for number, unit in enumerate(("CPU", "wall")):
        columns = [[costs[number] for costs in column] for column in zip(*rounds, strict=True)]
        mine, limit, peer = (1000 * statistics.median(column) for column in columns)
        ratios = sorted(a / b for a, b in zip(columns[0], columns[1], strict=True))
        say(
            f"  {what}, {unit}: {statistics.median(ratios):.2f} ({ratios[0]:.2f}–{ratios[-1]:.2f};"
            f" {mine:.0f} ms beside {limit:.0f}; naive Pillow {peer:.0f})"
        )


def look(data: bytes) -> None:
    """Print how far our preview falls behind a full decode, Lanczos and the same encoder."""
    whole = Image.open(io.BytesIO(data)).convert("RGB")
    size = 1280, round(1280 * whole.height / whole.width)
    best = whole.resize(size, Image.Resampling.LANCZOS)
    with tempfile.TemporaryDirectory() as folder:
        reference, peer, mine = (
            Path(folder) / name for name in ("best.png", "peer.jpg", "mine.jpg")
        )
        best.save(reference)
        best.save(peer, quality=80)
        mine.write_bytes(rendered(data).previews["w1280"].data)
        scores = [compute_ssimulacra2(str(reference), str(path)) for path in (peer, mine)]
    say(
        f"  goal 4, SSIMULACRA2 lost at 1280, to be at most 1.0: {scores[0] - scores[1]:.2f} "
        f"({scores[1]:.1f} beside {scores[0]:.1f})"
    )


def memory(data: bytes) -> None:
    """Print the child's peak memory beside that of a naive process with Pillow."""
    mine = statistics.median(peak_of("ours", data) for _ in range(5))
    naive = statistics.median(peak_of("naive", data) for _ in range(5))
    say(
        f"  goal 5, peak memory, to be at most 0.5 at 24 MP: {mine / naive:.2f} "
        f"({mine:.0f} MB beside {naive:.0f} MB)"
    )


def in_p3(data: bytes) -> bytes:
    """The same picture with a P3 profile: made in a child, for libvips' threads stay there."""

    def work() -> Iterable[bytes]:
        whole = VipsImage.jpegload_buffer(data).icc_transform("p3").jpegsave_buffer(Q=90)
        return (bytes(whole[n : n + 4_000_000]) for n in range(0, len(whole), 4_000_000))

    return b"".join(jailed(work).frames)


def ours(data: bytes) -> None:
    rendered(data)


def rendered(data: bytes) -> Rendering:
    with tempfile.TemporaryFile() as file:
        file.write(data)
        file.flush()
        rendering = render(file.fileno(), variants=VARIANTS)
    if rendering.outcome is not Outcome.OK:
        raise SystemExit(f"{rendering.outcome.value}: {rendering.reason}")
    return rendering


def scaled(data: bytes) -> None:
    """libjpeg-turbo alone, at the smallest scale that still has 1920 pixels."""
    image = Image.open(io.BytesIO(data))
    image.draft("RGB", (1920, 1))
    image.load()


def naive(data: bytes) -> None:
    """A full decode, and every size from it."""
    image = Image.open(io.BytesIO(data)).convert("RGB")
    for variant in VARIANTS.values():
        scale = (variant.width or 0) / image.width or (variant.height or 0) / image.height
        size = round(image.width * scale), round(image.height * scale)
        small = image.resize(size, Image.Resampling.LANCZOS)
        small.save(io.BytesIO(), variant.format, quality=variant.quality)


def cost_of(act: Callable[[], None]) -> tuple[float, float]:
    """Seconds of processor time, of this process and of its children, and of the clock."""
    before, begin = _cpu(), time.perf_counter()
    act()
    return _cpu() - before, time.perf_counter() - begin


def peak_of(which: str, data: bytes) -> float:
    """The peak in MB of a fresh process, or of the child of one."""
    with tempfile.TemporaryFile() as file:
        file.write(data)
        file.seek(0)
        command = [sys.executable, "-m", "tests.bench.imaging", which]
        return float(subprocess.check_output(command, stdin=file))


def peak(which: str) -> None:
    """Do the work on what stands in the standard input and print the peak in MB."""
    if which == "ours":
        render(0, variants=VARIANTS)
    else:
        naive(Path("/dev/stdin").read_bytes())
    who = resource.RUSAGE_CHILDREN if which == "ours" else resource.RUSAGE_SELF
    unit = 1e6 if sys.platform == "darwin" else 1e3  # kilobytes, but bytes on macOS
    say(f"{resource.getrusage(who).ru_maxrss / unit:.1f}")


def _cpu() -> float:
    usages = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


if __name__ == "__main__":
    peak(sys.argv[1]) if len(sys.argv) > 1 else main()
