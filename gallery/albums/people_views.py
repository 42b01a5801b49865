"""The doors of who sees an album: at large, and the people who were asked in."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_decimal, ngettext
from flask_babel import gettext as _

from ..access import albums_visible_to
from ..accounts.guard import signed_in, user
from ..accounts.models import User
from ..errors import NotPossible
from ..extensions import begin_writing, db, limiter, told_moment
from ..photos.models import Visibility
from ..photos.tiles import Links
from . import audience, people
from .activity import PAGE, activity_of
from .forms import CAN_NOW, InviteForm, LeaveForm, VisibilityForm
from .models import Album, Collaborator, Role

bp = Blueprint("album_people", __name__, url_prefix="/albums/<slug>")


@bp.get("/people")
@signed_in
def index(slug: str) -> ResponseReturnValue:
    """Say who sees the album: to its owner, who decides, and to those who were asked in."""
    return _page(_within(slug), InviteForm(formdata=None))


@bp.post("/people")
@signed_in
# Whoever asks about one address after the other learns who has an account here.
@limiter.limit("60 per hour", key_func=lambda: f"invite {user().id}")
def invite(slug: str) -> ResponseReturnValue:
    form = InviteForm()
    begin_writing()
    album = _mine(slug)
    if not form.validate():
        return _page(album, form), 422
    try:
        asked = people.invite(album, form.email.data, Role(form.role.data))
    except NotPossible as error:
        form.email.errors = [error.description]
        return _page(album, form), 422
    db.session.commit()
    flash(CAN_NOW[Role(form.role.data)] % {"name": asked.name})
    return redirect(url_for(".index", slug=slug), 303)


@bp.post("/people/<folder>")
@signed_in
def change(slug: str, folder: str) -> ResponseReturnValue:
    """Give somebody another role, or end their part."""
    begin_writing()
    album = _mine(slug)
    person: User = db.one_or_404(db.select(User).where(User.folder == folder))
    role = request.form.get("role")
    if role is None:
        people.part(album, person, with_photos=False)
        flash(
            _(
                "%(name)s is not in this album any more; the photos they added still are.",
                name=person.name,
            )
        )
    elif role in list(Role):
        people.give_role(album, person, Role(role))
        flash(CAN_NOW[Role(role)] % {"name": person.name})
    else:
        abort(400, _("There is no such role."))
    db.session.commit()
    return redirect(url_for(".index", slug=slug), 303)


@bp.post("/visibility")
@signed_in
def update(slug: str) -> ResponseReturnValue:
    form = VisibilityForm()
    begin_writing()
    album = _mine(slug)
    if not form.validate():
        return _page(album, InviteForm(formdata=None)), 422
    album.visibility = Visibility(form.visibility.data)
    db.session.commit()
    sees = audience.of_album(album, user()).sentence
    flash(_("Who can see it: %(audience)s.", audience=sees))
    return redirect(url_for(".index", slug=slug), 303)


@bp.get("/leave")
@signed_in
def confirm_leave(slug: str) -> ResponseReturnValue:
    album = _joined(slug)
    number = len(db.session.scalars(people.owned_in(album, user())).all())
    return render_template("albums/leave.html", album=album, form=LeaveForm(), number=number)


@bp.post("/leave")
@signed_in
def leave(slug: str) -> ResponseReturnValue:
    begin_writing()
    album = _joined(slug)
    taken = people.part(album, user(), with_photos=LeaveForm().with_photos.data)
    db.session.commit()
    said = [_("You have left “%(album)s”.", album=album.title)]
    if taken:
        said.append(
            ngettext(
                "%(count)s photo went with you.",
                "%(count)s photos went with you.",
                taken,
                count=format_decimal(taken),
            )
        )
    flash(" ".join(said))
    return redirect(url_for("albums.index"), 303)


@bp.get("/activity")
@signed_in
def activity(slug: str) -> ResponseReturnValue:
    """Say who added what, and when, to those who are in the album."""
    album = _within(slug)
    links = Links.to(url_for("photos.show", public_id=""), f"?in=album:{slug}")
    found = activity_of(album, links=links, before=told_moment(request.args.get("before")))
    older = found[-1].added_at.isoformat() if len(found) == PAGE else None
    return render_template(
        "albums/activity.html",
        album=album,
        additions=found,
        older=older and url_for(".activity", slug=slug, before=older),
    )


def _page(album: Album, form: InviteForm) -> str:
    return render_template(
        "albums/people.html",
        album=album,
        form=form,
        visibility=VisibilityForm(formdata=None, visibility=album.visibility.value),
        audience=audience.of_album(album, user()).sentence,
        guests=people.guests_of(album),
        roles=people.ROLES,
        is_owner=album.owner_id == user().id,
    )


def _within(slug: str) -> Album:
    """The album, for those who are in it."""
    is_in = (Album.owner_id == user().id) | Collaborator.is_of(user())
    album: Album = db.one_or_404(albums_visible_to(user()).where(Album.slug == slug, is_in))
    return album


def _mine(slug: str) -> Album:
    album: Album = db.one_or_404(Album.owned_by(user()).where(Album.slug == slug))
    return album


def _joined(slug: str) -> Album:
    joined = db.select(Album).where(Album.slug == slug, Collaborator.is_of(user()))
    album: Album = db.one_or_404(joined)
    return album
