"""Speaks OpenID Connect with the provider; loaded only where somebody comes by one."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from authlib.common.errors import AuthlibBaseError
from authlib.integrations.flask_client import FlaskIntegration, FlaskOAuth2App
from authlib.integrations.requests_client import OAuth2Session
from flask_babel import gettext as _
from joserfc.errors import JoseError
from requests import RequestException, Response

from ..config import is_private
from ..errors import BeginAgain, ProviderFailed
from .provider import Person, Question

SECONDS = 5  # of silence; people wait meanwhile
# By the provider's own keys. Our secret signs nothing: with it others could be us.
SIGNATURES = (
    *("RS256", "RS384", "RS512", "PS256", "PS384", "PS512"),
    *("ES256", "ES384", "ES512", "EdDSA", "Ed25519"),
)
DISCOVERY = ".well-known/openid-configuration"


class Session(OAuth2Session):
    """A line to the provider and to nobody it sends us to; nobody reads along."""

    def request(self, method: str, url: str, **options: Any) -> Response:
        _check(url)
        options.update(timeout=SECONDS, allow_redirects=False)
        return super().request(method, url, **options)


class Client(FlaskOAuth2App):
    """What Authlib does for Flask, but that the caller keeps what was asked."""

    client_cls = Session

    def __init__(self, config: Mapping[str, Any]) -> None:
        self.issuer, self.title = config["OIDC_ISSUER"], config["OIDC_NAME"]
        super().__init__(
            FlaskIntegration("provider"),
            "provider",
            client_id=str(config["OIDC_CLIENT_ID"]),
            client_secret=config["OIDC_CLIENT_SECRET"] and str(config["OIDC_CLIENT_SECRET"]),
            server_metadata_url=f"{self.issuer.rstrip('/')}/{DISCOVERY}",
            client_kwargs={"scope": "openid email profile", "code_challenge_method": "S256"},
        )

    def load_server_metadata(self) -> dict[str, Any]:
        """Return what the provider says of itself, asked once."""
        known: dict[str, Any] = super().load_server_metadata()
        if known.get("issuer") != self.issuer:
            raise ValueError(f"its OIDC_ISSUER would be {known.get('issuer')!r}")
        signatures = known.get("id_token_signing_alg_values_supported", ())
        usable = [each for each in signatures if each in SIGNATURES]
        return {**known, "id_token_signing_alg_values_supported": usable or ["RS256"]}

    def ask(self, way_back: str, *, anew: bool = False) -> Question:
        """Return where somebody shows who they are; `anew` even if they have a moment ago.

        :raises ProviderFailed: when it cannot be reached, or is none.
        """
        more = {"prompt": "login", "max_age": "0"} if anew else {}
        with self._sentences():
            asked = self.create_authorization_url(way_back, **more)
            _check(asked["url"])
        return Question(**asked)

    def told(self, question: Question, code: str, way_back: str) -> Person:
        """Return who came back with a code.

        :raises BeginAgain: when the code is used up, or was never given.
        :raises ProviderFailed: when what is said of them cannot be believed.
        """
        with self._sentences():
            token = self.fetch_access_token(
                code=code, redirect_uri=way_back, code_verifier=question.code_verifier
            )
            return self._person(token, question.nonce)

    def _person(self, token: dict[str, Any], nonce: str) -> Person:
        must = {
            "iss": {"essential": True, "value": self.issuer},
            "aud": {"essential": True, "value": self.client_id},
        }
        claims = self.parse_id_token(token, nonce, claims_options=must)
        if claims is None or not isinstance(claims["sub"], str) or not claims["sub"]:
            raise ValueError("it did not say who came")
        # Some say no more in there than they must.
        more = {} if "email" in claims else self._asked_of(token, claims["sub"])
        known = {**more, **claims}
        email = str(known.get("email") or "")
        is_sure = known.get("email_verified") in (True, "true")
        name = known.get("name") or known.get("preferred_username") or email.partition("@")[0]
        seen_at = float(known.get("auth_time") or 0)
        return Person(self.issuer, claims["sub"], str(name), email if is_sure else "", seen_at)

    def _asked_of(self, token: dict[str, Any], subject: str) -> dict[str, Any]:
        if "userinfo_endpoint" not in self.load_server_metadata():
            return {}
        said: dict[str, Any] = self.userinfo(token=token)
        if said["sub"] != subject:
            raise ValueError("it spoke of somebody else")
        return said

    @contextmanager
    def _sentences(self) -> Iterator[None]:
        """Say in one sentence what went wrong; the cause is for the log."""
        try:
            yield
        except RequestException as error:
            raise ProviderFailed(
                _("%(name)s does not answer. Try again in a moment.", name=self.title)
            ) from error
        except (AuthlibBaseError, JoseError) as error:
            if error.error == "invalid_grant":
                raise BeginAgain(_("That sign-in is used up. Please begin again.")) from error
            raise ProviderFailed(self._doubt()) from error
        except (ArithmeticError, LookupError, RuntimeError, TypeError, ValueError) as error:
            raise ProviderFailed(self._doubt()) from error

    def _doubt(self) -> str:
        return _(
            "What %(name)s answered cannot be relied on, so nobody was signed in."
            " Whoever runs this gallery finds the reason in its log.",
            name=self.title,
        )


def _check(url: str) -> None:
    if not is_private(url):
        raise ValueError(f"others could listen in on the way to {url.partition('?')[0]}")
