"""Resumable uploads by the tus protocol 1.0 (https://tus.io), as a blueprint to opt in to.

Core, and the extensions creation, creation-with-upload, expiration, termination and checksum.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import time
from collections.abc import Callable, Iterator, Mapping
from email.utils import formatdate
from urllib.parse import quote

from flask import Blueprint, Response, abort, request, url_for
from itsdangerous import BadData
from werkzeug.datastructures import FileStorage

from .bodies import Body, cut_body_refused
from .exceptions import N_, UploadError
from .incoming import DAY, Arrival, Incoming, Outcome, Upload, UploadMissing
from .sets import UploadSet
from .signing import serializer

VERSION = "1.0.0"
EXTENSIONS = "creation,creation-with-upload,expiration,termination,checksum"
CHECKSUMS = {"sha256": hashlib.sha256, "sha1": hashlib.sha1}  # the protocol asks for sha1
BYTES = "application/offset+octet-stream"
METADATA = "Upload-Metadata"
TEXT = "text/plain; charset=utf-8"
DIGITS = 18  # of a length: an exabyte
SWEEP = 60  # seconds between two sweeps: thousands of files in a row cost one of them

Owner = Callable[[], str]
Begin = Callable[[Upload], None]
Finish = Callable[[FileStorage, Upload], Mapping[str, str]]


class WrongOffset(UploadError):
    """The bytes would not go on where the last ones ended."""

    code = 409
    sentence = N_("These bytes do not begin where the last ones ended.")


class ChecksumMismatch(UploadError):
    """The bytes differ from their checksum."""

    code = 460  # the protocol's own
    sentence = N_("The bytes were changed on their way. Please send them again.")


class Resumable(Blueprint):
    """A blueprint that takes files in any number of goes; register it with a URL prefix.

    It signs with the application's SECRET_KEY. Whether a request comes from a page of one's own
    is the application's to see to, as for all requests that change something. ::

        files = Resumable(photos, owner=lambda: current_user.get_id())
        app.register_blueprint(files, url_prefix="/files")

    :param uset: the set they are for; its ``save`` takes what is whole.
    :param owner: says who asks, for nobody else may go on; it may ``abort``.
    :param begin: looks at what is announced, instead of ``uset.must_take``, and refuses it by
        raising an :class:`UploadError`.
    :param finish: takes the whole file, instead of ``uset.save``, and returns headers to answer
        with. An :class:`UploadError` with a code below 500 refuses it for good. After any other
        error, or a killed process, it is called again.
    :param lifetime: seconds for which an upload is kept when nothing comes.
    :param most: how many an owner may have begun and not finished.
    :param name: of the blueprint, where an application has several.
    """

    def __init__(
        self,
        uset: UploadSet,
        *,
        owner: Owner,
        begin: Begin | None = None,
        finish: Finish | None = None,
        lifetime: float = DAY,
        most: int = 100,
        name: str = "resumable",
    ) -> None:
        super().__init__(name, __name__)
        self.uset = uset
        self.owner = owner
        self.begin = begin or self._look
        self.finish = finish or self._save
        self.lifetime = lifetime
        self.most = most
        self._swept = -float(SWEEP)  # the first one is due
        self.before_request(refuse_other_versions)
        self.after_request(say_version)
        self.register_error_handler(UploadError, refusal)
        self._add_views()

    def describe(self, token: str = "") -> Response:
        """What this server can do.

        :param token: names the upload.
        """
        headers = {
            "Tus-Version": VERSION,
            "Tus-Extension": EXTENSIONS,
            "Tus-Checksum-Algorithm": ",".join(CHECKSUMS),
        }
        if self.uset.max_size is not None:
            headers["Tus-Max-Size"] = str(self.uset.max_size)
        return Response(status=204, headers=headers)

    def create(self) -> Response:
        """Begin an upload, with its first bytes if they came along."""
        length, owner = number("Upload-Length"), self.owner()
        upload = Upload(self.uset.name, owner, length, metadata(), self.lifetime)
        self.begin(upload)
        self._sweep_now_and_then()
        upload = Incoming().create(upload, self.most)
        if length == 0 or request.mimetype == BYTES:
            upload = self._take(upload.id, 0)
        response = answer(upload, 201)
        token = serializer("resumable").dumps([upload.set, owner, upload.id])
        response.headers["Location"] = url_for(".show", token=token)
        return response

    def show(self, token: str) -> Response:
        """How much is here.

        :param token: names the upload.
        """
        upload = self._found(token)
        response = answer(upload, 200)
        response.headers["Upload-Length"] = str(upload.length)
        if upload.metadata:
            response.headers[METADATA] = written(upload.metadata)
        return response

    def update(self, token: str) -> Response:
        """Take the bytes that follow; what came before a broken connection is kept.

        :param token: names the upload.
        """
        upload = self._found(token)
        if request.mimetype != BYTES:
            abort(415, f"The body has to be {BYTES}.")
        offset = number("Upload-Offset")
        return answer(upload if upload.outcome else self._take(upload.id, offset), 204)

    def destroy(self, token: str) -> Response:
        """Forget the upload, also what is still coming of it; a file that was saved stays.

        :param token: names the upload.
        """
        Incoming().delete(self._found(token).id)
        return Response(status=204)

    def override(self, token: str) -> Response:
        """Do what a client asks for that has no other methods than GET and POST.

        :param token: names the upload.
        """
        views = {"HEAD": self.show, "PATCH": self.update, "DELETE": self.destroy}
        view = views.get(request.headers.get("X-HTTP-Method-Override", "").upper())
        return view(token) if view else abort(405)

    def _add_views(self) -> None:
        for path, method, view in (
            ("", "OPTIONS", self.describe),
            ("", "POST", self.create),
            ("/<token>", "OPTIONS", self.describe),
            ("/<token>", "HEAD", self.show),
            ("/<token>", "PATCH", self.update),
            ("/<token>", "DELETE", self.destroy),
            ("/<token>", "POST", self.override),
        ):
            self.add_url_rule(
                path, view_func=view, methods=[method], provide_automatic_options=False
            )

    def _look(self, upload: Upload) -> None:
        self.uset.must_take(upload.filename, upload.length)

    def _save(self, file: FileStorage, upload: Upload) -> Mapping[str, str]:
        return {"Upload-Saved-As": quote(self.uset.save(file))}

    def _found(self, token: str) -> Upload:
        try:
            name, owner, id = serializer("resumable").loads(token)
        except BadData as error:
            raise UploadMissing from error
        if (name, owner) != (self.uset.name, self.owner()):
            raise UploadMissing
        return Incoming().find(id)

    def _take(self, id: str, offset: int) -> Upload:
        incoming = Incoming()
        with incoming.locked(id) as arrival:
            if offset != arrival.upload.offset:
                raise WrongOffset
            receive(arrival, offset)
            if arrival.is_forgotten:
                raise UploadMissing
            if arrival.is_whole:
                self._finish(arrival)
        return incoming.find(id)

    def _finish(self, arrival: Arrival) -> None:
        upload, spool = arrival.upload, arrival.spool
        spool.seek(0)
        file = FileStorage(spool, upload.filename, content_type=upload.metadata.get("filetype"))  # type: ignore[arg-type]
        try:
            if upload.metadata.get("sha256", spool.sha256).lower() != spool.sha256:
                raise ChecksumMismatch
            outcome = Outcome(dict(self.finish(file, upload)))
        except UploadError as error:
            if error.code >= 500:  # it may go better the next time
                raise
            outcome = Outcome(code=error.code, sentence=error.description)
        arrival.finish(outcome)

    def _sweep_now_and_then(self) -> None:
        now = time.monotonic()
        if now - self._swept >= SWEEP:
            self._swept = now
            Incoming().sweep()


class Checksum:
    """The checksum that a request announces, and the one that its bytes have.

    :param header: ``sha256 …`` or ``sha1 …``, in base64.
    :raises werkzeug.exceptions.BadRequest: if it is none of these.
    """

    def __init__(self, header: str) -> None:
        algorithm, _, announced = header.partition(" ")
        if algorithm not in CHECKSUMS:
            abort(400, f"A checksum is one of {', '.join(CHECKSUMS)}.")
        self._digest = CHECKSUMS[algorithm]()
        self._announced = announced

    def of(self, pieces: Iterator[memoryview]) -> Iterator[memoryview]:
        """The pieces, which are counted in on their way.

        :param pieces: the bytes.
        """
        for piece in pieces:
            self._digest.update(piece)
            yield piece

    def must_match(self) -> None:
        """Hold the one against the other.

        :raises ChecksumMismatch: if they differ.
        """
        if base64.b64encode(self._digest.digest()).decode() != self._announced:
            raise ChecksumMismatch


def receive(arrival: Arrival, offset: int) -> None:
    """Add the request's bytes to an upload; those with a checksum only if they have it.

    :param arrival: the upload.
    :param offset: where the first of the bytes belongs.
    :raises ChecksumMismatch: if they have not.
    :raises werkzeug.exceptions.BadRequest: if the body ended early.
    :raises UploadTooLarge: if more came than was announced.
    :raises StorageFull: if there is no room for them.
    """
    digest, header = (request.headers.get(each) for each in ("Content-Digest", "Upload-Checksum"))
    body = Body(request.stream, request.content_length, digest)
    checksum = Checksum(header) if header else None
    pieces = body.pieces()
    with cut_body_refused(), arrival.on_trial() if digest or checksum else contextlib.nullcontext():
        arrival.append(offset, checksum.of(pieces) if checksum else pieces)
        body.must_be_whole()
        if checksum:
            checksum.must_match()


def answer(upload: Upload, status: int) -> Response:
    """Where to go on, or what became of it.

    :param upload: which.
    :param status: unless it was refused.
    """
    outcome = upload.outcome or Outcome()
    if outcome.code:
        return Response(outcome.sentence, outcome.code, content_type=TEXT)
    expires = formatdate(upload.expires, usegmt=True)
    headers = {"Upload-Offset": str(upload.offset), "Upload-Expires": expires, **outcome.told}
    return Response(status=status, headers=headers)


def refusal(error: UploadError) -> Response:
    """The sentence of an error, with its code.

    :param error: what was raised.
    """
    return Response(error.description, error.code, content_type=TEXT)


def refuse_other_versions() -> Response | None:
    """Answer a client that speaks another version, or no tus at all, with what we speak."""
    if request.method == "OPTIONS" or request.headers.get("Tus-Resumable") == VERSION:
        return None
    return Response(status=412, headers={"Tus-Version": VERSION})


def say_version(response: Response) -> Response:
    """Complete the headers of every answer.

    :param response: the answer.
    """
    response.headers["Tus-Resumable"] = VERSION
    response.cache_control.no_store = True
    return response


def number(header: str) -> int:
    """The number in a header of this request.

    :param header: its name.
    :raises werkzeug.exceptions.BadRequest: if it has none.
    """
    text = request.headers.get(header, "")
    if not (text.isascii() and text.isdigit() and len(text) <= DIGITS):
        abort(400, f"{header} has to be a number of bytes.")
    return int(text)


def metadata() -> dict[str, str]:
    """What this request says of the file.

    :raises werkzeug.exceptions.BadRequest: if that is not in the protocol's form.
    """
    pairs = (pair.strip().partition(" ") for pair in request.headers.get(METADATA, "").split(","))
    try:
        return {
            key: base64.b64decode(text, validate=True).decode() for key, _, text in pairs if key
        }
    except ValueError:
        abort(400, "Upload-Metadata has to be keys with values in base64.")


def written(metadata: Mapping[str, str]) -> str:
    """Metadata in the protocol's form: pairs of a key and its value in base64.

    :param metadata: what is known of the file.
    """
    values = ((key, base64.b64encode(text.encode()).decode()) for key, text in metadata.items())
    return ",".join(f"{key} {text}".rstrip() for key, text in values)
