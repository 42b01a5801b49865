"""A real S3 server from a wheel, with ports and a folder of its own."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sysconfig
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import boto3
from botocore.client import BaseClient, Config

PROGRAM = Path(sysconfig.get_path("scripts")) / "weed"
SERVICES = ("master", "volume", "filer", "s3")
KEY, SECRET = "a-key", "a-secret"
IDENTITIES = {
    "identities": [
        {
            "name": "tests",
            "credentials": [{"accessKey": KEY, "secretKey": SECRET}],
            "actions": ["Admin", "Read", "List", "Tagging", "Write"],
        }
    ]
}


class SeaweedFS:
    """The server; its address is ``url``."""

    def __init__(self, folder: Path) -> None:
        assert PROGRAM.exists(), f"There is no S3 server to test with: {PROGRAM} is missing."
        self.log = folder / "weed.log"
        identities = folder / "s3.json"
        identities.write_text(json.dumps(IDENTITIES))
        names = [f"{service}.port{grpc}" for service in SERVICES for grpc in ("", ".grpc")]
        ports = dict(zip(names, free_ports(len(names)), strict=True))
        self.url = f"http://127.0.0.1:{ports['s3.port']}"
        options = {
            **{"ip": "127.0.0.1", "ip.bind": "127.0.0.1", "dir": folder, "filer": "true"},
            **{"s3": "true", "s3.config": identities, "s3.port.iceberg": 0, "s3.port.lance": 0},
            **{"master.telemetry": "false", "master.volumeSizeLimitMB": 64, "volume.max": 0},
            **ports,
        }
        settings = (f"-{name}={value}" for name, value in options.items())
        self.command = [str(PROGRAM), "server", *settings]
        self.start()

    def start(self) -> None:
        """Also after it was killed, with the files it had."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command, cwd=self.log.parent, stdout=log, stderr=log
            )
        self.wait_until_up()

    def wait_until_up(self) -> None:
        until = time.monotonic() + 60
        while time.monotonic() < until and self.process.poll() is None:
            with (
                contextlib.suppress(OSError),
                urllib.request.urlopen(f"{self.url}/healthz", timeout=1),
            ):
                return
            time.sleep(0.05)
        self.kill()
        raise AssertionError(f"The S3 server did not start: {self.log.read_text()[-2000:]}")

    def client(self, **options: object) -> BaseClient:
        """boto3's own, to look past the store, or to be less patient than it."""
        return boto3.session.Session(KEY, SECRET, region_name="us-east-1").client(
            "s3",
            endpoint_url=self.url,
            config=Config(signature_version="s3v4", s3={"addressing_style": "path"}, **options),
        )

    @contextlib.contextmanager
    def paused(self) -> Iterator[None]:
        """It takes connections, and says nothing on them."""
        self.process.send_signal(signal.SIGSTOP)
        os.waitid(os.P_PID, self.process.pid, os.WSTOPPED)  # else it may still answer
        try:
            yield
        finally:
            self.process.send_signal(signal.SIGCONT)

    def kill(self) -> None:
        # It takes its time over SIGTERM, and what it keeps is of no use afterwards.
        self.process.kill()
        self.process.wait()


def free_ports(count: int) -> list[int]:
    """So many different ones: all are held before the first is let go."""
    with contextlib.ExitStack() as held:
        probes = [held.enter_context(socket.socket()) for _ in range(count)]
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [probe.getsockname()[1] for probe in probes]
