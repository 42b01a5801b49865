"""The doors of links that admins hand out: to make an account by."""

from flask import Blueprint, Response, current_app, render_template
from flask.typing import ResponseReturnValue

from ..errors import NotThere
from ..extensions import limiter
from . import inviting
from .guard import everyone
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

    def admit() -> Admission:
        invitation = inviting.take_place(token)
        return Admission(invitation.quota, invitation.is_admin, invitation.maker)

    invitation = inviting.found(token)
    return sign_up_page(admit, host=invitation.maker.name, runs=invitation.is_admin)


@bp.errorhandler(NotThere)
def _over(error: NotThere) -> ResponseReturnValue:
    return render_template("accounts/over.html", sentence=error.description), 404


@bp.after_request
def _say_nothing_of_it(response: Response) -> Response:
    response.headers.update(HEADERS)
    return response
