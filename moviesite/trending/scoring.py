"""The arithmetic of what trends. Pure: no database, no clock, no web.

Times are hours since 1970, weights and scores are people: 1 is somebody who came just now. Decay
is kept forward (Cormode and others, 2009): an event's weight grows with its time after a landmark
instead of shrinking with its age, so that one addition keeps a sum right for ever.
"""

import heapq
import math
from collections.abc import Iterable, Mapping

import numpy as np
from numpy.typing import NDArray

from moviesite.trending import formula

# Far below where a float of 2 ** x ends.
_LONGEST_CLIMB = 500.0


class Arrivals:
    """Who came to which film lately; tells those who come from those who merely come back.

    Wants its events in the order of their time.
    """

    def __init__(self, away: float = formula.AWAY) -> None:
        self._away = away
        self._last: dict[tuple[int, str], float] = {}

    def is_new(self, movie_id: int, viewer: str, at: float) -> bool:
        """Whether this is an arrival: the viewer had left the film alone for long enough."""
        key = (movie_id, viewer)
        last = self._last.get(key)
        self._last[key] = at
        return last is None or at - last >= self._away


class Decayed:
    """Sums that halve every `half_life` hours. An addition costs the same however many there are.

    Adding in any order gives the same as `decayed_at_once`, to 1e-9 of it.
    """

    def __init__(self, half_life: float) -> None:
        self._half_life = half_life
        self._landmark: float | None = None
        self._sums: dict[int, float] = {}

    def add(self, movie_id: int, at: float, weight: float = 1.0) -> None:
        """Somebody, or several, turned to a film."""
        if self._landmark is None:
            self._landmark = at
        climb = (at - self._landmark) / self._half_life
        if climb > _LONGEST_CLIMB:
            self._move_landmark(at)
            climb = 0.0
        self._sums[movie_id] = self._sums.get(movie_id, 0.0) + weight * 2.0**climb

    def sums(self, now: float) -> dict[int, float]:
        """By film, what is left of everything that was added."""
        if self._landmark is None:
            return {}
        shrunk = 2.0 ** ((self._landmark - now) / self._half_life)
        return {movie_id: total * shrunk for movie_id, total in self._sums.items()}

    def _move_landmark(self, at: float) -> None:
        self._sums, self._landmark = self.sums(at), at


class Trend:
    """Decayed unique viewers, kept while events come in: what a busy site would run live."""

    def __init__(self, half_life: float, away: float = formula.AWAY) -> None:
        self._arrivals = Arrivals(away)
        self._people = Decayed(half_life)

    def add(self, movie_id: int, viewer: str, at: float, weight: float = 1.0) -> None:
        """An event; counts unless this viewer was with this film lately."""
        if self._arrivals.is_new(movie_id, viewer, at):
            self._people.add(movie_id, at, weight)

    def people(self, now: float) -> dict[int, float]:
        """By film, decayed unique viewers."""
        return self._people.sums(now)


def decayed_at_once(
    arrivals: Iterable[tuple[int, float, float]], half_life: float, now: float
) -> dict[int, float]:
    """The definition that `Decayed` has to equal: (film, time, weight) → sums by film."""
    found: dict[int, list[float]] = {}
    for movie_id, at, weight in arrivals:
        found.setdefault(movie_id, []).append(weight * 2.0 ** ((at - now) / half_life))
    return {movie_id: math.fsum(parts) for movie_id, parts in found.items()}


def weights_of_accounts(ages: NDArray[np.float64]) -> NDArray[np.float64]:
    """What each account's interest counts, 0 to 1, by its age in hours."""
    grown: NDArray[np.float64] = np.clip(ages / formula.GROWN, 0.0, 1.0) ** formula.GROWTH_POWER
    return grown


def quality(rating_sum: float, rating_count: int, mean: float) -> float:
    """A factor around 1 from a film's ratings, drawn to the `mean` of all while they are few.

    Ratings may be of any scale above 0, as long as `mean` is of the same.
    """
    drawn = rating_sum + formula.PRIOR_RATINGS * mean
    drawn /= rating_count + formula.PRIOR_RATINGS
    return float((drawn / mean) ** formula.QUALITY_POWER)


def ranked(
    people: Mapping[int, float],
    ratings: Mapping[int, tuple[float, int]],
    mean: float,
    count: int,
) -> list[tuple[int, float]]:
    """The best films with their scores: decayed people × quality. Ties go by id."""
    scores = (
        (movie_id, weight * quality(*ratings.get(movie_id, (0.0, 0)), mean))
        for movie_id, weight in people.items()
    )
    return heapq.nsmallest(count, scores, key=lambda scored: (-scored[1], scored[0]))


def surprise(recent: float, usual: float) -> float:
    """By how many standard deviations a count is above the usual one, as chance would have it.

    What is added below the root keeps a film that nobody knew from rising by its first visitors.
    """
    return (recent - usual) / math.sqrt(usual + formula.CHANCE_ARRIVALS)
