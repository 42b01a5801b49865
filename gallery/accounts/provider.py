"""The provider by which people may sign in, where the settings name one."""

from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple

from flask import current_app

if TYPE_CHECKING:
    from .oidc import Client


class Person(NamedTuple):
    """Who somebody is, in the words of a provider."""

    issuer: str
    subject: str
    name: str
    email: str  # empty, unless the provider vouches for it
    seen_at: float  # when they last showed there who they are; 0: it did not say


class Question(NamedTuple):
    """What a provider is asked, and what its answer is held against."""

    url: str
    state: str
    nonce: str
    code_verifier: str


def is_there() -> bool:
    """Tell whether people may sign in by a provider."""
    return bool(current_app.config["OIDC_ISSUER"])


def issuer() -> str:
    """Return the provider's name for itself, as identities have it."""
    return str(current_app.config["OIDC_ISSUER"])


def client() -> "Client":
    """Return the one that speaks with the provider; it knows what that has said of itself."""
    found = current_app.extensions.get("provider")
    if found is None:
        # To load it takes a third of a second, which no command and no test should pay.
        found = import_module(".oidc", __package__).Client(current_app.config)
        current_app.extensions["provider"] = found
    return found


def forget() -> None:
    """Ask the provider anew what it says of itself: since then it may have changed."""
    current_app.extensions.pop("provider", None)
