"""Lets the log lines of a thread tell for which request or job it works. Logs nothing itself."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

import structlog

P = ParamSpec("P")
R = TypeVar("R")


def carrying(work: Callable[P, R]) -> Callable[P, R]:
    """The same work, for another thread: its lines carry the ids of whoever calls this now."""
    present = structlog.contextvars.get_contextvars()

    @wraps(work)
    def carried(*args: P.args, **kwargs: P.kwargs) -> R:
        with structlog.contextvars.bound_contextvars(**present):
            return work(*args, **kwargs)

    return carried
