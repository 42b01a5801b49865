"""The door of how pages look in this browser, which cookies keep: no account has one look."""

from flask import (
    Blueprint,
    Response,
    current_app,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from .forms import AppearanceForm
from .guard import signed_in

bp = Blueprint("appearance", __name__, url_prefix="/settings/appearance")

YEAR = 31_536_000


@bp.get("")
@signed_in
def edit() -> ResponseReturnValue:
    chosen = {name: request.cookies.get(name, "") for name in ("theme", "rows")}
    return _page(AppearanceForm(formdata=None, **chosen))


@bp.post("")
@signed_in
def update() -> ResponseReturnValue:
    form = AppearanceForm()
    if not form.validate():
        return _page(form), 422
    flash(_("Saved for this browser."))
    answer = make_response(redirect(url_for(".edit"), 303))
    for field in (form.theme, form.rows):
        _keep(answer, field.name, field.data)
    return answer


def _keep(answer: Response, name: str, choice: str) -> None:
    """Set a cookie as the switch in the menu does, by a script; what is usual needs none."""
    answer.set_cookie(
        name,
        choice,
        max_age=YEAR if choice else 0,
        samesite="Lax",
        secure=current_app.config["SESSION_COOKIE_SECURE"],
    )


def _page(form: AppearanceForm) -> str:
    return render_template("accounts/appearance.html", form=form)
