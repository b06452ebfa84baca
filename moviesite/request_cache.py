"""What one request was told already, so that it asks the cache once for it. Asks nobody itself."""

from collections.abc import Callable
from contextvars import ContextVar
from typing import Any, TypeVar, cast

T = TypeVar("T")

# None outside of requests: jobs run for long, and what they were told grows old.
_answers: ContextVar[dict[str, Any] | None] = ContextVar("told", default=None)


def begin() -> None:
    """From here on this request remembers."""
    _answers.set({})


def end() -> None:
    """From here on nothing is remembered."""
    _answers.set(None)


def answer(key: str, ask: Callable[[], T]) -> T:
    """What was told before under this key, else what `ask` says now; an error is not kept."""
    known = _answers.get()
    if known is None:
        return ask()
    if key not in known:
        known[key] = ask()
    return cast(T, known[key])


def forget(key: str) -> None:
    """Have this request ask anew."""
    known = _answers.get()
    if known:
        known.pop(key, None)
