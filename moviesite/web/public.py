"""Which answers are everybody's: views say so, requests that show who asks never get one."""

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import parse_qsl, urlencode

from flask import Flask, request
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from moviesite import freshness
from moviesite.web.viewing import LANGUAGE, REGION

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

View = TypeVar("View", bound=Callable[..., Any])

PUBLIC_SECONDS = 60
# What every view that shows movies takes; a view names the rest.
_COMMON_PARAMETERS = ("language", "region")
_SECONDS = "moviesite.public_seconds"
# Who asks may change the answer.
_CREDENTIALS = ("HTTP_AUTHORIZATION", "HTTP_COOKIE", "HTTP_X_TMDB_TOKEN")


def public(*parameters: str, seconds: int = PUBLIC_SECONDS) -> Callable[[View], View]:
    """Mark a view whose answer is the same for everybody, for so long at most.

    `parameters` of the address are all that it reads beside language and region. What the answer
    is made of may shorten the time.
    """

    def mark(view: View) -> View:
        @wraps(view)
        def answer(*args: Any, **kwargs: Any) -> Any:
            with freshness.watched() as fresh:
                made = view(*args, **kwargs)
            request.environ[_SECONDS] = int(min(seconds, fresh.seconds))
            return made

        answer.public_parameters = frozenset((*_COMMON_PARAMETERS, *parameters))  # type: ignore[attr-defined]
        return answer  # type: ignore[return-value]

    return mark


def address_of(app: Flask, path: str, query: str) -> str | None:
    """The one form of a public address; None where its view is not marked or it says more.

    `path` and `query` are WSGI's own.
    """
    view = app.view_functions.get(endpoint_at(app, path))
    known = getattr(view, "public_parameters", None)
    pairs = sorted(parse_qsl(query, keep_blank_values=True))
    names = [name for name, _ in pairs]
    if known is None or len(set(names)) != len(names) or not known.issuperset(names):
        return None
    if not all(_is_plain(name, value) for name, value in pairs):
        return None
    return f"{path}?{urlencode(pairs)}"


def endpoint_at(app: Flask, path: str) -> str:
    """The name of the view at a path as WSGI has it; empty where there is none."""
    # WSGI gives paths as bytes in the guise of Latin-1.
    readable = path.encode("latin-1", "replace").decode("utf-8", "replace")
    try:
        endpoint, _ = app.url_map.bind("").match(readable, "GET")
    except (HTTPException, RequestRedirect):
        return ""
    return str(endpoint)


def _is_plain(name: str, value: str) -> bool:
    """Whether the value is of a form that can be valid: nonsense would only fill the store."""
    form = {"language": LANGUAGE, "region": REGION}.get(name)
    return bool(form.fullmatch(value)) if form else value.isalnum() and len(value) <= 10


def public_seconds(environ: "WSGIEnvironment") -> int | None:
    """For how long this answer is everybody's; None where its view was not marked or failed."""
    seconds: int | None = environ.get(_SECONDS)
    return seconds


def shows_who_asks(environ: "WSGIEnvironment") -> bool:
    """Whether a request carries anything that its answer may depend on personally."""
    return any(name in environ for name in _CREDENTIALS)
