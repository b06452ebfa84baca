"""Remembers for one request what it looked up, so that it looks only once. Looks up nothing."""

from collections.abc import Callable
from contextvars import ContextVar
from typing import Any, TypeVar, cast

T = TypeVar("T")

# None outside of requests: a job may run for minutes, and what it remembered would be outdated.
_answers: ContextVar[dict[str, Any] | None] = ContextVar("answers", default=None)


def begin() -> None:
    """Start remembering for this request."""
    _answers.set({})


def end() -> None:
    """Stop remembering."""
    _answers.set(None)


def answer(key: str, ask: Callable[[], T]) -> T:
    """What is remembered under this key, else what `ask` returns; errors are not remembered."""
    known = _answers.get()
    if known is None:
        return ask()
    if key not in known:
        known[key] = ask()
    return cast(T, known[key])


def forget(key: str) -> None:
    """Have this request look it up again."""
    known = _answers.get()
    if known:
        known.pop(key, None)
