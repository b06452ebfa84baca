"""How often one client may ask. Profiles are named in settings; counts live in Redis."""

import ipaddress
from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, Response, current_app, request

from moviesite.config import Config
from moviesite.errors import QuotaExceeded
from moviesite.extensions import limiter
from moviesite.web import errors, identity

View = TypeVar("View", bound=Callable[..., Any])

_IPV6_SITE_BITS = 64

# Requests of one client, by what they may cost upstream.
PROFILES: dict[str, dict[str, str]] = {
    "household": {
        "browse": "600 per minute",
        # An open page of a shared list asks 30 times; a household may have many open.
        "watch": "6000 per minute",
        "discover": "240 per minute",
        "search": "60 per minute",
        "assistant": "40 per day",
        "assistant_address": "100 per day",
    },
    "strict": {
        "browse": "120 per minute",
        "watch": "1200 per minute",
        "discover": "60 per minute",
        "search": "10 per day",
        "assistant": "2 per day",
        "assistant_address": "6 per day",
    },
}


def settings(config: Config) -> dict[str, Any]:
    """What Flask-Limiter reads from the application's settings."""
    return {
        "RATELIMIT_STORAGE_URI": config.redis_url or "memory://",
        "RATELIMIT_STORAGE_OPTIONS": _storage_options(config),
        "RATELIMIT_STRATEGY": "moving-window" if not config.redis_url else "sliding-window-counter",
        "RATELIMIT_HEADERS_ENABLED": True,
        "RATELIMIT_HEADER_LIMIT": "RateLimit-Limit",
        "RATELIMIT_HEADER_REMAINING": "RateLimit-Remaining",
        "RATELIMIT_HEADER_RESET": "RateLimit-Reset",
        "RATELIMIT_IN_MEMORY_FALLBACK_ENABLED": True,
        "RATELIMIT_SWALLOW_ERRORS": True,
        "THROTTLE_PROFILE": config.throttle_profile,
    }


def _storage_options(config: Config) -> dict[str, Any]:
    return {"socket_timeout": 0.25, "socket_connect_timeout": 0.25} if config.redis_url else {}


@limiter.request_filter
def _switched_off() -> bool:
    """Asked of the application in charge: several may live in one process, each with its own."""
    return bool(current_app.config["THROTTLE_PROFILE"] == "off")


def init_app(app: Flask) -> None:
    """Bind the limiter; the settings must be in place."""
    # Flask calls these last to first: ours must see what the limiter wrote.
    app.after_request(_ask_nobody_to_wait)
    limiter.init_app(app)


def _ask_nobody_to_wait(response: Response) -> Response:
    """The limiter writes `Retry-After` on every answer; it belongs to refusals alone."""
    if response.status_code < 400:
        response.headers.pop("Retry-After", None)
    return response


def client_key() -> str:
    """Who is counted: the address, or the /64 an IPv6 address is in."""
    address = request.remote_addr or "unknown"
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if parsed.version == 4:
        return str(parsed)
    if parsed.ipv4_mapped:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.ip_network((parsed, _IPV6_SITE_BITS), strict=False))


def _allowance(kind: str) -> str:
    profile: str = current_app.config["THROTTLE_PROFILE"]
    return PROFILES.get(profile, PROFILES["household"])[kind]


def _refuse(limit: Any) -> Response:
    detail = f"Only {limit.limit} of these are taken from one client."
    return errors.answer(QuotaExceeded.status, QuotaExceeded.title, detail)


def _person_key() -> str:
    """Who is counted where several people may share an address."""
    person = identity.reader()
    return f"person {person.id}" if person else client_key()


def _asks_nothing() -> bool:
    """A page on which nothing was asked yet costs nothing."""
    return request.method == "GET" and not request.args.get("q", "").strip()


def _limit(kind: str, key: Callable[[], str] = client_key, **options: Any) -> Any:
    return limiter.shared_limit(
        lambda: _allowance(kind), scope=kind, key_func=key, on_breach=_refuse, **options
    )


def assistant_limit(view: View) -> View:
    """Wishes in somebody's own words: so many of a person, and so many of an address."""
    own = _limit("assistant", _person_key, exempt_when=_asks_nothing)
    shared = _limit("assistant_address", exempt_when=_asks_nothing)
    limited: View = own(shared(view))
    return limited


browse_limit = _limit("browse")
watch_limit = _limit("watch")
discover_limit = _limit("discover")
search_limit = _limit("search")
