"""Makes accounts, and tells whether a password belongs to one."""

import threading

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from ..errors import EmailTaken
from ..extensions import db
from .models import User, folder_for, normal_email

passwords = PasswordHasher()
# Verified in place of a missing one, so that unknown addresses take the same time. It is of no
# password: to make a real one would cost every start, of each command too, a tenth of a second.
NOBODYS_HASH = (
    f"$argon2id$v=19$m={passwords.memory_cost},t={passwords.time_cost},p={passwords.parallelism}"
    f"${'A' * 22}${'A' * 43}"
)
# Each hash takes 64 MB and a core: a crowd at the door waits its turn.
_turns = threading.BoundedSemaphore(2)


def hashed(password: str) -> str:
    """Return the argon2id hash of a password, as it is kept."""
    with _turns:
        return passwords.hash(password)


def sign_up(
    *, name: str, email: str, password_hash: str, quota: int | None = None, is_admin: bool = False
) -> User:
    """Add a user with a folder of their own.

    The hash is made before, by `hashed`: nobody should wait for the lock so long. It is empty for
    somebody without a password.

    :raises EmailTaken: when the address has an account.
    """
    user = User(
        name=name.strip(),
        email=normal_email(email),
        password_hash=password_hash,
        folder=_free_folder(name),
        quota=quota,
        is_admin=is_admin,
    )
    try:
        with db.session.begin_nested():
            db.session.add(user)
    except IntegrityError as error:
        raise EmailTaken(_("There is an account with this email already.")) from error
    return user


def _free_folder(name: str) -> str:
    """Draw folders until one is nobody's; one in a million is."""
    folder = folder_for(name)
    while db.session.scalar(db.select(User.id).where(User.folder == folder)) is not None:
        folder = folder_for(name)
    return folder


def fits(password_hash: str, password: str) -> bool:
    """Tell whether a hash is of this password; where there is no hash, no password is."""
    try:
        with _turns:
            return passwords.verify(password_hash or NOBODYS_HASH, password)
    except VerificationError:
        return False


def user_with(email: str, password: str) -> User | None:
    """Return the user whom this password lets in."""
    user = db.session.scalar(User.with_email(email))
    if not fits(user.password_hash if user else "", password):
        return None
    return None if user is None or user.is_gone else user
