"""What a browser is asked about passkeys, and whether its answer is right."""

import datetime as dt
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from flask import current_app
from flask_babel import gettext as _
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import (
    parse_authentication_credential_json,
    parse_registration_credential_json,
)
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    AuthenticatorTransport,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from .. import settings
from ..config import is_loopback
from ..errors import NotPossible
from ..extensions import db, now
from .models import Passkey, User, digest

SECONDS = 5 * 60  # from the challenge to its answer
# Beside its own, the library lets through what Python says of bytes that are no such thing.
UNREADABLE = (WebAuthnException, ValueError, TypeError, LookupError, RecursionError)


class Place(NamedTuple):
    """The name that passkeys belong to, and the address whose pages may ask for them."""

    name: str
    origin: str


class Asked(NamedTuple):
    """A challenge, which holds for one answer, and since when."""

    challenge: bytes
    at: dt.datetime


class Shown(NamedTuple):
    """A passkey whose answer is right, and what it says of itself now."""

    id: int
    sign_count: int
    is_backed_up: bool


def place() -> Place | None:
    """Return where passkeys can be; None by plain HTTP or by numbers, where browsers have none."""
    public = urlsplit(current_app.config["PUBLIC_URL"])
    host = public.hostname or ""
    if is_loopback(host):
        host = "localhost"  # the one name of a machine for itself
    elif public.scheme != "https" or ":" in host or host.replace(".", "").isdigit():
        return None
    port = f":{public.port}" if public.port else ""
    return Place(host, f"{public.scheme}://{host}{port}")


def to_make(user: User, challenge: bytes) -> str:
    """Return what a browser makes a passkey by, in JSON."""
    options = generate_registration_options(
        rp_id=_place().name,
        rp_name=settings.current().name,
        user_id=handle_of(user),
        user_name=user.email,
        user_display_name=user.name,
        challenge=challenge,
        timeout=SECONDS * 1000,
        exclude_credentials=_known(user),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
    )
    return options_to_json(options)


def to_show(challenge: bytes, user: User | None = None) -> str:
    """Return what a browser shows a passkey by, in JSON: anybody's, or one of somebody."""
    options = generate_authentication_options(
        rp_id=_place().name,
        challenge=challenge,
        timeout=SECONDS * 1000,
        allow_credentials=_known(user) if user else None,
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return options_to_json(options)


def made(user: User, answer: str, asked: Asked | None, *, name: str) -> Passkey:
    """Return the passkey that a browser has just made for somebody.

    :raises NotPossible: when it was made for something else, or too late.
    """
    try:
        right = verify_registration_response(credential=answer, **_expected(asked))
        transports = parse_registration_credential_json(answer).response.transports or []
    except UNREADABLE as error:
        raise NotPossible(_("That passkey could not be added. Please begin again.")) from error
    return Passkey(
        user_id=user.id,
        credential_id=right.credential_id,
        public_key=right.credential_public_key,
        sign_count=right.sign_count,
        transports=" ".join(each.value for each in transports),
        is_backed_up=right.credential_backed_up,
        name=name.strip(),
    )


def read(answer: str, asked: Asked | None) -> Shown | None:
    """Return the passkey that an answer was made with, unless anything about it does not fit."""
    try:
        credential = parse_authentication_credential_json(answer)
        passkey = db.session.scalar(Passkey.of_credential(credential.raw_id))
        handle = credential.response.user_handle
        if passkey is None or handle not in (None, handle_of(passkey.user)):
            return None
        right = verify_authentication_response(
            credential=credential,
            credential_public_key=passkey.public_key,
            credential_current_sign_count=0,  # `take` compares it, under the lock
            **_expected(asked),
        )
    except UNREADABLE:
        return None
    return Shown(passkey.id, right.new_sign_count, right.credential_backed_up)


def _place() -> Place:
    here = place()
    if here is None:
        raise NotPossible(_("Passkeys need an address that has a name and begins with https://."))
    return here


def _expected(asked: Asked | None) -> dict[str, Any]:
    """Return what every answer is held against.

    :raises ValueError: when nothing was asked, or too long ago.
    """
    here = _place()
    if asked is None or now() - asked.at > dt.timedelta(seconds=SECONDS):
        raise ValueError
    return {
        "expected_challenge": asked.challenge,
        "expected_rp_id": here.name,
        "expected_origin": here.origin,
        "require_user_verification": True,
    }


def handle_of(user: User) -> bytes:
    """Return by what devices know an account: it says nothing of whose it is."""
    return bytes.fromhex(digest(user.folder))


def _known(user: User) -> list[PublicKeyCredentialDescriptor]:
    return [
        PublicKeyCredentialDescriptor(
            id=passkey.credential_id,
            transports=[AuthenticatorTransport(each) for each in passkey.transports.split()],
        )
        for passkey in db.session.scalars(Passkey.owned_by(user))
    ]
