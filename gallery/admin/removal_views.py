"""The doors by which an admin ends somebody's account, and takes that back."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from ..accounts import governing
from ..accounts.guard import admins, user
from ..accounts.models import User
from ..albums.leaving import ends
from ..errors import NotPossible
from ..extensions import begin_writing
from ..photos.wording import day_in_words
from .forms import RemovalForm
from .person_views import done, person_of, refused

bp = Blueprint("removal", __name__, url_prefix="/admin/users/<folder>")


@bp.get("/delete")
@admins
def confirm(folder: str) -> ResponseReturnValue:
    person = person_of(folder)
    return _page(person, RemovalForm(person, formdata=None))


@bp.post("/delete")
@admins
def create(folder: str) -> ResponseReturnValue:
    begin_writing()
    person = person_of(folder)
    form = RemovalForm(person)
    if not form.validate():
        return _page(person, form), 422
    try:
        governing.remove(person, by=user())
    except NotPossible as error:
        return refused(folder, error)
    day = day_in_words(person.leaves_at) if person.leaves_at else ""
    return done(folder, _("The account of %(name)s ends on %(day)s.", name=person.name, day=day))


@bp.post("/keep")
@admins
def delete(folder: str) -> ResponseReturnValue:
    """Take it back; somebody who is kept out stays out until that is taken back, too."""
    begin_writing()
    person = person_of(folder)
    try:
        governing.stay(person, by=user())
    except NotPossible as error:
        return refused(folder, error)
    return done(folder, _("The account of %(name)s stays.", name=person.name))


def _page(person: User, form: RemovalForm) -> str:
    return render_template("admin/remove.html", person=person, form=form, ends=ends(person))
