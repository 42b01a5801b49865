"""The doors of links that admins hand out: to make an account by, or to get back into one."""

from flask import Blueprint, Response, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from ..errors import NotThere
from ..extensions import begin_writing, db, limiter, queue
from . import inviting, resetting
from .forms import ResetForm
from .guard import everyone
from .signing_in import hashed
from .views import Admission, sign_up_page

bp = Blueprint("account_links", __name__)

HEADERS = {"Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex, nofollow"}
# Whoever tries addresses is slowed down, and nobody who has one.
_guesses = limiter.shared_limit(
    lambda: current_app.config["LINK_LIMIT"],
    scope="account links",
    deduct_when=lambda answer: answer.status_code == 404,
)


@bp.route("/join/<token>", methods=["GET", "POST"])
@everyone
@_guesses
@limiter.limit(lambda: current_app.config["REGISTER_LIMIT"], methods=["POST"])
def join(token: str) -> ResponseReturnValue:
    """Make an account by an invitation, even where sign-up is closed."""

    invitation = inviting.found(token)
    about = {"host": invitation.maker.name, "runs": invitation.is_admin, "invitation": token}
    return sign_up_page(lambda: admission_of(token), **about)


def admission_of(token: str) -> Admission:
    """Take a place of an invitation.

    :raises NotThere: when it holds no more.
    """
    invitation = inviting.take_place(token)
    return Admission(invitation.quota, invitation.is_admin, invitation.maker)


@bp.route("/reset/<token>", methods=["GET", "POST"])
@everyone
@_guesses
@limiter.limit(lambda: current_app.config["LOGIN_LIMIT"], methods=["POST"])
def reset(token: str) -> ResponseReturnValue:
    """Choose another password, in place of one that was forgotten."""
    email, form = resetting.found(token).user.email, ResetForm()
    if not form.validate_on_submit():
        page = render_template("accounts/reset.html", form=form, email=email)
        return page, 422 if form.is_submitted() else 200
    password_hash = hashed(form.password.data)
    begin_writing()
    resetting.use(token, password_hash)
    db.session.commit()
    queue.wake()
    flash(_("Sign in with your new password."))
    return redirect(url_for("accounts.login"), 303)


@bp.errorhandler(NotThere)
def _over(error: NotThere) -> ResponseReturnValue:
    return render_template("accounts/over.html", sentence=error.description), 404


@bp.after_request
def _say_nothing_of_it(response: Response) -> Response:
    response.headers.update(HEADERS)
    return response
