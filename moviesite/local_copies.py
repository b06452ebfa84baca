"""Small things that every process holds a copy of, read anew once one says that they changed.

A mark in the cache says which copy is the present one. Knows nothing of what is copied.
"""

import secrets
from collections.abc import Callable
from typing import Generic, NamedTuple, TypeVar

from moviesite import caching, request_cache

T = TypeVar("T")

# While Redis is away no process hears of another's changes: none trusts its copy for longer.
_SECONDS = 300


class _Held(NamedTuple, Generic[T]):
    mark: bytes
    value: T


class Replica(Generic[T]):
    """What `load` reads, under a name of its own."""

    def __init__(self, name: str, load: Callable[[], T]) -> None:
        self._key = f"replica:{name}"
        self._load = load
        self._held: _Held[T] | None = None

    def value(self) -> T:
        """The present state: one look at the cache in a request, and `load` where it changed."""
        return request_cache.answer(self._key, self._value)

    def changed(self) -> None:
        """Have every process read it anew. To be called once the change is committed."""
        request_cache.forget(self._key)
        self._mark_anew()

    def mark(self) -> bytes | None:
        """What says which state is the present one: another one after each change."""
        return caching.peek(self._key)

    def _value(self) -> T:
        mark, held = self.mark(), self._held
        if held is not None and held.mark == mark:
            return held.value
        # The mark comes first: whoever changes something while it is read sets another one.
        mark = mark or self._mark_anew()
        value = self._load()
        self._held = _Held(mark, value)
        return value

    def _mark_anew(self) -> bytes:
        mark = secrets.token_hex(8).encode()
        caching.keep(self._key, mark, _SECONDS)
        return mark
