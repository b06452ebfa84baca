"""Small values of which every process keeps a copy, reloaded when any process changes them.

A mark in the cache tells whether a copy is current. Knows nothing of what is copied.
"""

import secrets
from collections.abc import Callable
from typing import Generic, NamedTuple, TypeVar

from moviesite import caching, request_cache

T = TypeVar("T")

# How long a mark lives. A change that is made while Redis is away leaves no mark there, so that no
# copy may be trusted for longer.
_SECONDS = 300


class _Held(NamedTuple, Generic[T]):
    mark: bytes
    value: T


class Replica(Generic[T]):
    """A copy of what `load` returns; `name` is the same in every process."""

    def __init__(self, name: str, load: Callable[[], T]) -> None:
        self._key = f"replica:{name}"
        self._load = load
        self._held: _Held[T] | None = None

    def value(self) -> T:
        """The current value: one look at the cache a request, and `load` only after a change."""
        return request_cache.answer(self._key, self._value)

    def changed(self) -> None:
        """Have every process reload it. Call it once the change is committed."""
        request_cache.forget(self._key)
        self._mark_anew()

    def mark(self) -> bytes | None:
        """What says which state is the present one: another one after each change."""
        return caching.peek(self._key)

    def _value(self) -> T:
        mark, held = self.mark(), self._held
        if held is not None and held.mark == mark:
            return held.value
        # Set before loading: a change made meanwhile sets another mark, and so causes a reload.
        mark = mark or self._mark_anew()
        value = self._load()
        self._held = _Held(mark, value)
        return value

    def _mark_anew(self) -> bytes:
        mark = secrets.token_hex(8).encode()
        caching.keep(self._key, mark, _SECONDS)
        return mark
