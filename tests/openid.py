"""A small OpenID provider on 127.0.0.1 whose every word can be chosen."""

import base64
import hashlib
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey
from joserfc.jws import JWSRegistry

CLIENT_ID, CLIENT_SECRET = "films-client", "client-secret-canary"
ANY_ALGORITHM = JWSRegistry(algorithms=list(JWSRegistry.algorithms))


def new_key(kid: str = "one") -> RSAKey:
    """A signing key."""
    return RSAKey.generate_key(2048, {"kid": kid, "use": "sig"})


class Provider:
    """Hands out what `claims` and `token_answer` say; remembers what it was asked."""

    def __init__(self, key: RSAKey) -> None:
        self.key = key
        self.published = [key]
        self.claims: dict[str, Any] = {}
        self.token_answer: tuple[int, dict[str, Any]] | None = None
        self.description: dict[str, Any] = {}
        self.keys_answer: Any = None
        self.status = 200
        self.silent = False
        self.asked: list[str] = []
        self.token_requests: list[dict[str, str]] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
        self._server.daemon_threads = True
        self._server.block_on_close = False
        self._server.provider = self  # type: ignore[attr-defined]
        self.issuer = f"http://127.0.0.1:{self._server.server_address[1]}"
        self.discovery_url = f"{self.issuer}/.well-known/openid-configuration"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))
        self._thread.start()

    def close(self) -> None:
        """Refuse connections from now on."""
        if self._thread.is_alive():
            self._server.shutdown()
            self._thread.join(5)
            self._server.server_close()

    def token(self, key: Any = None, header: dict[str, Any] | None = None, **changes: Any) -> str:
        """An ID token; a claim that is changed to None is left out."""
        now = int(time.time())
        claims = {
            "iss": self.issuer,
            "aud": CLIENT_ID,
            "sub": "1234567890",
            "iat": now,
            "exp": now + 600,
            "email": "ada@example.org",
            "email_verified": True,
            **self.claims,
            **changes,
        }
        kept = {name: value for name, value in claims.items() if value is not None}
        key = key or self.key
        header = {"alg": "RS256", "kid": key.kid, **(header or {})}
        return jwt.encode(header, kept, key, registry=ANY_ALGORITHM)

    def answer(self, path: str, form: dict[str, str]) -> tuple[int, Any]:
        """Status and JSON for one request."""
        self.asked.append(path)
        if path == "/.well-known/openid-configuration":
            return self.status, self._described()
        if path == "/keys":
            keys = {"keys": [key.as_dict(private=False) for key in self.published]}
            return self.status, self.keys_answer or keys
        if path == "/token":
            self.token_requests.append(form)
            return self.token_answer or (200, {})
        return 404, {}

    def _described(self) -> dict[str, Any]:
        said = {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "id_token_signing_alg_values_supported": ["RS256"],
            **self.description,
        }
        return {name: value for name, value in said.items() if value is not None}


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self._answer({})

    def do_POST(self) -> None:
        raw = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self._answer({name: values[0] for name, values in parse_qs(raw).items()})

    def _answer(self, form: dict[str, str]) -> None:
        provider: Provider = self.server.provider  # type: ignore[attr-defined]
        if provider.silent:
            time.sleep(15)
            return
        status, body = provider.answer(urlsplit(self.path).path, form)
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


def challenge_of(verifier: str) -> str:
    """The S256 challenge of a verifier, as RFC 7636 says."""
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
