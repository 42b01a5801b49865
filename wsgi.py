"""The WSGI application for any server; run as a program, it sets up and serves."""

import sys

from gallery.factory import create_app
from gallery.serve import main

if __name__ == "__main__":
    sys.exit(main())

app = create_app()
