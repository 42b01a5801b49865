"""The doors of tokens: the page that makes and revokes them, and programs that come with one."""

import math
import time

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from limits import RateLimitItem, parse_many
from werkzeug.exceptions import TooManyRequests

from ..extensions import begin_writing, db, limiter, login_manager, sender_network
from ..photos.wording import time_in_words
from .forms import TokenForm
from .guard import is_by_token, signed_in
from .models import TOKEN_PREFIX, Scope, Token, User
from .views import note_use

bp = Blueprint("tokens", __name__, url_prefix="/settings/tokens")

ALLOWED = {Scope.UPLOAD: _l("upload")}
LIMIT = "token"  # its name among the limits


@bp.get("")
@signed_in
def index() -> ResponseReturnValue:
    return _page(TokenForm())


@bp.post("")
@signed_in
def create() -> ResponseReturnValue:
    """Make a token; the answer is the only place that ever shows it."""
    form = TokenForm()
    if not form.validate():
        return _page(form), 422
    begin_writing()
    made = Token.make(current_user, name=form.name.data.strip(), scope=Scope.UPLOAD)
    db.session.commit()
    return _page(TokenForm(formdata=None), made=made), 201, {"Cache-Control": "no-store"}


@bp.post("/<public_id>/delete")
@signed_in
def delete(public_id: str) -> ResponseReturnValue:
    begin_writing()
    mine = Token.owned_by(current_user).where(Token.public_id == public_id)
    token = db.one_or_404(mine)
    db.session.delete(token)
    db.session.commit()
    flash(_("“%(name)s” is revoked.", name=token.name))
    return redirect(url_for(".index"), 303)


def _page(form: TokenForm, made: str = "") -> str:
    tokens = db.session.scalars(Token.owned_by(current_user).order_by(Token.created_at.desc()))
    rows = [_row(token) for token in tokens]
    return render_template("accounts/tokens.html", form=form, tokens=rows, made=made)


def _row(token: Token) -> dict[str, str]:
    return {
        "name": token.name,
        "scope": str(ALLOWED[token.scope]),
        "made": time_in_words(token.created_at),
        "used": time_in_words(token.used_at) if token.used_at else _("never"),
        "public_id": token.public_id,
    }


@login_manager.request_loader
def load_user_by_token(_request: object) -> User | None:
    """Return the user of the token that this request carries, where a token counts.

    Unknown, revoked and malformed are one: nobody learns which.

    :raises TooManyRequests: when too many wrong ones came from the same sender.
    """
    if not is_by_token():
        return None
    _refuse_guessers()
    row = Token.of_text(_shown(), Scope.UPLOAD)
    if row is None:
        for limit in _limits():
            limiter.limiter.hit(limit, LIMIT, sender_network())
        return None
    note_use(row, row.used_at)
    return row.user


def _shown() -> str:
    shown = request.authorization
    text = (shown.token if shown and shown.type == "bearer" else None) or ""
    return text if text.startswith(TOKEN_PREFIX) else ""


def _refuse_guessers() -> None:
    """A right token waits with the wrong ones of its network, as a password does."""
    for limit in _limits():
        if not limiter.limiter.test(limit, LIMIT, sender_network()):
            ends = limiter.limiter.get_window_stats(limit, LIMIT, sender_network()).reset_time
            raise TooManyRequests(retry_after=math.ceil(ends - time.time()))


def _limits() -> list[RateLimitItem]:
    return parse_many(current_app.config["TOKEN_LIMIT"])
