"""The demo viewers: reads their bundled tastes and counts them up. It makes nobody up itself.

The bundle holds one viewer a line: `{"username", "joined_days_ago", "ratings": [[movie id, stars,
days ago]], "favorites": [[movie id, days ago]], "views": [[movie id, hours ago]]}`; stars go from
0.5 to 5 in halves. Times are relative, so that the demo is always of today.
"""

import gzip
import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import orjson

BUNDLED_VIEWERS: Final = Path(__file__).with_name("viewers.jsonl.gz")

_HALF_LIFE_HOURS = 24.0 * 10
_DAY, _WEEK = 24.0, 24.0 * 7


@dataclass(frozen=True, slots=True)
class Viewer:
    """Somebody who does not exist, and what she watched, rated and kept."""

    username: str
    joined_days_ago: int
    ratings: tuple[tuple[int, float, int], ...]
    favorites: tuple[tuple[int, int], ...]
    views: tuple[tuple[int, int], ...]


@dataclass(slots=True)
class Tally:
    """What all viewers together say of one film. Stars are counted up to ten, as TMDb does."""

    votes: int = 0
    points: float = 0.0
    attention: float = 0.0
    views_of_day: int = 0
    views_of_week: int = 0

    @property
    def average(self) -> float:
        """0 to 10, three digits; 0 without votes."""
        return round(self.points / self.votes, 3) if self.votes else 0.0


@lru_cache(maxsize=1)
def bundled_viewers() -> tuple[Viewer, ...]:
    """The viewers that come with the demo, read once."""
    lines = gzip.decompress(BUNDLED_VIEWERS.read_bytes()).splitlines()
    return tuple(_viewer(orjson.loads(line)) for line in lines)


def tally(viewers: Iterable[Viewer]) -> dict[int, Tally]:
    """Movie id → what the viewers say of it."""
    tallies: dict[int, Tally] = {}
    for viewer in viewers:
        for movie_id, stars, _ in viewer.ratings:
            kept = tallies.setdefault(movie_id, Tally())
            kept.votes += 1
            kept.points += stars * 2
        for movie_id, hours in viewer.views:
            _count_view(tallies.setdefault(movie_id, Tally()), hours)
    return tallies


def _count_view(kept: Tally, hours: int) -> None:
    kept.attention += math.exp2(-hours / _HALF_LIFE_HOURS)
    kept.views_of_day += hours < _DAY
    kept.views_of_week += hours < _WEEK


def _viewer(row: dict[str, Any]) -> Viewer:
    return Viewer(
        username=str(row["username"]),
        joined_days_ago=int(row["joined_days_ago"]),
        ratings=tuple((int(m), float(s), int(d)) for m, s, d in row["ratings"]),
        favorites=tuple((int(m), int(d)) for m, d in row["favorites"]),
        views=tuple((int(m), int(h)) for m, h in row["views"]),
    )
