"""Who takes the uploads of the benchmark: ours, Flask-Reuploaded, stock Flask and a raw copy."""

import os
import socket
import sys
from collections.abc import Callable
from pathlib import Path

import flask_uploads as upstream
from flask import Flask, request
from werkzeug.datastructures import FileStorage

from gallery import uploads as ours
from gallery.uploads.resumable import Resumable
from gallery.uploads.spool import Digest

PIECE = 1024 * 1024

Save = Callable[[FileStorage], str]


def upstream_save(folder: str) -> Save:
    """The saving of Flask-Reuploaded."""
    uset = upstream.UploadSet("files", upstream.ALL)
    uset._config = upstream.UploadConfiguration(folder)
    return uset.save


def our_save(folder: str) -> Save:
    """The saving of ours."""
    uset = ours.UploadSet("files", ours.ALL)
    uset._config = ours.UploadConfiguration(folder)
    return uset.save


def stock_save(folder: str) -> Save:
    """What one writes without any upload sets."""

    def save(file: FileStorage) -> str:
        file.save(Path(folder) / file.filename)
        return file.filename

    return save


SAVES = {"upstream": upstream_save, "ours": our_save, "stock": stock_save}


def make_app(saved_by: str, with_digest: bool = True) -> Flask:
    """What the servers run: it saves a form's files, and with ours a raw body and tus, too."""
    app = Flask(__name__)
    folder = os.environ["BENCH_FILES"]
    save = SAVES[saved_by](folder)

    @app.get("/page")
    def show() -> str:
        return "It is up."

    @app.post("/form")
    def create() -> list[str]:
        return [save(file) for file in request.files.getlist("file")]

    if saved_by == "ours":
        add_ours(app, folder, save)
    if not with_digest:
        Digest.update = count_only
    return app


def add_ours(app: Flask, folder: str, save: Save) -> None:
    """Files go into spools, and there are doors for a raw body and for tus."""
    app.request_class = ours.UploadRequest
    app.config["UPLOADED_FILES_DEST"] = folder
    uset = ours.UploadSet("files", ours.ALL)
    ours.configure_uploads(app, uset)
    app.secret_key = "of the benchmark"
    app.register_blueprint(Resumable(uset, owner=lambda: "ada"), url_prefix="/tus")

    @app.put("/raw")
    def put() -> str:
        return save(request.raw_file("raw.bin"))


def count_only(digest: Digest, view: bytes) -> None:
    """The engine always learns the digest; this takes its place where the bench leaves it out."""
    digest.size += memoryview(view).nbytes


def copy_bodies(port: int, folder: str) -> None:
    """Take one body after the other from its socket to a file, and do nothing else: the limit."""
    piece = memoryview(bytearray(PIECE))
    with socket.create_server(("127.0.0.1", port)) as server:
        while True:
            client, _ = server.accept()
            with client, (Path(folder) / "copy.bin").open("wb", buffering=0) as file:
                head, _, body = client.recv(PIECE).partition(b"\r\n\r\n")
                left = length_of(head) - file.write(body)
                while left > 0 and (size := client.recv_into(piece)):
                    left -= file.write(piece[:size])
                client.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")


def length_of(head: bytes) -> int:
    """The Content-Length in a request's head; 0 without one."""
    _, _, length = head.lower().partition(b"\r\ncontent-length:")
    return int(length.split(b"\r\n")[0] or 0)


if __name__ == "__main__":
    copy_bodies(int(sys.argv[1]), sys.argv[2])
