"""Every failure becomes one answer: problem+json for the API, a fragment for htmx, else a page."""

import sqlite3
from collections.abc import Iterator
from http import HTTPStatus
from itertools import islice
from typing import Any

import structlog
from flask import (
    Flask,
    Response,
    g,
    json,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_wtf.csrf import CSRFError
from sqlalchemy import exc as database_errors
from werkzeug.exceptions import HTTPException, InternalServerError, SecurityError
from werkzeug.wrappers import Response as AnyResponse

from moviesite import metrics
from moviesite.errors import (
    InvalidInput,
    MovieSiteError,
    NotSignedIn,
    Outdated,
    QuotaExceeded,
    Unconfirmed,
)
from moviesite.text import wait_in_words
from moviesite.web.htmx import leave_for, vary_on_htmx, wants_fragment
from moviesite.web.redirects import page_left, safe_next

PROBLEM_JSON = "application/problem+json"
API_PREFIXES = ("/api/", "/compat/")
AUTHENTICATE = 'Bearer realm="moviesite"'
# In place of a field, where all that was sent is wrong.
WHOLE = "_schema"
# Of what is wrong with fields, as much as one line tells.
_SENTENCES = 3
# Fields that are named, and lines about each: what was sent may have a million of both.
_MOST_FAULTS = 100

_PLAIN_WORDS = {
    400: "The request could not be understood.",
    401: "Sign in first.",
    403: "You do not have access to this.",
    404: "There is nothing at this address.",
    405: "This address does not accept that kind of request.",
    413: "That is too large.",
    414: "That address is too long.",
    415: "This content type is not accepted here.",
    422: "Some of the input is not valid.",
    429: "Too many requests came from your address.",
    500: "The problem is on our side, and it has been logged.",
    503: "This is not available right now.",
}

# What stands above a page, in place of the names that programs know.
_PAGE_TITLES = {
    400: "Something is off with that request",
    401: "Not signed in",
    403: "No access",
    405: "That does not work here",
    413: "Too large",
    414: "That address is too long",
    415: "Wrong kind of file or data",
    422: "Some of that is not valid",
    429: "Slow down a little",
    500: "Something went wrong",
    503: "Not available right now",
}

_STALE_FORM = (
    "This form was opened before you signed in or out, or its cookie was not kept. Go back, load "
    "the page again and send it once more; nothing was changed."
)

_NO_DATABASE = "The site’s database is not answering right now."
_NO_DATABASE_SECONDS = 5

log = structlog.get_logger(__name__)


def init_app(app: Flask) -> None:
    """Register last: flask-smorest would otherwise answer an HTML 404 with JSON."""
    app.register_error_handler(MovieSiteError, domain_error)
    app.register_error_handler(HTTPException, _http_error)
    for away in (database_errors.OperationalError, database_errors.TimeoutError):
        app.register_error_handler(away, _database_away)
    app.register_error_handler(Exception, unexpected_error)


def is_api_request() -> bool:
    """Whether the caller is a program that expects JSON."""
    return request.path.startswith(API_PREFIXES)


def domain_error(error: MovieSiteError) -> AnyResponse:
    """Answer to an error of our own words."""
    if isinstance(error, NotSignedIn) and not is_api_request():
        return _to("accounts.sign_in")
    if isinstance(error, Unconfirmed) and not is_api_request():
        return _to("proof.show")
    response = answer(
        error.status, error.title, error.detail, retry_after=error.retry_after, **error.extra
    )
    if isinstance(error, QuotaExceeded) and error.limit is not None:
        response.headers["RateLimit-Limit"] = str(error.limit)
        response.headers["RateLimit-Remaining"] = "0"
        response.headers["RateLimit-Reset"] = str(error.retry_after or 1)
    elif isinstance(error, Outdated) and error.present is not None:
        # What the next try has to name in `If-Match`.
        response.headers["ETag"] = f'"{error.present.version}"'
    elif isinstance(error, NotSignedIn):
        response.headers["WWW-Authenticate"] = AUTHENTICATE
    return response


def _to(endpoint: str) -> AnyResponse:
    """Pages ask who somebody is, and go on from there."""
    address = url_for(endpoint, next=_page_asked_for())
    if wants_fragment():
        return leave_for(address)
    return redirect(address, 302 if request.method in ("GET", "HEAD") else 303)


def _page_asked_for() -> str | None:
    """The page that this browser shows or wants; what was sent by a form is not sent again."""
    if request.method in ("GET", "HEAD") and not wants_fragment():
        return safe_next(request.full_path.removesuffix("?"))
    shown = page_left()
    return None if shown is None else safe_next(shown)


def _http_error(error: HTTPException) -> Response:
    if isinstance(error, InternalServerError):
        return unexpected_error(error.original_exception or error)
    if isinstance(error, SecurityError):
        return _foreign_host()
    if error.code is None or error.response is not None:
        return make_response(error.get_response())
    data: dict[str, Any] = getattr(error, "data", None) or {}
    if "messages" in data:
        response = _input_refused(error.code, data["messages"])
    else:
        response = answer(error.code, _phrase(error.code), _words(error))
    for name, value in error.get_headers():
        if name.lower() not in ("content-type", "content-length"):
            response.headers.setdefault(name, value)
    return response


def _input_refused(status: int, messages: dict[str, Any]) -> Response:
    """What schemas found wrong, told as services tell it."""
    errors = {location: _by_field(found) for location, found in messages.items()}
    title = InvalidInput.title if status == InvalidInput.status else _phrase(status)
    return answer(status, title, _in_one_line(errors), errors=errors)


def _by_field(found: Any) -> dict[str, list[str]]:
    """Messages by field; in a list, each begins with the place that it is about."""
    fields = found if isinstance(found, dict) else {WHOLE: found}
    named = islice(fields.items(), _MOST_FAULTS)
    return {str(name): list(islice(_lines(messages), _MOST_FAULTS)) for name, messages in named}


def _lines(messages: Any) -> Iterator[str]:
    if not isinstance(messages, dict):
        return (str(one) for one in messages)
    return (f"{place}: {line}" for place, inner in messages.items() for line in _lines(inner))


def _in_one_line(errors: dict[str, dict[str, list[str]]]) -> str:
    """The first few of them, since not every program shows more than that."""
    sentences = [
        " ".join(messages) if name == WHOLE else f"{name}: {' '.join(messages)}"
        for fields in errors.values()
        for name, messages in fields.items()
    ]
    more = f" And {len(sentences) - _SENTENCES} more." if len(sentences) > _SENTENCES else ""
    return " ".join(sentences[:_SENTENCES]) + more


def _foreign_host() -> Response:
    """No page can be drawn under a name that is not ours: there are no addresses to link to."""
    words = "This site is not available under that name."
    if is_api_request():
        return answer(400, _phrase(400), words)
    return Response(words, status=400, content_type="text/plain; charset=utf-8")


def unexpected_error(error: BaseException) -> Response:
    """Write down what nobody thought of, and say no more than that."""
    _write_down(error)
    return answer(500, _phrase(500), _PLAIN_WORDS[500])


def _database_away(error: Exception) -> Response:
    """It is away, full or held by somebody: nothing is wrong with what was asked, which may be
    asked again. Unless it is a fault of ours after all.
    """
    if _makes_no_sense(error):
        return unexpected_error(error)
    _write_down(error)
    return answer(503, _phrase(503), _NO_DATABASE, retry_after=_NO_DATABASE_SECONDS)


def _makes_no_sense(error: Exception) -> bool:
    """Whether SQLite could make nothing of a statement, as where a table or a column is missing.

    It says so by the same kind of error as that it is locked or full; PostgreSQL does not.
    """
    code = getattr(getattr(error, "orig", None), "sqlite_errorcode", None)
    return code == sqlite3.SQLITE_ERROR


def _write_down(error: BaseException) -> None:
    metrics.ERRORS.labels(request.endpoint or metrics.NO_ROUTE, type(error).__name__).inc()
    log.error("unexpected error", exc_info=error)


def _phrase(status: int) -> str:
    return HTTPStatus(status).phrase.capitalize()


def _words(error: HTTPException) -> str:
    code = error.code or 500
    if isinstance(error, CSRFError):
        return _STALE_FORM
    return _PLAIN_WORDS.get(code) or error.description or _phrase(code)


def answer(
    status: int, title: str, detail: str, *, retry_after: int | None = None, **extra: Any
) -> Response:
    """The answer to a failure in the shape that this caller expects."""
    detail = detail or _PLAIN_WORDS.get(status, title)
    words = {"title": title, "status": status, "detail": detail}
    words["request_id"] = g.get("request_id", "")
    if is_api_request():
        if status == QuotaExceeded.status and retry_after is not None:
            words["detail"] = f"{detail} Try again in {wait_in_words(retry_after)}."
        body = json.dumps({"type": "about:blank", **words, **extra})
        response = Response(body, status=status, content_type=PROBLEM_JSON)
    else:
        plain = _PAGE_TITLES.get(status, title) if title == _phrase(status) else title
        response = _page(status, {**words, **extra, "title": plain, "retry_after": retry_after})
    response.headers["Cache-Control"] = "no-store"
    if retry_after is not None:
        response.headers["Retry-After"] = str(retry_after)
    return response


def _page(status: int, words: dict[str, Any]) -> Response:
    template = "errors/_error.html" if wants_fragment() else "errors/error.html"
    response = make_response(render_template(template, **words), status)
    vary_on_htmx(response)
    return response
