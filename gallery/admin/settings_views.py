"""The doors of what admins set while the gallery runs."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from .. import settings
from ..accounts import governing
from ..accounts.guard import admins, user
from ..extensions import begin_writing, db
from .forms import SettingsForm
from .settings import in_words, merged, stored_and_told

bp = Blueprint("place_settings", __name__, url_prefix="/admin/settings")


@bp.get("")
@admins
def edit() -> ResponseReturnValue:
    return _page()


@bp.post("")
@admins
def update() -> ResponseReturnValue:
    form = SettingsForm()
    if not form.validate():
        return _page(form), 422
    begin_writing()
    here = settings.stored()
    values, differ = merged(form.seen_values, form.values, here)
    if differ:
        db.session.rollback()
        form = SettingsForm.of(values, seen=here)
        for name in differ:
            theirs = getattr(settings.current(), name)
            form[name].errors = [
                _(
                    "Meanwhile another admin changed this to %(value)s. Save again to have yours.",
                    value=in_words(name, theirs),
                )
            ]
        return _page(form), 409
    governing.set_up(values, by=user())
    db.session.commit()
    flash(_("Saved."))
    return redirect(url_for(".edit"), 303)


def _page(form: SettingsForm | None = None) -> str:
    stored, told = stored_and_told()
    form = form or SettingsForm.of(stored, seen=stored)
    return render_template("admin/settings.html", form=form, told=told)
