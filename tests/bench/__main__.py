"""Every benchmark in turn: `make bench`. Apart, for they take long: `kills` and `previews`."""

import os

from tests.bench import imaging, servers, web
from tests.bench.servers import say


def main() -> None:
    """Say how busy the machine is, too: a figure from a busy one is no promise."""
    for bench in (imaging, servers, web):
        say(f"\n{bench.__name__}: load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
        bench.main()


if __name__ == "__main__":
    main()
