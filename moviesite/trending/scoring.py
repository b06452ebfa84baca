"""The arithmetic of what trends. Pure: no database, no clock, no web.

Weights and scores are people: 1 is somebody who came just now.
"""

import heapq
import math
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from moviesite.trending import formula


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
