"""A film and a person as the demo holds them. Plain values: nothing is loaded or answered here."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

Row = dict[str, Any]


@dataclass(slots=True, eq=False)
class Film:
    """One film: its row as the file has it, and what is asked of it often."""

    id: int
    row: Row
    title: str
    original_title: str
    language: str
    released: str
    runtime: int
    genres: frozenset[int]
    keywords: frozenset[int]
    companies: frozenset[int]
    countries: frozenset[str]
    cast: frozenset[int]
    crew: frozenset[int]
    adult: bool
    popularity: float
    vote_average: float
    vote_count: int
    revenue: int
    words: str

    @property
    def year(self) -> int | None:
        """Year of release, when known."""
        return int(self.released[:4]) if self.released else None


@dataclass(slots=True, eq=False)
class Person:
    """Somebody in the credits, with films in the order of the file."""

    id: int
    name: str
    cast: list[tuple[Film, Row]] = field(default_factory=list)
    crew: list[tuple[Film, Row]] = field(default_factory=list)
    popularity: float = 0.0

    @property
    def department(self) -> str:
        """What the person is known for: the department of most films.

        A film directed counts one and a half times: directors write more films than they direct.
        """
        done = {(film.id, credit.get("department") or "") for film, credit in self.crew}
        films = Counter(name for _, name in done)
        films["Acting"] = len(self.cast)
        return max(
            sorted(films), key=lambda name: films[name] * (1.5 if name == "Directing" else 1)
        )
