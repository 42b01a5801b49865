"""`python -m gallery.demo FOLDER COUNT`: write pictures, and print each path once it is there."""

import sys
from pathlib import Path

from . import photographs


def main(folder: Path, count: int) -> None:
    for photograph in photographs(count):
        path = folder / photograph.filename
        path.write_bytes(photograph.data)
        print(path, flush=True)  # noqa: T201


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
