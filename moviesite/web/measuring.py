"""Counts and times every request, and tells those who run the site where its time went.

Answers that are given before Flask is asked are counted where they are given.
"""

import time

import structlog
from flask import Flask, Response, g, request

from moviesite import metrics, spent
from moviesite.config import Config
from moviesite.web.identity import known_user

log = structlog.get_logger(__name__)


def init_app(app: Flask, config: Config) -> None:
    """Bind first of all: then the clock runs for all others, before and after."""
    app.before_request(_begin)
    # Flask calls these last to first.
    app.after_request(_end)
    if config.log_sql:
        app.after_request(_log_statements)


def _begin() -> None:
    g.began = time.perf_counter()
    spent.begin()


def _end(response: Response) -> Response:
    route = request.endpoint or metrics.NO_ROUTE
    metrics.requests_of(route, request.method, response.status_code, "made").inc()
    seconds = time.perf_counter() - g.began
    metrics.REQUEST_SECONDS.labels(route).observe(seconds)
    user = known_user()
    if user is not None and user.is_admin:
        response.headers["Server-Timing"] = server_timing(seconds, spent.so_far())
    return response


def server_timing(seconds: float, parts: spent.Spent) -> str:
    """The header's value; browsers show its parts, in milliseconds, beside those of the network."""
    statements = len(parts.statements)
    return (
        f"total;dur={seconds * 1000:.1f}, "
        f'db;dur={parts.database * 1000:.1f};desc="{statements} statements", '
        f"upstream;dur={parts.upstream * 1000:.1f}"
    )


def _log_statements(response: Response) -> Response:
    made = spent.so_far()
    log.info(
        "statements",
        route=request.endpoint,
        count=len(made.statements),
        milliseconds=round(made.database * 1000, 1),
        statements=[" ".join(statement.split()) for statement in made.statements],
    )
    return response
