"""Asks people into albums, and lets them go."""

from typing import NamedTuple

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from ..accounts.models import User
from ..errors import NotPossible
from ..extensions import db
from .filling import owned_in, take_out
from .models import Album, Collaborator, Role

ROLES = {
    Role.VIEW: _l("can view"),
    Role.ADD: _l("can add photos"),
    Role.EDIT: _l("can add and edit"),
}


class Guest(NamedTuple):
    """Somebody who was asked in, and what they may do there."""

    user: User
    role: Role


def guests_of(album: Album) -> list[Guest]:
    """Return who was asked in, by name."""
    asked = (
        db.select(User, Collaborator.role)
        .join(Collaborator, Collaborator.user_id == User.id)
        .where(Collaborator.album_id == album.id)
        .order_by(User.name, User.id)
    )
    return [Guest(*row) for row in db.session.execute(asked)]


def role_of(album: Album, viewer: User | None) -> Role | None:
    """Return what somebody may do in an album besides seeing it; its owner everything."""
    if viewer is None:
        return None
    if viewer.id == album.owner_id:
        return Role.EDIT
    mine = Collaborator.album_id == album.id, Collaborator.user_id == viewer.id
    return db.session.scalar(db.select(Collaborator.role).where(*mine))


def invite(album: Album, email: str, role: Role) -> User:
    """Ask somebody with an account in, or give them another role.

    :raises NotPossible: when nobody has this email, or the album is theirs.
    """
    user: User | None = db.session.scalar(User.with_email(email))
    if user is None or user.is_disabled:
        raise NotPossible(_("Nobody here has this email. Ask them to make an account first."))
    if user.id == album.owner_id:
        raise NotPossible(_("The album is yours: you may do everything in it already."))
    guest = db.session.get(Collaborator, (album.id, user.id))
    if guest is None:
        db.session.add(Collaborator(album_id=album.id, user_id=user.id, role=role))
    else:
        guest.role = role
    return user


def give_role(album: Album, user: User, role: Role) -> None:
    """Give somebody who was asked in another role.

    :raises NotPossible: when they were not.
    """
    _guest(album, user).role = role


def part(album: Album, user: User, *, with_photos: bool) -> int:
    """End somebody's part in an album; return how many photos they took with them.

    :raises NotPossible: when they have no part in it, as its owner never has.
    """
    db.session.delete(_guest(album, user))
    return take_out(album, owned_in(album, user)) if with_photos else 0


def _guest(album: Album, user: User) -> Collaborator:
    guest: Collaborator | None = db.session.get(Collaborator, (album.id, user.id))
    if guest is None:
        raise NotPossible(_("They were not asked into this album."))
    return guest
