"""Passes the ids of a request or job on to the log lines of its threads. Logs nothing itself."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

import structlog

P = ParamSpec("P")
R = TypeVar("R")


def carrying(work: Callable[P, R]) -> Callable[P, R]:
    """The same work, to be run in another thread: its log lines carry the caller's ids."""
    present = structlog.contextvars.get_contextvars()

    @wraps(work)
    def carried(*args: P.args, **kwargs: P.kwargs) -> R:
        with structlog.contextvars.bound_contextvars(**present):
            return work(*args, **kwargs)

    return carried
