"""A short way through Flask, for what a page asks for by the hundred."""

import functools
import pickle
import time
from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, Request, Response, request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin
from flask.typing import ResponseReturnValue
from itsdangerous import BadSignature

from . import headers
from .fragments import Pages

View = TypeVar("View", bound=Callable[..., ResponseReturnValue])


def at_once(view: View) -> View:
    """Have a view answer past all that is asked and done before and after others.

    For one that changes nothing, reads no body, has no limit, and whose own select decides.
    """
    view.is_at_once = True  # type: ignore[attr-defined]
    return view


class CookieSessions(SecureCookieSessionInterface):
    """Reads a cookie that a page's hundred pictures bring, and checks who signed it once.

    It leaves pictures alone: a `Vary: Cookie` would make browsers ask for each again.
    """

    def __init__(self) -> None:
        self._checked = functools.lru_cache(1000)(self._check)

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession:
        try:
            packed, signed_at = self._checked(app, request.cookies[self.get_cookie_name(app)])
        except (KeyError, BadSignature):
            return self.session_class()
        age = int(time.time()) - signed_at
        is_held = 0 <= age <= app.permanent_session_lifetime.total_seconds()
        return self.session_class(pickle.loads(packed) if is_held else None)

    def _check(self, app: Flask, cookie: str) -> tuple[bytes, int]:
        """Return what is in a cookie, for each request to unpack, and the second it was signed.

        :raises BadSignature: when it was not by us.
        """
        signed = self.get_signing_serializer(app)
        assert signed is not None  # without a key, no application is made
        data, signed_at = signed.loads(cookie, return_timestamp=True)
        return pickle.dumps(data), int(signed_at.timestamp())

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        if "immutable" not in response.headers.get("Cache-Control", ""):
            super().save_session(app, session, response)


class Gallery(Flask):
    """An application that knows `at_once`: of a picture's time, two thirds were hooks."""

    session_interface = CookieSessions()
    jinja_environment = Pages

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        return func  # no view or hook here is a coroutine, and to look took longer than most hooks

    def preprocess_request(self) -> ResponseReturnValue | None:
        if not self._is_at_once():
            return super().preprocess_request()
        headers.name_request()
        return None

    def process_response(self, response: Response) -> Response:
        if response.status_code >= 400 or not self._is_at_once():
            return super().process_response(response)
        return headers.add_headers(response)

    def do_teardown_request(self, exc: BaseException | None = None) -> None:
        if not self._is_at_once():
            super().do_teardown_request(exc)

    def _is_at_once(self) -> bool:
        view = self.view_functions.get(request.endpoint or "")
        return getattr(view, "is_at_once", False)
