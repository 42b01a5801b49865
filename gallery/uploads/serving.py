"""Serves saved files: the answer for one of them, and the blueprint behind UPLOADS_AUTOSERVE."""

from __future__ import annotations

import contextlib
import io
import os
import posixpath
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

from flask import Blueprint, Flask, abort, current_app, redirect, request, send_file
from werkzeug.datastructures import ContentRange
from werkzeug.wrappers import Response
from werkzeug.wsgi import wrap_file

from .conditions import asked_part, is_known
from .configuration import UploadConfiguration, configurations
from .extensions import extension
from .kinds import BY_EXTENSION, MEDIA, PDF, named_type
from .stores import LocalStore, Stat, Store

if TYPE_CHECKING:
    from .sets import UploadSet

Authorise = Callable[[str, str], bool]  # a set's name and a file's: may this request have it?

ENDPOINT = "_uploads.uploaded_file"
PATH = "/<setname>/<path:filename>"
SANDBOX = "default-src 'none'; sandbox"
REDIRECT_EXPIRES = 300  # seconds; a film that is wound forward asks the store's URL again
CHUNK = 64 * 1024
TRIES = 3  # a file replaced while it is looked at is looked at again

uploads_mod = Blueprint("_uploads", __name__, url_prefix="/_uploads")


@uploads_mod.get(PATH)
def uploaded_file(setname: str, filename: str) -> Response:
    """The file of a set that is neither private nor has a URL of its own.

    :param setname: the set's name.
    :param filename: what ``save`` returned.
    :raises werkzeug.exceptions.NotFound: for other sets, and if there is no such file.
    """
    config = configurations().get(setname)
    if config is None or config.private or config.base_url is not None:
        abort(404)
    return deliver(setname, filename)


def deliver(
    uset: UploadSet | str,
    filename: str,
    *,
    authorise: Authorise | None = None,
    sha256: str | None = None,
    download: bool = False,
    download_name: str | None = None,
) -> Response:
    """Answer with a saved file: ranges, conditions, and shown in the page only if that is safe.

    With UPLOADS_ACCEL (a path; the set's name and the file's follow) or USE_X_SENDFILE the web
    server before the application sends the bytes of local files. nginx then keeps few of our
    headers: its ``location`` has to add ``$upstream_http_x_content_type_options`` and
    ``$upstream_http_content_security_policy`` again.

    :param uset: its set, or the set's name.
    :param filename: what ``save`` returned.
    :param authorise: called with both names before the file is looked for; the application's
        UPLOADS_AUTHORISE by default, and without one everybody may have it.
    :param sha256: its digest, if known, for the ETag.
    :param download: have it stored, even if it could be shown.
    :param download_name: the name to store it under; the last part of ``filename`` by default.
    :raises werkzeug.exceptions.NotFound: if there is no such file or set, or it is not allowed.
    :raises werkzeug.exceptions.PreconditionFailed: if it is not the file that is asked for.
    :raises werkzeug.exceptions.RequestedRangeNotSatisfiable: for a range outside of it, or several.
    :raises StoreUnavailable: if its store does not answer.

    >>> app = Flask("app")
    >>> app.config["UPLOADED_PHOTOS_DEST"] = folder
    >>> configure_uploads(app, UploadSet("photos", IMAGES))
    >>> app.add_url_rule("/<path:name>", "show", lambda name: deliver("photos", name))
    >>> app.test_client().get("/cat.jpg").status_code  # there is none
    404
    """
    name, config = _configured(uset)
    authorise = authorise or current_app.config.get("UPLOADS_AUTHORISE")
    if config is None or (authorise is not None and not authorise(name, filename)):
        abort(404)
    download = download or not is_inline(filename)
    shown_as = printable(download_name or filename.rpartition("/")[2])
    response = _Delivery(config.store, name, filename, sha256, download, shown_as).answer()
    response.headers["X-Content-Type-Options"] = "nosniff"
    if authorise is not None:  # all else about caches is the application's to set
        response.cache_control.public = False
        response.cache_control.private = True
    return response


def is_inline(filename: str) -> bool:
    """Whether a browser may show the file, instead of only storing it.

    :param filename: its name. Only kinds that cannot carry a script for our own site are shown.
    """
    ext = extension(filename).lower()
    kind = BY_EXTENSION.get(ext)
    return ext == "txt" or kind is PDF or (kind is not None and kind.family in MEDIA)


def printable(name: str) -> str:
    """A name for people: what cannot be printed, or would turn it around, is an underscore.

    :param name: any text.
    """
    return "".join(each if each.isprintable() else "_" for each in name)


def _configured(uset: UploadSet | str) -> tuple[str, UploadConfiguration | None]:
    return (uset, configurations().get(uset)) if isinstance(uset, str) else (uset.name, uset.config)


@dataclass(frozen=True)
class _Delivery:
    """A file that may be had, and what is known of how it is wanted."""

    store: Store
    set_name: str
    key: str
    sha256: str | None
    download: bool
    shown_as: str

    def answer(self) -> Response:
        for _ in range(TRIES):
            facts = self.store.stat(self.key)
            if facts is None:
                abort(404)
            with contextlib.suppress(FileNotFoundError):  # deleted meanwhile: look again
                response = self._redirect() or self._by_web_server(facts) or self._own(facts)
                if response is not None:
                    return response
        abort(503)

    def _redirect(self) -> Response | None:
        # A store signs its URL for one method, which is GET.
        if request.method != "GET" or not current_app.config.get("UPLOADS_REDIRECT"):
            return None
        download = self.shown_as if self.download else None
        url = self.store.url(self.key, expires=REDIRECT_EXPIRES, download=download)
        if url is None:
            return None
        response = redirect(url)
        response.cache_control.no_store = True
        return response

    def _by_web_server(self, facts: Stat) -> Response | None:
        """The answer without its body, for the web server before the application to fill.

        It judges conditions and ranges as well, by a tag of its own: ours would not reach the
        client through nginx, and lighttpd would resume nothing by it.
        """
        if not isinstance(self.store, LocalStore):
            return None
        if prefix := current_app.config.get("UPLOADS_ACCEL"):
            header, path = "X-Accel-Redirect", posixpath.join(prefix, self.set_name, self.key)
        elif current_app.config.get("USE_X_SENDFILE"):
            header, path = "X-Sendfile", os.path.join(self.store.root, self.key)
        else:
            return None
        response = self._headed(facts)
        # Quoted, for both headers: a header has no other way to say a name in every script, and
        # nginx, lighttpd and Apache's mod_xsendfile (from 1.0, unless told not to) unquote it.
        response.headers[header] = quote(os.fsencode(path))
        return response

    def _own(self, facts: Stat) -> Response | None:
        """The answer with its body; None if the file was replaced meanwhile."""
        response = self._headed(facts)
        response.set_etag(self.sha256 or facts.etag)
        response.accept_ranges = "bytes"
        response.content_length = facts.size
        if is_known(response):
            response.status_code = 304
        elif request.method != "HEAD":
            return self._filled(response, facts)
        return response

    def _filled(self, response: Response, facts: Stat) -> Response | None:
        start, stop = part = asked_part(response, facts.size)
        if stop is not None:
            response.status_code = 206
            response.content_range = ContentRange("bytes", *part, facts.size)
            response.content_length = stop - start
        with contextlib.ExitStack() as files:
            file = files.enter_context(self.store.open(self.key, start, stop))
            if self.store.stat(self.key) != facts:
                return None
            response.response = wrap_file(request.environ, file, CHUNK)
            files.pop_all()  # who reads the response closes the file
        return response

    def _headed(self, facts: Stat) -> Response:
        response = send_file(
            io.BytesIO(),  # the body comes later, where there is one
            named_type(self.key),
            as_attachment=self.download,
            download_name=self.shown_as,
            conditional=False,
            last_modified=facts.mtime,
        )
        if self.download:
            response.headers["Content-Security-Policy"] = SANDBOX
        return response


def register(app: Flask) -> None:
    """Add the endpoint to an application that does not have it yet, even one that is serving.

    :param app: the application.
    """
    if ENDPOINT in app.view_functions:
        return
    try:
        app.register_blueprint(uploads_mod)
    except AssertionError:
        add_view(app, "/_uploads" + PATH, ENDPOINT, uploaded_file)


def add_view(app: Flask, path: str, endpoint: str, view: Callable[..., Response]) -> None:
    """Add a view that reads; Flask itself takes none after the first request.

    :param app: the application.
    :param path: the URL rule.
    :param endpoint: its name; one that is there already is left alone.
    :param view: the view.
    """
    if endpoint not in app.view_functions:
        app.view_functions[endpoint] = view  # first: who is served meanwhile finds a rule's view
        app.url_map.add(app.url_rule_class(path, endpoint=endpoint, methods=["GET"]))
