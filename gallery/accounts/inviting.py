"""Makes invitations, and gives out the places that they hold."""

import datetime as dt
from typing import NamedTuple

from flask_babel import gettext as _

from ..errors import NotThere
from ..extensions import db, now
from ..secret_links import new_token
from .models import AuditEntry, Invitation, User, digest


class Terms(NamedTuple):
    """What an invitation gives, and to how many."""

    label: str = ""
    is_admin: bool = False
    quota: int | None = None
    places: int = 1
    days: int = 7


def invite(maker: User, terms: Terms) -> str:
    """Add an invitation and return its token, which is nowhere else."""
    token = new_token()
    db.session.add(
        Invitation(
            digest=digest(token),
            maker_id=maker.id,
            label=terms.label,
            is_admin=terms.is_admin,
            quota=terms.quota,
            places=terms.places,
            expires_at=now() + dt.timedelta(days=terms.days),
        )
    )
    AuditEntry.write("invitation made", actor=maker)
    return token


def found(token: str) -> Invitation:
    """Return the invitation of a token.

    :raises NotThere: when it is off, over, used up or never was: nobody learns which.
    """
    invitation: Invitation | None = db.session.scalar(Invitation.of_token(token))
    if invitation is None:
        raise NotThere(_("It may have ended, or never was. Ask who sent it to you for another."))
    return invitation


def take_place(token: str) -> Invitation:
    """Take one of the places of an invitation, under the lock, and return it.

    :raises NotThere: as `found`.
    """
    invitation = found(token)
    invitation.taken = Invitation.taken + 1  # what was read before the lock may be old
    return invitation
