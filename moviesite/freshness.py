"""For how long an answer stays true, by the shortest-lived thing in it. Imports nothing of ours."""

import math
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar


class Freshness:
    """How long an answer that is being made stays fresh; `seconds` is infinite at first."""

    def __init__(self) -> None:
        self.seconds = math.inf


_watched: ContextVar[Freshness | None] = ContextVar("watched", default=None)


@contextmanager
def watched() -> Iterator[Freshness]:
    """Within the block everything that is noted shortens the yielded freshness."""
    found = Freshness()
    token = _watched.set(found)
    try:
        yield found
    finally:
        _watched.reset(token)


def note(seconds: float) -> None:
    """Something that goes into the answer stays fresh for so long; 0 where it is old or absent."""
    found = _watched.get()
    if found is not None:
        found.seconds = max(0.0, min(found.seconds, seconds))
