"""Gives every request an id, one budget of waiting and one memory. Waits for nothing itself."""

import re
import uuid

import structlog
from flask import Flask, g, request

from moviesite import budget, request_cache

_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")


def init_app(app: Flask) -> None:
    """Bind before everything that may refuse a request: a refusal is logged under its id, too."""
    app.before_request(_begin)
    app.teardown_request(_end)


def request_id(given: str) -> str:
    """The id that a proxy in front gave, where it looks like one, else a new one."""
    return given if _REQUEST_ID.fullmatch(given) else uuid.uuid4().hex


def _begin() -> None:
    g.request_id = request_id(request.headers.get("X-Request-ID", ""))
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request_id=g.request_id)
    budget.begin()
    request_cache.begin()


def _end(_error: BaseException | None) -> None:
    budget.end()
    request_cache.end()
