"""Two tastes and a few movies nobody has seen: small enough to know what should come out."""

from typing import NamedTuple

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import sparse

from moviesite.recommendations import engine, features
from moviesite.recommendations.features import Features

PEOPLE, MOVIES = 200, 60
# Movies 0-27 are for one half of the people, 28-55 for the other, 56-59 are new.
FIRST, SECOND, NEW = range(28), range(28, 56), (56, 57, 58, 59)


class World(NamedTuple):
    """What everybody likes, what movies are made of, and a model of both."""

    likes: sparse.csr_array
    told: Features
    model: engine.Model


def _likes() -> sparse.csr_array:
    chance = np.random.default_rng(5)
    dense = np.zeros((PEOPLE, MOVIES), dtype=np.float32)
    for person in range(PEOPLE):
        own, other = (FIRST, SECOND) if person % 2 else (SECOND, FIRST)
        dense[person, chance.choice(own, 12, replace=False)] = 1
        dense[person, chance.choice(other, 2, replace=False)] = 1
    return sparse.csr_array(dense)


def _told() -> Features:
    """The new movies 56 and 57 are by the first half's director, 58 and 59 by the other's."""
    halves = [0 if movie in FIRST or movie in (56, 57) else 1 for movie in range(MOVIES)]
    return features.weighted(
        {
            "genre": [[1, 2 + half] for half in halves],
            "director": [[100 + half] for half in halves],
            "cast": [[1000 + movie % 7, 2000 + half] for movie, half in enumerate(halves)],
            "keyword": [[10 + movie % 5] for movie in range(MOVIES)],
        }
    )


@pytest.fixture(scope="session")
def world() -> World:
    likes, told = _likes(), _told()
    names = {"feature_kinds": told.kinds, "feature_ids": told.ids}
    ids = np.arange(MOVIES, dtype=np.int64) + 5000
    return World(likes, told, engine.fit(likes, told.rows, movie_ids=ids, **names))


@pytest.fixture(scope="session")
def model(world: World) -> engine.Model:
    return world.model


@pytest.fixture
def liked() -> NDArray[np.int64]:
    return np.array([0, 3, 5, 9, 11])
