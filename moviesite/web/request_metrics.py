"""Counts and times every request, and tells those who run the site where its time went.

Answers that are given before Flask is asked are counted where they are given.
"""

import time

import structlog
from flask import Flask, Response, g, request

from moviesite import clock, log_store, logs, metrics, request_costs
from moviesite.config import Config
from moviesite.web.identity import known_user

# Asked every few seconds by machines.
_UNTOLD = frozenset(("ops.live", "ops.ready", "metrics.metrics"))
_LONGEST_PATH = 200

log = structlog.get_logger(__name__)


def init_app(app: Flask, config: Config) -> None:
    """Bind before the others, so that the clock runs for all of them, before and after."""
    app.before_request(_begin)
    # Flask calls these last to first.
    app.after_request(_end)
    if config.log_sql:
        app.after_request(_log_statements)


def _begin() -> None:
    g.began = time.perf_counter()
    request_costs.begin()


def _end(response: Response) -> Response:
    route = request.endpoint or metrics.NO_ROUTE
    metrics.requests_of(route, request.method, response.status_code, "made").inc()
    seconds = time.perf_counter() - g.began
    metrics.seconds_of(route).observe(seconds)
    user = known_user()
    if route not in _UNTOLD:
        _note(response, seconds, user.id if user else None)
    if user is not None and user.is_admin:
        response.headers["Server-Timing"] = server_timing(seconds, request_costs.so_far())
    return response


def _note(response: Response, seconds: float, user_id: int | None) -> None:
    """Leave a summary where those who run the site look for a request by its id."""
    store = log_store.current()
    if store is None:
        return
    store.note_work(
        kind="request",
        timestamp=clock.rfc3339(clock.now()),
        request_id=g.get("request_id", ""),
        method=request.method,
        path=shown_path(),
        status=response.status_code,
        milliseconds=round(seconds * 1000, 1),
        user_id=user_id,
    )


def shown_path() -> str:
    """The path without what is asked there, and without what opens something to its bearer."""
    rule = request.url_rule
    if rule is not None and "token" in rule.arguments:
        return rule.rule
    return logs.masked(request.path[:_LONGEST_PATH])


def server_timing(seconds: float, parts: request_costs.Spent) -> str:
    """The header's value; browsers show its parts, in milliseconds, beside those of the network."""
    statements = len(parts.statements)
    return (
        f"total;dur={seconds * 1000:.1f}, "
        f'db;dur={parts.database * 1000:.1f};desc="{statements} statements", '
        f"upstream;dur={parts.upstream * 1000:.1f}"
    )


def _log_statements(response: Response) -> Response:
    made = request_costs.so_far()
    log.info(
        "statements",
        route=request.endpoint,
        count=len(made.statements),
        milliseconds=round(made.database * 1000, 1),
        statements=[" ".join(statement.split()) for statement in made.statements],
    )
    return response
