"""Whole public answers, kept as bytes and served before Flask is involved. Renders nothing itself.

Only answers of views marked as `public` are kept, for as long as the mark says. Requests with
credentials neither get nor leave one. Keys contain a random name of this start of the
application, so that a new release serves no page of an older one.
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

from moviesite import metrics
from moviesite.cache_backends import ANSWERS, ByteCache, LocalBytes
from moviesite.config import Config
from moviesite.extensions import cache
from moviesite.web import htmx
from moviesite.web.compression import TEXTS, Coding, Headers, coding_for, may_be_packed, packed
from moviesite.web.public import address_of, endpoint_at, public_seconds, shows_who_asks
from moviesite.web.request_scope import request_id
from moviesite.web.security import trusted_hosts

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

NEAR_BYTES = 8 * 1024 * 1024
NEAR_SECONDS = 5
LONGEST_ADDRESS = 300
LARGEST_BODY = 512 * 1024
_REMEMBERED_ADDRESSES = 4096

# Other representations than the plain one, which alone is kept.
_SPECIAL = ("HTTP_RANGE", "HTTP_ORIGIN", htmx.IN_ENVIRON)
# Headers that belong to one request or one client, not to the answer.
_NOT_KEPT = ("x-request-id", "date", "retry-after", "ratelimit-")
_VARIES_BY = {
    "accept-encoding",
    "authorization",
    "cookie",
    "origin",
    *map(str.lower, htmx.VARIES_BY),
}
_OF_A_BODY = ("content-length", "content-type")


class Kept(msgspec.Struct, array_like=True):
    """An answer; times in seconds since 1970."""

    since: float
    until: float
    etag: str
    headers: Headers
    body: bytes


_decode = msgspec.msgpack.Decoder(Kept).decode
_encode = msgspec.msgpack.Encoder().encode


class StoredAnswers:
    """WSGI middleware; `near` is a small cache of this process in front of the shared one."""

    def __init__(self, app: Flask, config: Config) -> None:
        self._next: WSGIApplication = app.wsgi_app
        self._most_seconds = config.cache_answer_seconds
        self._shared: ByteCache = app.extensions["cache"][cache]
        self._prefix = f"{ANSWERS}{secrets.token_hex(6)}:"
        hosts = trusted_hosts(config)
        self._trusted = lru_cache(64)(lambda host: host_is_trusted(host, hosts))
        self._address = lru_cache(_REMEMBERED_ADDRESSES)(partial(address_of, app))
        self._route = lru_cache(_REMEMBERED_ADDRESSES)(partial(endpoint_at, app))
        self.near: ByteCache | None = LocalBytes(NEAR_SECONDS, NEAR_BYTES)

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """The kept answer, or the application's."""
        coding = coding_for(environ, shows_somebody=shows_who_asks(environ))
        key = self._key(environ)
        if key is None and coding is None:
            return self._next(environ, start_response)
        kept = self._find_coded(key, coding) if key else None
        if kept is not None:
            return _give(kept, self._route(environ["PATH_INFO"]), environ, start_response)
        return self._ask(key, coding, environ, start_response)

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

    def _find_coded(self, key: str, coding: Coding | None) -> Kept | None:
        """The answer in the client's coding, compressed once from the plain one and then kept."""
        if not coding:
            return self._find(key)
        found = self._find(_coded(key, coding))
        plain = None if found else self._find(key)
        if plain is None or not may_be_packed(plain.headers, plain.body, coding):
            return found or plain
        headers, body = packed(plain.headers, plain.body, coding)
        small = msgspec.structs.replace(plain, headers=headers, body=body)
        seconds = int(small.until - time.time())
        if seconds > 0:
            self._shared.set(_coded(key, coding), _encode(small), timeout=seconds)
        return small

    def _find(self, key: str) -> Kept | None:
        if self.near is not None and (body := self.near.get(key)):
            return _still_good(body)
        body = self._shared.get(key)
        kept = _still_good(body) if body else None
        if body and kept and self.near is not None:
            self.near.set(key, body, timeout=NEAR_SECONDS)
        return kept

    def _ask(
        self,
        key: str | None,
        coding: Coding | None,
        environ: "WSGIEnvironment",
        start_response: "StartResponse",
    ) -> Iterable[bytes]:
        recorded = _Recorded()
        parts = self._next(environ, recorded)
        if not recorded.is_whole or environ["REQUEST_METHOD"] != "GET":
            start_response(recorded.status, recorded.headers, recorded.trouble)
            return parts
        body = b"".join(parts)
        if hasattr(parts, "close"):
            parts.close()
        seconds = min(public_seconds(environ) or 0, self._most_seconds)
        if key and seconds >= 1 and _may_be_kept(recorded.headers) and len(body) <= LARGEST_BODY:
            self._keep(key, recorded.headers, body, seconds)
        headers = recorded.headers
        if coding and may_be_packed(headers, body, coding):
            headers, body = packed(headers, body, coding)
        start_response(recorded.status, headers, recorded.trouble)
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
        app.extensions["response_cache"] = answers
        app.wsgi_app = answers  # type: ignore[method-assign]


class _Recorded:
    """Records status and headers, which are sent once the body is known."""

    def __init__(self) -> None:
        self.status = ""
        self.headers: Headers = []
        self.trouble: Any = None

    def __call__(
        self, status: str, headers: Headers, exc_info: Any = None
    ) -> Callable[[bytes], object]:
        """WSGI's `start_response`; the `write` that it must return is never used here."""
        self.status, self.headers, self.trouble = status, headers, exc_info
        return _nowhere

    @property
    def is_whole(self) -> bool:
        """Whether the body is a whole text; files and downloads are passed on in pieces."""
        recorded = {name.lower(): value for name, value in self.headers}
        is_text = recorded.get("content-type", "").startswith(TEXTS)
        return self.status.startswith("200") and is_text and "content-length" in recorded


def _nowhere(_piece: bytes) -> object:
    raise RuntimeError("answers are returned, not written")


def _coded(key: str, coding: Coding) -> str:
    return f"{key}#{coding.name}"


def _may_be_kept(headers: Headers) -> bool:
    named = {name.lower() for name, _ in headers}
    varies = {
        word.strip().lower()
        for name, value in headers
        if name.lower() == "vary"
        for word in value.split(",")
    }
    return "set-cookie" not in named and varies <= _VARIES_BY


def _still_good(body: bytes) -> Kept | None:
    kept = _decode(body)
    # Also expired if it seems to be from the future: then the clock was ahead, and was set back.
    return kept if abs(time.time() - kept.since) < kept.until - kept.since else None


def _give(
    kept: Kept, route: str, environ: "WSGIEnvironment", start_response: "StartResponse"
) -> Iterable[bytes]:
    headers = [
        *kept.headers,
        ("Age", str(max(0, int(time.time() - kept.since)))),
        ("X-Request-ID", request_id(environ.get("HTTP_X_REQUEST_ID", ""))),
    ]
    method = environ["REQUEST_METHOD"]
    asked = environ.get("HTTP_IF_NONE_MATCH")
    if asked and kept.etag and parse_etags(asked).contains_weak(kept.etag):
        metrics.requests_of(route, method, 304, "stored").inc()
        start_response("304 NOT MODIFIED", [h for h in headers if h[0].lower() not in _OF_A_BODY])
        return []
    metrics.requests_of(route, method, 200, "stored").inc()
    start_response("200 OK", headers)
    return [] if method == "HEAD" else [kept.body]
