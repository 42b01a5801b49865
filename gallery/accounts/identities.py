"""Knows people by what a provider calls them."""

from flask_babel import gettext as _

from ..errors import EmailTaken, NotLetIn, NotPossible
from ..extensions import db, now, rows_changed
from .models import AuditEntry, Identity, Passkey, User
from .provider import Person, issuer
from .signing_in import sign_up

NAME_LENGTH = 80  # as the form of sign-up has it


def user_of(person: Person) -> User | None:
    """Return whose account somebody opens, and note that they do."""
    identity = db.session.get(Identity, (person.issuer, person.subject))
    if identity is None:
        return None
    identity.used_at, identity.email = now(), person.email
    return identity.user


def make_account(
    person: Person, provider: str, *, quota: int | None, is_admin: bool = False
) -> User:
    """Add a user who comes by the provider, and has no password.

    :raises NotLetIn: when the provider does not vouch for an address.
    :raises EmailTaken: when the address has an account: its owner has to say that it is theirs.
    """
    if not person.email:
        raise NotLetIn(
            _("%(name)s has not confirmed your email address. Have that done first.", name=provider)
        )
    try:
        user = sign_up(
            name=person.name[:NAME_LENGTH],
            email=person.email,
            password_hash="",
            quota=quota,
            is_admin=is_admin,
        )
    except EmailTaken as error:
        raise EmailTaken(
            _(
                "There is an account with your email already. Sign in with its password, and then"
                " link %(name)s to it in the settings, under Security.",
                name=provider,
            )
        ) from error
    link(user, person, provider)
    return user


def link(user: User, person: Person, provider: str) -> None:
    """Let somebody in by the provider from now on.

    :raises NotPossible: when they are linked already, or are another's.
    """
    if db.session.get(Identity, (person.issuer, person.subject)) is not None:
        raise NotPossible(_("Who you are at %(name)s opens an account already.", name=provider))
    if of(user, person.issuer) is not None:
        raise NotPossible(_("Another one of %(name)s opens your account.", name=provider))
    about = {"issuer": person.issuer, "subject": person.subject, "email": person.email}
    db.session.add(Identity(user_id=user.id, **about))
    AuditEntry.write("provider linked", actor=user, subject=user)


def unlink(user: User, issuer: str) -> None:
    """Let somebody in by the provider no more.

    :raises NotPossible: when they would not get in at all.
    """
    if ways_in(user) == 1:
        raise NotPossible(_("Choose a password first: without one, this is your only way in."))
    mine = (Identity.user_id == user.id, Identity.issuer == issuer)
    if rows_changed(db.delete(Identity).where(*mine)):
        AuditEntry.write("provider unlinked", actor=user, subject=user)


def unlink_all(user: User) -> None:
    """Let somebody in by no provider any more."""
    if rows_changed(db.delete(Identity).where(Identity.user_id == user.id)):
        AuditEntry.write("provider unlinked", actor=user, subject=user)


def ways_in(user: User) -> int:
    """Return how many things let somebody in: the password, passkeys, and the provider."""
    return user.has_password + Passkey.number_of(user) + (of(user, issuer()) is not None)


def of(user: User, issuer: str) -> Identity | None:
    """Return who somebody is at a provider."""
    mine = db.select(Identity).where(Identity.user_id == user.id, Identity.issuer == issuer)
    return db.session.scalar(mine)
