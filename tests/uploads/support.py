"""What the engine's tests set up again and again."""

import io
import threading
from collections.abc import Callable
from pathlib import Path

from flask import Flask, Request, request
from werkzeug.datastructures import FileStorage

from gallery.uploads import IMAGES, UploadConfiguration, UploadSet, configure_uploads

JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00 and some more"
BOUNDARY = "a-boundary"
MULTIPART = f"multipart/form-data; boundary={BOUNDARY}"


def upload(filename: str | None = "cat.jpg", body: bytes = JPEG) -> FileStorage:
    return FileStorage(io.BytesIO(body), filename)


def make_set(folder: Path, extensions=IMAGES, **options) -> UploadSet:
    """A set that needs no application."""
    uset = UploadSet("photos", extensions, **options)
    uset._config = UploadConfiguration(folder)
    return uset


def make_app(*sets: UploadSet, request_class: type[Request] = Request, **settings) -> Flask:
    app = Flask(__name__)
    app.request_class = request_class
    app.config.update(settings)
    configure_uploads(app, sets)
    return app


def make_upload_app(folder: Path, uset: UploadSet, **options) -> Flask:
    """An application that saves what is posted to "/" and answers with the names."""
    app = make_app(uset, UPLOADED_PHOTOS_DEST=folder, **options)
    app.seen = []

    @app.post("/")
    def create():
        app.seen.append(len(request.files))
        return [uset.save(file) for file in request.files.getlist("photo")]

    return app


def form(*files: tuple[str, bytes]) -> bytes:
    """A multipart body with files of the field "photo"."""
    head = '--{}\r\nContent-Disposition: form-data; name="photo"; filename="{}"\r\n\r\n'
    parts = [head.format(BOUNDARY, name).encode() + body + b"\r\n" for name, body in files]
    return b"".join(parts) + f"--{BOUNDARY}--\r\n".encode()


def listing(folder: Path) -> list[str]:
    """Every file below a folder, hidden ones too."""
    return sorted(
        path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir()
    )


def at_once(times: int, act: Callable[[int], object]) -> list:
    """The results of an act that so many threads do at the same moment."""
    results, start = [], threading.Barrier(times)

    def run(number: int) -> None:
        start.wait()
        results.append(act(number))

    threads = [threading.Thread(target=run, args=(number,)) for number in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results
