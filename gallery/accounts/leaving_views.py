"""The door out: what goes with an account, said first, and then its end."""

from flask import Blueprint, flash, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import logout_user

from ..albums.leaving import ends
from ..errors import NotPossible
from ..extensions import begin_writing, db
from ..photos.wording import day_in_words
from .forms import LeaveForm
from .governing import leave
from .guard import signed_in, user
from .settings_views import tries

bp = Blueprint("leaving", __name__, url_prefix="/settings/delete")


@bp.get("")
@signed_in
def confirm() -> ResponseReturnValue:
    return _page(LeaveForm(user(), formdata=None))


@bp.post("")
@signed_in
@tries
def create() -> ResponseReturnValue:
    me, form = user(), LeaveForm(user())
    if not form.validate():
        return _page(form), 422
    begin_writing()
    try:
        leave(me)
    except NotPossible as error:
        db.session.rollback()
        form.email.errors = [error.description]
        return _page(form), 422
    db.session.commit()
    logout_user()
    session.clear()
    day = day_in_words(me.leaves_at) if me.leaves_at else ""
    flash(_("Your account ends on %(day)s. Sign in before, and it stays.", day=day))
    return redirect(url_for("accounts.login"), 303)


def _page(form: LeaveForm) -> str:
    return render_template("accounts/leave.html", form=form, ends=ends(user()))
