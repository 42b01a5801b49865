"""An OpenID provider that others made, as a program, and the people who sign in there."""

import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import requests

from gallery.assets import FRONTEND
from tests.programs import ROOT

SECRET = "a secret between the two"
NAME = "Lighthouse"


class Provider:
    """A provider that knows galleries by the addresses it leads back to."""

    def __init__(self, *ways_back: str) -> None:
        node, script = Path(sys.executable).with_name("node"), ROOT / "tests" / "provider.mjs"
        words = [node, script, FRONTEND / "node_modules", SECRET, *ways_back]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        self.process = subprocess.Popen(words, **pipes, stderr=subprocess.DEVNULL, text=True)
        self.issuer = self.process.stdout.readline().strip()

    def settings(self) -> dict[str, str]:
        return {
            "OIDC_ISSUER": self.issuer,
            "OIDC_CLIENT_ID": "gallery",
            "OIDC_CLIENT_SECRET": SECRET,
            "OIDC_NAME": NAME,
        }

    def end(self) -> None:
        self.process.communicate(timeout=30)  # it ends with its input


class Visit:
    """A browser at the provider."""

    def __init__(self) -> None:
        self.browser = requests.Session()

    def open(self, url: str) -> str:
        """Follow an address as far as the provider leads; return where it wants to lead then."""
        host = urlsplit(url).netloc
        while urlsplit(url).netloc == host:
            answer = self.browser.get(url, allow_redirects=False)
            if not answer.is_redirect:
                return answer.url
            url = self.browser.get_redirect_target(answer)
            url = requests.compat.urljoin(answer.url, url)
        return url

    def sign_in(self, url: str, name: str = "ada", **said: str) -> str:
        """Open an address, say who one is if asked, and return the way back to the gallery."""
        asked = self.open(url)
        if not re.search(r"/people/", asked):
            return asked
        answer = self.browser.post(asked, data={"name": name, **said}, allow_redirects=False)
        return self.open(requests.compat.urljoin(asked, answer.headers["Location"]))
