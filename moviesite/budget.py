"""How long one request may wait for outside systems in total. Waits for none itself."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from moviesite.errors import Unavailable

REQUEST_SECONDS = 3.0

# None outside of requests: jobs and refreshing threads have limits of their own.
_left: ContextVar[float | None] = ContextVar("left", default=None)


def begin(seconds: float = REQUEST_SECONDS) -> None:
    """Start counting: this thread may wait for so many seconds in total."""
    _left.set(seconds)


def end() -> None:
    """Stop counting."""
    _left.set(None)


def left(most: float) -> float:
    """How many of `most` seconds are left to wait; 0 or less when the time is used up."""
    remaining = _left.get()
    return most if remaining is None else min(most, remaining)


@contextmanager
def waiting(most: float) -> Iterator[float]:
    """Count the block as waiting; yields the seconds it may take, raises Unavailable for none."""
    allowed = left(most)
    if allowed <= 0:
        raise Unavailable("This request spent too long waiting.")
    began = time.monotonic()
    try:
        yield allowed
    finally:
        remaining = _left.get()
        if remaining is not None:
            _left.set(remaining - (time.monotonic() - began))
