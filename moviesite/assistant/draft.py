"""What a wish becomes while rules read it: the words that are left, and what was made of others.

Pure: no database, no clock, no web.
"""

import re
from collections.abc import Callable
from typing import Any, NamedTuple, Protocol

from moviesite.text import fold

Value = str | int | float
Rule = tuple[re.Pattern[str], Callable[["Draft", re.Match[str]], bool | None]]

# What was understood leaves a mark in its place, so that words around it are not joined.
_DONE = " ~ "
# Folded words hold none of these: joined by them, words are no others' any more.
KEPT = "_"
_BREAK = re.compile(r"[,;:!?()\"“”„«»|\n]+|\.(?!\d)|\s[-–—]\s")


class Film(NamedTuple):
    """A film that was named: its genres, the main ones first, and the ids of its keywords."""

    id: int
    title: str
    genres: tuple[int, ...] = ()
    keywords: tuple[int, ...] = ()


class Names(Protocol):
    """Who and what is known by which name; names come folded, nothing is None."""

    def person(self, name: str, *, alone: bool) -> int | None:
        """Somebody of this name; `alone` where nothing but the name speaks for a person."""

    def keyword(self, name: str) -> int | None:
        """A keyword of this name."""

    def film(self, title: str) -> Film | None:
        """A film of exactly this title."""


class Draft:
    """A wish half read. `text` is folded, with commas where something was set apart."""

    def __init__(self, prompt: str, names: Names, this_year: int) -> None:
        self.text = f" {_normal(prompt)} "
        self.names, self.this_year = names, this_year
        self.filters: dict[str, Value] = {}
        self.ids: dict[str, list[int]] = {}
        self.any_of: set[str] = set()
        self.seen: bool | None = None
        self.on_my_services = False
        self.like: Film | None = None

    def apply(self, *rules: Rule) -> None:
        """Each rule as often as it fits; one that answers False leaves its words to others."""
        for pattern, act in rules:
            place = 0
            while found := pattern.search(self.text, place):
                before = self.text
                if act(self, found) is not False:
                    self.take(found.start(), found.end())
                changed = self.text != before
                place = found.start() if changed else max(found.end(), found.start() + 1)

    def take(self, start: int, end: int) -> None:
        """Count these characters as understood."""
        self.text = self.text[:start] + _DONE + self.text[end:]

    def refuse(self, start: int, end: int) -> None:
        """Keep these words together and from every other rule: they are not understood."""
        words = self.text[start:end].split()
        self.text = f"{self.text[:start]}{KEPT.join(words)}{KEPT}{self.text[end:]}"

    def set(self, **changes: Any) -> None:
        """Set filters; a double underscore stands for the dot in a name."""
        self.filters.update({name.replace("__", "."): value for name, value in changes.items()})

    def add(self, name: str, *ids: int, either: bool = False) -> None:
        """Add ids to a parameter that lists them; `either` of all is then enough."""
        own = self.ids.setdefault(name, [])
        own.extend(id_ for id_ in ids if id_ not in own)
        if either:
            self.any_of.add(name)


def _normal(prompt: str) -> str:
    text = re.sub(r"(\d{4})\s*[-–—/]\s*(\d{2,4})\b", r"\1 to \2", prompt)
    text = re.sub(r"(\d)[.](\d)", r"\1 point \2", text)
    text = re.sub(r"(\d)\s*/\s*10\b", r"\1 out of 10", text)
    text = re.sub(r"(\d)\s*\+", r"\1 or more ", text).replace("&", " and ")
    text = re.sub(r"[<≤]=?\s*(?=\d)", " at most ", re.sub(r"[>≥]=?\s*(?=\d)", " at least ", text))
    return " , ".join(filter(None, map(fold, _BREAK.split(text))))


def rule(pattern: str, act: Callable[[Draft, re.Match[str]], bool | None]) -> Rule:
    """What to do where whole words fit the pattern."""
    return re.compile(rf"\b(?:{pattern})\b"), act


def sets(pattern: str, **changes: Value) -> Rule:
    """A rule whose words always mean the same."""
    return rule(pattern, lambda draft, _: draft.set(**changes))
