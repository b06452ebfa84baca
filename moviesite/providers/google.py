"""Google as a witness of who somebody is, or any OpenID provider in its place. No accounts here."""

import re
from typing import Any, NamedTuple

import redis
import structlog
from authlib.common.security import generate_token
from authlib.integrations.base_client import OAuthError
from flask import current_app
from joserfc.errors import JoseError

from moviesite.errors import MovieSiteError, NotFound, Unavailable
from moviesite.providers.gate import Gate
from moviesite.providers.oidc_client import CLOCKS_DIFFER_SECONDS, OpenIDClient, unavailable
from moviesite.text import is_clean

MAX_TOKEN = 8192
MAX_SUBJECT = 255
MAX_EMAIL = 254
_WORD = re.compile(r"[a-z_]{1,40}")
_OURS_TO_BLAME = frozenset({"invalid_client", "unauthorized_client", "invalid_scope"})

log = structlog.get_logger(__name__)


class NotProven(MovieSiteError):
    """A code or token that does not show who somebody is: forged, used, too old or not for us."""

    status = 401
    title = "This sign-in could not be confirmed"


class Departure(NamedTuple):
    """Somebody on the way to the provider: where to, and what must come back with them."""

    url: str
    state: str
    nonce: str
    verifier: str


class Witnessed(NamedTuple):
    """Whom the provider vouches for. `email_verified` is its word, and true for nothing but true.

    `email` is empty where the provider gave none; what it gave need not be an address.
    """

    issuer: str
    subject: str
    email: str
    email_verified: bool


class Google:
    """Code flow with PKCE, state and nonce, and the check of tokens that others obtained."""

    def __init__(
        self,
        client_id: str,
        secret: str,
        discovery_url: str,
        *,
        redis_client: redis.Redis | None,
        threads: int,
    ) -> None:
        self.gate = gate = Gate("Google", redis_client, threads)
        self._client = OpenIDClient(discovery_url, client_id, secret, gate)

    def departure(self, callback: str, *, anew: bool = False) -> Departure:
        """Where to send somebody who shall come back to `callback`; raises Unavailable.

        With `anew` the provider is to ask for the password although it knows its visitor.
        """
        wanted = {"prompt": "login", "max_age": 0} if anew else {}
        sent = self._client.create_authorization_url(callback, state=generate_token(32), **wanted)
        return Departure(sent["url"], sent["state"], sent["nonce"], sent["code_verifier"])

    def arrival(
        self, code: str, callback: str, *, nonce: str, verifier: str, since: int | None = None
    ) -> Witnessed:
        """Who came back with this code; raises NotProven or Unavailable.

        `since`, in seconds since 1970, refuses who proved themselves to the provider before, as
        far as it says when that was: Google does not.
        """
        try:
            token = self._client.fetch_access_token(callback, code=code, code_verifier=verifier)
        except OAuthError as error:
            raise self._refused(error) from None
        except (ValueError, OSError):
            raise unavailable("Google", "no token came") from None
        claims = self._claims(str(token.get("id_token", "")), nonce, token.get("access_token"))
        if since is not None and _seen_before(since, claims.get("auth_time")):
            raise NotProven("Google did not check who you are as it was asked to.")
        return witnessed(claims)

    def witness(self, id_token: str, nonce: str | None = None) -> Witnessed:
        """Whom a token speaks of, checked in every respect; raises NotProven or Unavailable."""
        return witnessed(self._claims(id_token, nonce))

    def _claims(
        self, id_token: str, nonce: str | None, access_token: str | None = None
    ) -> dict[str, Any]:
        if not id_token or len(id_token) > MAX_TOKEN:
            raise NotProven
        try:
            return self._client.claims_of(id_token, nonce, access_token)
        except (JoseError, ValueError, TypeError, KeyError, RecursionError) as error:
            log.info("id token refused", reason=type(error).__name__)
            raise NotProven from None

    def _refused(self, error: OAuthError) -> MovieSiteError:
        word = error.error if _WORD.fullmatch(str(error.error)) else "unknown"
        if word in _OURS_TO_BLAME:
            log.error("Google refused this site; check GOOGLE_CLIENT_ID and _SECRET", problem=word)
            return Unavailable("Sign-in with Google is not set up correctly here.", retry_after=600)
        log.info("code refused", reason=word)
        return NotProven("Google did not accept this sign-in: it was already used or is too old.")


def _seen_before(since: int, auth_time: Any) -> bool:
    if auth_time is None:
        return False
    number = isinstance(auth_time, (int, float)) and not isinstance(auth_time, bool)
    return not number or auth_time < since - CLOCKS_DIFFER_SECONDS


def witnessed(claims: dict[str, Any]) -> Witnessed:
    """Our words for checked claims; raises NotProven without a usable subject."""
    subject = claims.get("sub")
    if not isinstance(subject, str) or not 0 < len(subject) <= MAX_SUBJECT or not is_clean(subject):
        raise NotProven
    email = claims.get("email")
    if not isinstance(email, str) or len(email) > MAX_EMAIL or not is_clean(email):
        email = ""
    # Some providers write the words "true" and "false", and both are truthy.
    verified = claims.get("email_verified") is True and bool(email)
    return Witnessed(str(claims["iss"]), subject, email, verified)


def current_google() -> Google | None:
    """The provider of the current application; None where it was not set up."""
    google: Google | None = current_app.extensions["google"]
    return google


def google_set_up() -> Google:
    """The same; raises NotFound where it was not set up."""
    google = current_google()
    if google is None:
        raise NotFound("Sign-in with Google is not set up here.")
    return google
