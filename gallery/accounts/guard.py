"""Who may use which route: every view carries one of five marks, or nobody gets in."""

import functools
import re
import time
from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import urlsplit

from flask import Blueprint, Flask, abort, current_app, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user, logout_user
from werkzeug.datastructures import WWWAuthenticate
from werkzeug.exceptions import Unauthorized

from ..extensions import db
from .models import Session, User, digest

View = TypeVar("View", bound=Callable[..., ResponseReturnValue])

SIGN_IN = _l("Sign in, or send a token that holds.")
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
# In which session somebody showed once more who they are without a password, when, and how.
PROVEN, PROVEN_SECONDS = "proven", 5 * 60
# In which nobody is signed out and knows of it: most forms are here at once.
A_MOMENT = 0.5  # seconds
# One page of this site: a path, and nothing a browser might read as another host; no longer than
# what a cookie can carry on.
OWN_PAGE = re.compile(r"^/(?![/\\])[^\\\x00-\x20]{0,999}$")


def everyone(view: View) -> View:
    """Mark a view that needs no account."""
    return _mark(view, "everyone")


def signed_in(view: View) -> View:
    """Mark a view for people with an account; others are led to the sign-in."""
    return _mark(view, "signed in")


def viewers(view: View) -> View:
    """Mark a view whose own select decides: it answers everybody with what they may see."""
    return _mark(view, "viewers")


def programs(view: View) -> View:
    """Mark a view of the API: for people with an account, by session or by a token of theirs."""
    return _mark(view, "programs")


def admins(view: View) -> View:
    """Mark a view for admins; to others it does not exist."""
    return _mark(view, "admins")


def _mark(view: Any, rule: str) -> Any:
    view.rule = rule
    return view


def mark_static(app: Flask) -> None:
    """The page's own scripts and styles are for everyone."""
    _mark(app.view_functions["static"], "everyone")


def mark_all(app: Flask, bp: Blueprint, mark: Callable[[Any], Any]) -> None:
    """Mark the views of a blueprint that knows no marks, as the engine's."""
    for endpoint, view in app.view_functions.items():
        if endpoint.partition(".")[0] == bp.name:
            app.view_functions[endpoint] = mark(_copy(view))


def _copy(view: Any) -> Any:
    return functools.update_wrapper(functools.partial(view), view)  # a method takes no mark


def is_by_token() -> bool:
    """Tell whether this request says by a token who it comes from, where that is possible."""
    rule = request.endpoint and rule_of(current_app, request.endpoint)
    # A proxy before it may ask for a password of its own: that is no token.
    said = request.authorization
    return rule == "programs" and said is not None and said.type == "bearer"


def rule_of(app: Flask, endpoint: str) -> str | None:
    """Return the mark of an endpoint, None when nobody decided."""
    return getattr(app.view_functions[endpoint], "rule", None)


def refuse_other_sites() -> ResponseReturnValue | None:
    """Refuse an unsafe request that another site sent, before its body is read.

    A form's token is in the body: to check it, gigabytes would be read first.
    """
    # No page can put a token into a request to another site without being allowed to.
    if request.method in SAFE_METHODS or is_by_token() or _comes_from_here():
        return None
    abort(403, _("This form was sent from another site, so it was not accepted."))


def _comes_from_here() -> bool:
    # Sec-Fetch-Site is the browser's own word; plain HTTP in a LAN has only Origin.
    site = request.headers.get("Sec-Fetch-Site")
    if site == "none" and request.endpoint == "sending.create":
        return True  # no site at all: the person shared pictures with the installed gallery
    if site is not None:
        return site == "same-origin"
    origin = urlsplit(request.headers.get("Origin", ""))
    public = urlsplit(current_app.config["PUBLIC_URL"])
    return origin.netloc != "" and origin.netloc in (request.host, public.netloc)


def ask_who() -> ResponseReturnValue | None:
    """Apply the mark of the view that is about to answer."""
    g.asked_who_at = time.monotonic()
    if request.endpoint is None:  # no such page
        return None
    rule = rule_of(current_app, request.endpoint)
    if rule in ("everyone", "viewers"):
        return None
    if rule == "signed in" and current_user.is_authenticated:
        return None
    if rule == "admins" and current_user.is_authenticated and current_user.is_admin:
        return None
    if rule == "programs" and current_user.is_authenticated:
        return None
    if rule == "programs":
        raise Unauthorized(str(SIGN_IN), www_authenticate=WWWAuthenticate("bearer"))
    if rule == "signed in":
        return redirect(url_for("accounts.login", next=_way_back()))
    abort(404)


def ask_again() -> ResponseReturnValue | None:
    """Ask once more when the whole form is here and took its time, which may be a minute.

    Whoever was signed out, disabled or let go meanwhile could change something by it else.
    """
    if time.monotonic() - g.asked_who_at < A_MOMENT:
        return None
    is_for_all = request.endpoint is None or rule_of(current_app, request.endpoint) == "everyone"
    if request.method in SAFE_METHODS or is_for_all or is_by_token():
        return None
    if not current_user.is_authenticated:
        return None  # `ask_who` has let a visitor in
    db.session.commit()  # what was read before shows things as they were then
    db.session.expire_all()
    if Session.of_token(user().session_token) is None:
        logout_user()
    return ask_who()


def user() -> User:
    """Return who is signed in, where the mark of the view has seen to it that somebody is."""
    found: User = current_user._get_current_object()
    return found


def session_token() -> str:
    """Return what the cookie says; whether that session holds is for the database to say."""
    found: str = session.get("_user_id", "")  # as Flask-Login has it
    return found


def this_session() -> str:
    """Return what the session of this request is called in the database; empty for a visitor."""
    return digest(user().session_token) if current_user.is_authenticated else ""


def note_proof(*, by_passkey: bool = False) -> None:
    """Note that somebody has just shown once more who they are."""
    session[PROVEN] = (this_session(), time.time(), by_passkey)


def is_proven(*, by_passkey: bool = False) -> bool:
    """Tell whether that was a moment ago: no password is asked for, and after a passkey no code."""
    shown_in, at, was_passkey = session.get(PROVEN, ("", 0.0, False))
    is_fresh = shown_in == this_session() != "" and time.time() - at < PROVEN_SECONDS
    return is_fresh and (was_passkey or not by_passkey)


def viewer() -> User | None:
    """Return who looks, None for a visitor; `?as=visitor` shows anybody what those see."""
    if is_as_visitor() or not current_user.is_authenticated:
        return None
    return user()


def is_as_visitor() -> bool:
    """Tell whether somebody who is signed in asked to see a page as a visitor does."""
    is_asked = request.method == "GET" and request.args.get("as") == "visitor"
    return is_asked and bool(current_user.is_authenticated)


def own_page(address: str | None) -> str | None:
    """Return an address that a form names if it is a page of this site."""
    return address if address and OWN_PAGE.fullmatch(address) else None


def _way_back() -> str | None:
    return request.full_path.rstrip("?") if request.method == "GET" else None
