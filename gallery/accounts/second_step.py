"""Asks for a code besides the password: of an app, or one kept for the day the app is lost."""

import base64
import secrets

import pyotp
from flask_babel import gettext as _

from .. import settings
from ..errors import NotPossible
from ..extensions import db, rows_changed
from .models import AuditEntry, RecoveryCode, SecondStep, User, digest

RECOVERY_CODES = 10
RECOVERY_BYTES = 10  # of a code: 80 bits, 16 letters


def new_secret() -> str:
    """Return what an app and we compute the same codes from."""
    return pyotp.random_base32()


def address_of(secret: str, user: User) -> str:
    """Return the address by which an app takes a secret in."""
    return pyotp.TOTP(secret).provisioning_uri(name=user.email, issuer_name=settings.current().name)


def turn_on(user: User, secret: str, code: str) -> list[str]:
    """Ask somebody for codes from now on, and return those for recovery, which are nowhere else.

    :raises NotPossible: when the code is not of this secret, or codes are asked for already.
    """
    if db.session.get(SecondStep, user.id) is not None:
        raise NotPossible(_("Two-step sign-in is on already."))
    moment = _moment_of(secret, _plain(code))
    if moment is None:
        raise NotPossible(_("That code is not right. Is your phone’s clock?"))
    db.session.add(SecondStep(user_id=user.id, secret=secret, last_moment=moment))
    db.session.flush()
    AuditEntry.write("second step on", actor=user, subject=user)
    return renew_codes(user)


def renew_codes(user: User) -> list[str]:
    """Return new codes for recovery, which are nowhere else; the old ones end."""
    db.session.execute(db.delete(RecoveryCode).where(RecoveryCode.user_id == user.id))
    codes = [_new_code() for _number in range(RECOVERY_CODES)]
    db.session.add_all(RecoveryCode(id=digest(_plain(c)), user_id=user.id) for c in codes)
    AuditEntry.write("recovery codes made", actor=user, subject=user)
    return codes


def turn_off(user: User, *, by: User) -> None:
    """Ask somebody for the password alone again."""
    if rows_changed(db.delete(SecondStep).where(SecondStep.user_id == user.id)):
        AuditEntry.write("second step off", actor=by, subject=user)


def take(user: User, code: str) -> bool:
    """Tell whether a code is somebody's, and take it: it is one this once."""
    code = _plain(code)
    return _take_of_app(user, code) or _take_of_recovery(user, code)


def _take_of_app(user: User, code: str) -> bool:
    step = db.session.get(SecondStep, user.id)
    moment = step and _moment_of(step.secret, code)
    if not moment:
        return False
    # One statement: of two who come with the same code at once, one gets in.
    unused = (SecondStep.user_id == user.id, SecondStep.last_moment < moment)
    taken = db.update(SecondStep).where(*unused).values(last_moment=moment)
    return bool(rows_changed(taken.execution_options(synchronize_session=False)))


def _take_of_recovery(user: User, code: str) -> bool:
    mine = (RecoveryCode.user_id == user.id, RecoveryCode.id == digest(code))
    if not rows_changed(db.delete(RecoveryCode).where(*mine)):
        return False
    AuditEntry.write("recovery code used", actor=user, subject=user)
    return True


def _moment_of(secret: str, code: str) -> int | None:
    """Return the half minute a code is of: this one, or one beside it, since clocks differ."""
    try:
        return pyotp.TOTP(secret).verify_and_get_timecode(code, valid_window=1)
    except pyotp.OTPVerificationError:
        return None


def _new_code() -> str:
    letters = base64.b32encode(secrets.token_bytes(RECOVERY_BYTES)).decode().lower()
    return "-".join(letters[at : at + 4] for at in range(0, len(letters), 4))


def _plain(code: str) -> str:
    """Return a code as it is compared, however it was typed."""
    return "".join(code.split()).replace("-", "").lower()
