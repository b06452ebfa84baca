"""How often one client may ask. Profiles are named in settings; counts live in Redis."""

from collections.abc import Callable
from functools import partial, wraps
from typing import Any, NamedTuple, TypeVar

from flask import Flask, Response, current_app, request

from moviesite import clock
from moviesite.config import Config
from moviesite.errors import QuotaExceeded
from moviesite.extensions import limiter
from moviesite.networks import network_of
from moviesite.web import errors, identity

View = TypeVar("View", bound=Callable[..., Any])


class Allowance(NamedTuple):
    """How often something may be asked for: by one client, from one address, and by everybody.

    A client is a person with an account, or an address. Behind an address there may be several.
    """

    client: str
    address: str
    overall: str


# By what requests may cost upstream.
PROFILES: dict[str, dict[str, Allowance]] = {
    "household": {
        "browse": Allowance("600 per minute", "1800 per minute", "60000 per minute"),
        # An open page of a shared list asks 30 times; a household may have many open.
        "watch": Allowance("6000 per minute", "18000 per minute", "600000 per minute"),
        "discover": Allowance("240 per minute", "720 per minute", "12000 per minute"),
        "suggest": Allowance("300 per minute", "900 per minute", "30000 per minute"),
        "search": Allowance("60 per minute", "180 per minute", "6000 per minute"),
        "assistant": Allowance("40 per day", "100 per day", "5000 per day"),
    },
    "strict": {
        "browse": Allowance("120 per minute", "360 per minute", "12000 per minute"),
        "watch": Allowance("1200 per minute", "3600 per minute", "120000 per minute"),
        "discover": Allowance("60 per minute", "180 per minute", "3000 per minute"),
        "suggest": Allowance("60 per minute", "120 per minute", "6000 per minute"),
        "search": Allowance("10 per day", "20 per day", "10000 per day"),
        "assistant": Allowance("2 per day", "6 per day", "500 per day"),
    },
}
# For whoever is not signed in a client is an address: one count is enough, save where each costs.
_COUNTED_TWICE = ("search", "assistant")
_HEADERS = ("RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset")
# The limiter tells it with every answer, and would take a later moment for what an answer says
# itself: a source that is silent for a second would be so for a minute.
_LIMITERS_WAIT = "X-Limiter-Wait"
# Larger numbers in headers are moments, smaller ones seconds.
_A_MOMENT = 10**8
_NAMELESS = "Identify your program in the User-Agent header."


def settings(config: Config) -> dict[str, Any]:
    """What Flask-Limiter reads from the application's settings."""
    return {
        "RATELIMIT_STORAGE_URI": "redis://" if config.redis_url else "memory://",
        "RATELIMIT_STRATEGY": "moving-window" if not config.redis_url else "sliding-window-counter",
        "RATELIMIT_HEADERS_ENABLED": True,
        "RATELIMIT_HEADER_LIMIT": "RateLimit-Limit",
        "RATELIMIT_HEADER_REMAINING": "RateLimit-Remaining",
        "RATELIMIT_HEADER_RESET": "RateLimit-Reset",
        "RATELIMIT_HEADER_RETRY_AFTER": _LIMITERS_WAIT,
        "RATELIMIT_IN_MEMORY_FALLBACK_ENABLED": True,
        "RATELIMIT_SWALLOW_ERRORS": True,
        "THROTTLE_PROFILE": config.throttle_profile,
    }


@limiter.request_filter
def _switched_off() -> bool:
    """Asked of the application in charge: several may live in one process, each with its own."""
    return bool(current_app.config["THROTTLE_PROFILE"] == "off")


def init_app(app: Flask) -> None:
    """Bind the limiter; the settings and the Redis client must be in place."""
    if client := app.extensions["redis_client"]:
        app.config["RATELIMIT_STORAGE_OPTIONS"] = {"connection_pool": client.connection_pool}
    # Flask calls these last to first: ours must see what the limiter wrote.
    app.after_request(_say_once_in_seconds)
    limiter.init_app(app)


def _say_once_in_seconds(response: Response) -> Response:
    """The limiter adds its headers to those that are there, and tells moments instead of waits."""
    if _HEADERS[0] not in response.headers:
        return response
    for name in _HEADERS:
        value = response.headers.get(name)
        if value is not None:
            response.headers[name] = value
    reset = response.headers.get("RateLimit-Reset", type=int)
    if reset and reset > _A_MOMENT:
        response.headers["RateLimit-Reset"] = str(_seconds_until(reset))
    response.headers.pop(_LIMITERS_WAIT, None)
    return response


def _seconds_until(moment: int) -> int:
    return max(moment - int(clock.now().timestamp()), 1)


def client_key() -> str:
    """Who is counted: the address, or the /64 an IPv6 address is in."""
    return network_of(request.remote_addr or "unknown")


def _allowance(kind: str) -> Allowance:
    profile: str = current_app.config["THROTTLE_PROFILE"]
    return PROFILES.get(profile, PROFILES["household"])[kind]


def _refuse(limit: Any) -> Response:
    """The answer to one request too many, with how long to wait."""
    wait = _seconds_until(limit.reset_at)
    many, span = f"{limit.limit.amount:,}", limit.limit.GRANULARITY.name
    detail = f"At most {many} of these requests are answered a {span}."
    return errors.answer(QuotaExceeded.status, QuotaExceeded.title, detail, retry_after=wait)


def _person_key() -> str:
    """Who is counted where several people may share an address."""
    person = identity.reader()
    return f"person {person.uuid}" if person else client_key()


def _everybody() -> str:
    return "everybody"


def _asks_nothing() -> bool:
    """A page on which nothing was asked yet costs nothing."""
    return request.method == "GET" and not request.args.get("q", "").strip()


def _never() -> bool:
    return False


def _limit(kind: str, exempt: Callable[[], bool] = _never) -> Callable[[View], View]:
    """A decorator that counts a view's requests, those of one client first.

    What is refused is not counted against those who share an address, or against everybody.
    """

    def counted_alike() -> bool:
        return exempt() or (kind not in _COUNTED_TWICE and _person_key() == client_key())

    def decorate(view: View) -> View:
        limited: Any = view
        for part, key, skipped in (
            ("client", _person_key, exempt),
            ("address", client_key, counted_alike),
            ("overall", _everybody, exempt),
        ):
            limited = limiter.shared_limit(
                partial(_part_of_allowance, kind, part),
                scope=f"{kind}-{part}",
                key_func=key,
                exempt_when=skipped,
                on_breach=_refuse,
            )(limited)
        named: View = _named(limited)
        return named

    return decorate


def _part_of_allowance(kind: str, part: str) -> str:
    text: str = getattr(_allowance(kind), part)
    return text


def _named(view: Callable[..., Any]) -> Any:
    """Programs that do not say what they are cannot be told apart, nor their makers be asked."""

    @wraps(view)
    def only_named(*args: Any, **kwargs: Any) -> Any:
        if errors.is_api_request() and not _switched_off():
            agent = request.headers.get("User-Agent", "")
            if not agent.strip():
                return errors.answer(400, "Bad request", _NAMELESS)
        return view(*args, **kwargs)

    return only_named


browse_limit = _limit("browse")
watch_limit = _limit("watch")
discover_limit = _limit("discover")
suggest_limit = _limit("suggest")
search_limit = _limit("search")
assistant_limit = _limit("assistant", _asks_nothing)
