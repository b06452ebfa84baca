"""What a wish becomes while rules read it: the words that are left, and what was made of others.

Pure: no database, no clock, no web.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple, Protocol

from moviesite.assistant.vocabulary import FILLERS, NEGATIONS, SOFTLY
from moviesite.text import fold

Value = str | int | float
Act = Callable[["Draft", re.Match[str]], bool | None]

# What was understood leaves a mark in its place, so that words around it are not joined.
_DONE = " ~ "
# Folded words hold none of these: joined by them, words are no others' any more.
KEPT = "_"
_NEGATED = re.compile(rf"\b{NEGATIONS} {SOFTLY}$")
_CAPITAL = re.compile(r"\b[^\W\d_a-z][\w'’.-]*")
_POSSESSIVE = re.compile(r"\b[^\W\d_][\w.-]*['’]s\b")
_BREAK = re.compile(r"[,;:!?()\"“”„«»|\n]+|\.(?!\d)|\s[-–—]\s")


@dataclass(frozen=True)
class Rule:
    """What to do where whole words fit a pattern."""

    words: str
    act: Act

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Compiled when first needed: to compile all of them would slow every start."""
        return re.compile(rf"\b(?:{self.words})\b")


class Film(NamedTuple):
    """A film that was named: its genres, the main ones first, and the ids of its keywords.

    Its length is in minutes.
    """

    id: int
    title: str
    genres: tuple[int, ...] = ()
    keywords: tuple[int, ...] = ()
    runtime: int | None = None
    year: int | None = None


class Names(Protocol):
    """Who and what is known by which name; names come folded, nothing is None."""

    def person(self, name: str, *, alone: bool) -> int | None:
        """Somebody of this name; `alone` where nothing but the name speaks for a person."""

    def surname(self, name: str) -> int | None:
        """The best known person of this last name."""

    def stranger(self, name: str) -> int | None:
        """Whoever has this whole name and is not stored; it may take a while to find out."""

    def keyword(self, name: str) -> int | None:
        """A keyword of this name."""

    def film(self, title: str) -> Film | None:
        """A film of exactly this title."""


class Draft:
    """A wish half read. `text` is folded, with commas where something was set apart."""

    def __init__(self, prompt: str, names: Names, this_year: int) -> None:
        self.text = f" {_normal(prompt)} "
        self.capitals = frozenset(fold(word[0]) for word in _CAPITAL.finditer(prompt))
        self.possessives = frozenset(fold(word[0]) for word in _POSSESSIVE.finditer(prompt))
        self.names, self.this_year = names, this_year
        self.filters: dict[str, Value] = {}
        self.ids: dict[str, list[int]] = {}
        self.any_of: set[str] = set()
        # Genres that are not wanted, with the words that say so.
        self.unwanted: list[tuple[list[int], str]] = []
        self.seen: bool | None = None
        self.on_my_services = False
        self.like: Film | None = None
        self._taken: tuple[int, int] | None = None
        self._contradicted = False

    def begins_with(self, word: str) -> bool:
        """Whether nothing that is still there stands before the word."""
        return self.text.split()[:1] == [word]

    def holds_only(self, word: str) -> bool:
        """Whether the wish is this word and others that say nothing about films."""
        rest = [one for one in self.text.split() if one not in FILLERS]
        return rest == [word]

    def apply(self, *rules: Rule) -> None:
        """Each rule as often as it fits; one that answers False leaves its words to others."""
        for rule in rules:
            place = 0
            while found := rule.pattern.search(self.text, place):
                before = self.text
                self._try(found, rule.act)
                changed = self.text != before
                place = found.start() if changed else max(found.end(), found.start() + 1)

    def _try(self, found: re.Match[str], act: Act) -> None:
        """What is negated, or contradicts what was said before, is told and not applied."""
        text, state = self.text, self._state()
        self._taken, self._contradicted = None, False
        if act(self, found) is not False:
            self.take(found.start(), found.end())
        taken = self._what_was_taken()
        if taken is None:
            return
        start, end = taken
        negated = _NEGATED.search(text[:start])
        if negated or self._contradicted:
            self._return_to(text, state)
            self.refuse(negated.start() if negated else start, end)

    def _what_was_taken(self) -> tuple[int, int] | None:
        return self._taken

    def _state(self) -> dict[str, Any]:
        lists = {name: list(ids) for name, ids in self.ids.items()}
        own = {"filters": dict(self.filters), "ids": lists, "any_of": set(self.any_of)}
        return {
            **own,
            "seen": self.seen,
            "on_my_services": self.on_my_services,
            "like": self.like,
            "unwanted": list(self.unwanted),
        }

    def _return_to(self, text: str, state: dict[str, Any]) -> None:
        self.text = text
        for name, value in state.items():
            setattr(self, name, value)

    def take(self, start: int, end: int) -> None:
        """Count these characters as understood."""
        self._taken = start, end
        self.text = self.text[:start] + _DONE + self.text[end:]

    def refuse(self, start: int, end: int) -> None:
        """Keep these words together and from every other rule: they are not understood."""
        words = self.text[start:end].split()
        kept = KEPT.join(words) + KEPT
        self.text = f"{self.text[:start]}{_DONE}{kept}{_DONE}{self.text[end:]}"

    def set(self, **changes: Any) -> None:
        """Set filters; a double underscore stands for the dot in a name.

        Of two bounds the narrower one holds; of two values of which only one can, the first.
        """
        for name, value in changes.items():
            self._set(name.replace("__", "."), value)

    def _set(self, name: str, value: Any) -> None:
        old = self.filters.get(name, value)
        if name.endswith(".gte"):
            value = max(old, value)
        elif name.endswith(".lte"):
            value = min(old, value)
        elif old != value and name != "sort_by":
            self._contradicted = True
        self.filters[name] = value

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


def sets(pattern: str, **changes: Any) -> Rule:
    """A rule whose words always mean the same."""
    return Rule(pattern, lambda draft, _: draft.set(**changes))
