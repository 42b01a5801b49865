"""Who may come in by a link: its lock, and the one answer of all that are closed."""

from typing import Any

from flask import Blueprint, Response, current_app, g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from wtforms import PasswordField

from ..extensions import limiter
from ..form import Form
from . import links
from .links import Locked, NotShared
from .models import ShareLink

COOKIE = "unlock"
HEADERS = {"Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex, nofollow"}


class UnlockForm(Form):
    class Meta:
        csrf = False  # its token would be a cookie before the door is open; the guard asks Origin

    password = PasswordField(_l("Password"))


def init_app(bp: Blueprint, *, name: str = "token") -> None:
    """Have the doors of a blueprint answer as links do; `name` is the token's in its addresses."""

    @bp.url_value_preprocessor
    def _keep(_endpoint: str | None, values: dict[str, Any] | None) -> None:
        g.link_token = (values or {}).get(name, "")

    # Whoever tries addresses is slowed down, and nobody who has one.
    limiter.limit(
        lambda: current_app.config["LINK_LIMIT"],
        deduct_when=lambda answer: answer.status_code == 404,
    )(bp)
    bp.register_error_handler(Locked, _locked)
    bp.register_error_handler(NotShared, _not_shared)
    bp.after_request(_say_nothing_of_it)


def opened() -> ShareLink:
    """Return the link that this request is about, opened by the visitor's key if it has a lock.

    :raises NotShared: when it is not open.
    :raises Locked: when the key is not its own.
    """
    return links.opened(g.link_token, request.cookies.get(COOKIE))


def looked_through() -> ShareLink:
    """Return the same, where it shows anything.

    :raises NotShared: as well when it only takes.
    """
    link = opened()
    if not link.shows_photos:
        raise NotShared("This link is not shared.")
    return link


def addresses() -> dict[str, str]:
    """Where the link leads and what stands for it, as other sites have to know it."""
    home, token = current_app.config["PUBLIC_URL"], g.link_token
    return {
        "address": home + url_for("shared.show", token=token),
        "postcard": home + url_for("shared.postcard", token=token),
    }


def locked_page(form: UnlockForm) -> str:
    here = request.form.get("next") or request.full_path.rstrip("?")
    action = url_for("shared.unlock", token=g.link_token)
    return render_template(
        "sharing/locked.html", form=form, action=action, next=here, **addresses()
    )


def _locked(_error: Locked) -> ResponseReturnValue:
    return locked_page(UnlockForm(formdata=None)), 401


def _not_shared(_error: NotShared) -> ResponseReturnValue:
    return render_template("sharing/closed.html"), 404


def _say_nothing_of_it(response: Response) -> Response:
    response.headers.update(HEADERS)
    return response
