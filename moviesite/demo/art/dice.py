"""Choices that follow from a name alone: same name, same choices, on every machine."""

from collections.abc import Sequence
from hashlib import blake2b
from typing import TypeVar

T = TypeVar("T")


class Dice:
    """A long number drawn from a name, spent choice by choice."""

    def __init__(self, *name: object) -> None:
        digest = blake2b(":".join(map(str, name)).encode(), digest_size=64).digest()
        self._left = int.from_bytes(digest, "big")

    def below(self, count: int) -> int:
        """0 to count - 1."""
        self._left, chosen = divmod(self._left, count)
        return chosen

    def between(self, low: int, high: int) -> int:
        """low to high, both included."""
        return low + self.below(high - low + 1)

    def of(self, things: Sequence[T]) -> T:
        """One of `things`."""
        return things[self.below(len(things))]

    def chance(self, percent: int) -> bool:
        """True so many times in a hundred."""
        return self.below(100) < percent
