"""Whole public answers, kept as bytes and given before Flask is asked. Makes no answer itself.

Only what a view marked as `public` is kept, for as long as it said; a request that shows who asks
neither gets nor leaves anything here. Keys carry a name of this start of the application: a new
release shows nothing of an older one.
"""

import secrets
import time
from collections.abc import Callable, Iterable
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any

import msgspec
from flask import Flask
from werkzeug.http import parse_etags
from werkzeug.sansio.utils import host_is_trusted

from moviesite.cache_backends import ByteCache, LocalBytes
from moviesite.config import Config
from moviesite.extensions import cache
from moviesite.web import htmx
from moviesite.web.public import address_of, public_seconds, shows_who_asks
from moviesite.web.security import request_id, trusted_hosts

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

NEAR_BYTES = 8 * 1024 * 1024
NEAR_SECONDS = 5
LONGEST_ADDRESS = 300
LARGEST_BODY = 512 * 1024
_REMEMBERED_ADDRESSES = 4096

# Other representations than the plain one, which alone is kept.
_SPECIAL = ("HTTP_RANGE", "HTTP_ORIGIN", htmx.IN_ENVIRON)
# Of one request or one client, not of the answer.
_NOT_KEPT = ("x-request-id", "date", "retry-after", "ratelimit-")
_VARIES_BY = {
    "accept-encoding",
    "authorization",
    "cookie",
    "origin",
    *map(str.lower, htmx.VARIES_BY),
}
_OF_A_BODY = ("content-length", "content-type")

Headers = list[tuple[str, str]]


class Kept(msgspec.Struct, array_like=True):
    """An answer; times in seconds of the clock."""

    since: float
    until: float
    etag: str
    headers: Headers
    body: bytes


_decode = msgspec.msgpack.Decoder(Kept).decode
_encode = msgspec.msgpack.Encoder().encode


class StoredAnswers:
    """Stands before the application; `near` is this process's own short memory."""

    def __init__(self, app: Flask, config: Config) -> None:
        self._next: WSGIApplication = app.wsgi_app
        self._most_seconds = config.cache_answer_seconds
        self._shared: ByteCache = app.extensions["cache"][cache]
        self._prefix = f"answer:{secrets.token_hex(6)}:"
        hosts = trusted_hosts(config)
        self._trusted = lru_cache(64)(lambda host: host_is_trusted(host, hosts))
        self._address = lru_cache(_REMEMBERED_ADDRESSES)(partial(address_of, app))
        self.near: ByteCache | None = LocalBytes(NEAR_SECONDS, NEAR_BYTES)

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """The kept answer, or the application's."""
        key = self._key(environ)
        if key is None:
            return self._next(environ, start_response)
        kept = self._find(key)
        if kept is not None:
            return _give(kept, environ, start_response)
        return self._ask(key, environ, start_response)

    def _key(self, environ: "WSGIEnvironment") -> str | None:
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD") or shows_who_asks(environ):
            return None
        if any(name in environ for name in _SPECIAL):
            return None
        path, query = environ["PATH_INFO"], environ.get("QUERY_STRING", "")
        if len(path) + len(query) > LONGEST_ADDRESS:
            return None
        address = self._address(path, query)
        if address is None or not self._trusted(environ.get("HTTP_HOST", "")):
            return None
        return self._prefix + address

    def _find(self, key: str) -> Kept | None:
        if self.near is not None and (body := self.near.get(key)):
            return _still_good(body)
        body = self._shared.get(key)
        kept = _still_good(body) if body else None
        if body and kept and self.near is not None:
            self.near.set(key, body, timeout=NEAR_SECONDS)
        return kept

    def _ask(
        self, key: str, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        said: list[Any] = ["", []]

        def note(status: str, headers: Headers, exc_info: Any = None) -> Callable[[bytes], object]:
            said[:] = status, headers
            return start_response(status, headers, exc_info)

        parts = self._next(environ, note)
        seconds = min(public_seconds(environ) or 0, self._most_seconds)
        if seconds < 1 or environ["REQUEST_METHOD"] != "GET" or not _may_be_kept(*said):
            return parts
        body = b"".join(parts)
        if hasattr(parts, "close"):
            parts.close()
        if len(body) <= LARGEST_BODY:
            self._keep(key, said[1], body, seconds)
        return [body]

    def _keep(self, key: str, headers: Headers, body: bytes, seconds: int) -> None:
        kept_headers = [pair for pair in headers if not pair[0].lower().startswith(_NOT_KEPT)]
        etag = next((value for name, value in headers if name.lower() == "etag"), "")
        now = time.time()
        kept = Kept(now, now + seconds, etag.removeprefix("W/").strip('"'), kept_headers, body)
        self._shared.set(key, _encode(kept), timeout=seconds)


def init_app(app: Flask, config: Config) -> None:
    """Bind to the application, whose cache must be bound; with 0 seconds nothing is kept."""
    if config.cache_answer_seconds:
        answers = StoredAnswers(app, config)
        app.extensions["stored_answers"] = answers
        app.wsgi_app = answers  # type: ignore[method-assign]


def _may_be_kept(status: str, headers: Headers) -> bool:
    named = {name.lower() for name, _ in headers}
    varies = {
        word.strip().lower()
        for name, value in headers
        if name.lower() == "vary"
        for word in value.split(",")
    }
    return status.startswith("200") and "set-cookie" not in named and varies <= _VARIES_BY


def _still_good(body: bytes) -> Kept | None:
    kept = _decode(body)
    return kept if kept.until > time.time() else None


def _give(
    kept: Kept, environ: "WSGIEnvironment", start_response: "StartResponse"
) -> Iterable[bytes]:
    headers = [
        *kept.headers,
        ("Age", str(max(0, int(time.time() - kept.since)))),
        ("X-Request-ID", request_id(environ.get("HTTP_X_REQUEST_ID", ""))),
    ]
    asked = environ.get("HTTP_IF_NONE_MATCH")
    if asked and kept.etag and parse_etags(asked).contains_weak(kept.etag):
        start_response("304 NOT MODIFIED", [h for h in headers if h[0].lower() not in _OF_A_BODY])
        return []
    start_response("200 OK", headers)
    return [] if environ["REQUEST_METHOD"] == "HEAD" else [kept.body]
