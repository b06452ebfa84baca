"""Authlib's OpenID client behind the house's gate and deadlines. Knows no visitor, no account."""

import io
import logging
import time
from collections.abc import Mapping
from http.client import HTTPException
from http.cookiejar import DefaultCookiePolicy
from typing import Any
from urllib.parse import urlsplit

import requests
import structlog
import urllib3
from authlib.integrations.base_client import BaseApp, OAuth2Mixin, OpenIDMixin
from authlib.integrations.requests_client import OAuth2Session
from authlib.oidc.core import CodeIDToken
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from moviesite.errors import Unavailable
from moviesite.providers.gate import Gate
from moviesite.providers.transport import TimedAdapter, deadline

CALL_SECONDS = 5.0
CONNECT_SECONDS = 2.0
MAX_BODY = 512 * 1024
# The provider's description and keys are read anew so often, and kept while it is away.
KEEP_SECONDS = 3600.0
# Anybody can send a token that names an unknown key: it makes us look no more often than this.
LOOK_AGAIN_SECONDS = 30.0
CLOCKS_DIFFER_SECONDS = 60

# Signatures that only the holder of a private key can make.
ALGORITHMS = frozenset({"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384"})
DISCOVERY_PATH = "/.well-known/openid-configuration"
_ADDRESSES = ("authorization_endpoint", "token_endpoint", "jwks_uri")
_FAILURES = (requests.RequestException, urllib3.exceptions.HTTPError, HTTPException, OSError)

log = structlog.get_logger(__name__)
# At its most talkative level the library writes down the verifier of the code.
logging.getLogger("authlib").setLevel(logging.INFO)


class BoundedAdapter(TimedAdapter):
    """Reads the whole answer, and no more of it than anybody needs."""

    def send(self, *args: Any, **kwargs: Any) -> requests.Response:
        """The ordinary transport; the answer comes with its body read."""
        kwargs["stream"] = True
        response = super().send(*args, **kwargs)
        body = response.raw.read(MAX_BODY + 1, decode_content=True)
        response.raw.close()
        if len(body) > MAX_BODY:
            raise requests.RequestException("body too large")
        response.raw = io.BytesIO(body)
        return response


class GatedSession(OAuth2Session):  # type: ignore[misc]
    """Authlib's session: every call has one deadline, goes through the gate, follows nothing."""

    def __init__(self, *args: Any, gate: Gate, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.gate = gate
        self.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        for scheme in ("https://", "http://"):
            self.mount(scheme, BoundedAdapter())

    def request(self, method: str, url: str, *args: Any, **kwargs: Any) -> requests.Response:
        """Raises Unavailable where no answer came; the reason is logged without the address."""
        self.gate.admit()
        until = time.monotonic() + CALL_SECONDS
        kwargs.update(timeout=(CONNECT_SECONDS, CALL_SECONDS), allow_redirects=False)

        def send() -> requests.Response:
            deadline.until = until
            response: requests.Response = OAuth2Session.request(self, method, url, *args, **kwargs)
            return response

        problem = ""
        try:
            response = self.gate.run(send, CALL_SECONDS)
        except (*_FAILURES, ValueError) as error:
            problem = type(error).__name__
        else:
            problem = str(response.status_code) if response.status_code >= 500 else ""
        if problem:  # raised outside the handler: its exception may hold a code or a secret
            self.gate.failed(counts=True)
            raise unavailable(self.gate.name, problem)
        self.gate.passed()
        return response


class OpenIDClient(BaseApp, OAuth2Mixin, OpenIDMixin):  # type: ignore[misc]
    """The framework-neutral client: metadata, keys and the code's exchange are Authlib's."""

    client_cls = GatedSession

    def __init__(self, discovery_url: str, client_id: str, secret: str, gate: Gate) -> None:
        OAuth2Mixin.__init__(
            self,
            framework=None,
            name=gate.name,
            client_id=client_id,
            client_secret=secret,
            server_metadata_url=discovery_url,
            user_agent="moviesite",
            client_kwargs={
                "scope": "openid email profile",
                "code_challenge_method": "S256",
                "gate": gate,
            },
        )
        self.server_metadata: dict[str, Any] = {}
        self._described_at = self._keys_at = -KEEP_SECONDS
        self._looked_at = -LOOK_AGAIN_SECONDS

    def load_server_metadata(self) -> dict[str, Any]:
        """The provider's description, at most an hour old, or older while it is away."""
        now = time.monotonic()
        if now - self._described_at > KEEP_SECONDS:
            try:
                self.server_metadata = {**self.server_metadata, **self._description()}
                self._described_at = now
            except Unavailable:
                if not self.server_metadata:
                    raise
        return self.server_metadata

    def _description(self) -> dict[str, Any]:
        body = self._json(self._server_metadata_url)
        return described(body, self._server_metadata_url, self.name)

    def fetch_jwk_set(self, force: bool = False) -> dict[str, Any]:
        """The provider's keys; `force` asks for newer ones, which is granted now and then."""
        metadata = self.load_server_metadata()
        now, known = time.monotonic(), metadata.get("jwks")
        aged = now - self._keys_at > KEEP_SECONDS
        if known and not aged and not (force and now - self._looked_at > LOOK_AGAIN_SECONDS):
            return dict(known)
        if known and force:
            self._looked_at = now
        try:
            keys = self._key_set(metadata["jwks_uri"])
        except Unavailable:
            if known and not force:
                return dict(known)
            raise
        self.server_metadata["jwks"] = keys
        self._keys_at = now
        return keys

    def claims_of(
        self, id_token: str, nonce: str | None, access_token: str | None = None
    ) -> dict[str, Any]:
        """What a token says, once signature, issuer, audience, time and nonce are right.

        Raises joserfc's JoseError for a bad token, ValueError for what is none at all.
        """
        issuer = self.load_server_metadata()["issuer"]
        token = {"id_token": id_token}
        if access_token:
            token["access_token"] = access_token
        claims = self.parse_id_token(
            token,
            nonce,
            claims_cls=CodeIDToken,
            claims_options={
                "iss": {"essential": True, "values": spellings(issuer)},
                "aud": {"essential": True, "value": self.client_id},
                "sub": {"essential": True},
                "exp": {"essential": True},
            },
            leeway=CLOCKS_DIFFER_SECONDS,
        )
        return {**claims, "iss": issuer}

    def _key_set(self, address: str) -> dict[str, Any]:
        keys: Any = self._json(address)
        try:
            KeySet.import_key_set(keys)
        except (JoseError, ValueError, TypeError, KeyError, AttributeError) as error:
            problem = f"unusable keys: {type(error).__name__}"
        else:
            return dict(keys)
        raise unavailable(self.name, problem)

    def _json(self, address: str) -> dict[str, Any]:
        with self._get_session() as session:
            response = session.request("GET", address, withhold_token=True)
        try:
            body = response.json() if response.status_code == 200 else None
        except ValueError:
            body = None
        if not isinstance(body, dict):
            raise unavailable(self.name, "not the JSON that was expected")
        return body


def spellings(issuer: str) -> list[str]:
    """Google writes its own name with and without the scheme."""
    return [issuer, "accounts.google.com"] if issuer == "https://accounts.google.com" else [issuer]


def described(body: Mapping[str, Any], discovery_url: str, name: str) -> dict[str, Any]:
    """The parts of a provider's description that are used; raises Unavailable for a wrong one."""
    issuer = body.get("issuer")
    if not isinstance(issuer, str) or discovery_url != issuer.rstrip("/") + DISCOVERY_PATH:
        raise unavailable(name, "the description is of another issuer")
    found: dict[str, Any] = {"issuer": issuer}
    for field in _ADDRESSES:
        address = body.get(field)
        if not isinstance(address, str) or not _as_safe_as(address, discovery_url):
            raise unavailable(name, f"the description has no usable {field}")
        found[field] = address
    offered = body.get("id_token_signing_alg_values_supported")
    usable = ALGORITHMS.intersection(offered if isinstance(offered, list) else ["RS256"])
    if not usable:
        raise unavailable(name, "no signature algorithm that is taken here")
    found["id_token_signing_alg_values_supported"] = sorted(usable)
    return found | _ways_to_authenticate(body)


def _ways_to_authenticate(body: Mapping[str, Any]) -> dict[str, str]:
    """Basic authentication is the default; some providers take the form's fields alone."""
    ways = body.get("token_endpoint_auth_methods_supported")
    only_post = isinstance(ways, list) and "client_secret_basic" not in ways
    return {"token_endpoint_auth_method": "client_secret_post"} if only_post else {}


def _as_safe_as(address: str, discovery_url: str) -> bool:
    parts = urlsplit(address)
    allowed = ("https", urlsplit(discovery_url).scheme)
    return parts.scheme in allowed and bool(parts.hostname)


def unavailable(name: str, problem: str) -> Unavailable:
    """The failure to raise; what went wrong is for the operator's log alone."""
    log.warning("sign-in provider failed", provider=name, problem=problem)
    return Unavailable(f"{name} did not answer as it should.", retry_after=30)
