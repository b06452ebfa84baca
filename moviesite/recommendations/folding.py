"""Folding a person's likes into a fitted model. Numpy alone: no scipy, no database, no clock.

A score is a weighted sum of voices. Each voice can be taken apart by the likes once it knows which
they are, so that the share of every single like in every score can be told afterwards.
"""

from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

Columns = NDArray[np.int64]
Values = NDArray[np.float32]


class Voice(Protocol):
    """Something that knows how much each like speaks for each movie."""

    def total(self) -> Values:
        """The sum over the likes, for every movie."""

    def of(self, columns: Columns) -> Values:
        """Likes x columns."""


class RowSums(NamedTuple):
    """Rows of a movies x movies matrix."""

    matrix: Values
    liked: Columns

    def total(self) -> Values:
        """The sum over the likes, for every movie."""
        found: Values = np.add.reduce(self.matrix[self.liked], axis=0)
        return found

    def of(self, columns: Columns) -> Values:
        """Likes x columns."""
        return self.matrix[self.liked[:, None], columns]


class FactorSums(NamedTuple):
    """A person's factors, kept apart by the like that they come from (likes x factors)."""

    per_like: Values
    items: Values

    def total(self) -> Values:
        """The sum over the likes, for every movie."""
        found: Values = self.items @ self.per_like.sum(axis=0)
        return found

    def of(self, columns: Columns) -> Values:
        """Likes x columns."""
        found: Values = self.per_like @ self.items[columns].T
        return found


class PairSums(NamedTuple):
    """Products of two of a person's places along directions of taste, and what they say.

    `per_like` (likes x directions): the person's places, kept apart by the like that they come
    from. `pairs`: two rows of positions. `weights`: movies x products.
    """

    per_like: Values
    pairs: NDArray[np.int32]
    weights: Values

    def total(self) -> Values:
        """What all products say, for every movie."""
        first, second = self._person()[self.pairs]
        found: Values = self.weights @ (first * second)
        return found

    def of(self, columns: Columns) -> Values:
        """Likes x columns: of each product, either of its two places takes half."""
        person, (first, second) = self._person(), self.pairs
        each = np.arange(len(first))
        slopes = np.zeros((len(first), len(person)), dtype=np.float32)
        slopes[each, first] = person[second] / 2
        slopes[each, second] += person[first] / 2
        found: Values = self.per_like @ (self.weights[columns] @ slopes).T
        return found

    def _person(self) -> Values:
        person: Values = self.per_like.sum(axis=0)
        return person


class SparseRows(NamedTuple):
    """Movies x features in compressed rows; rows of length 1 or 0."""

    start: NDArray[np.int64]
    features: NDArray[np.int32]
    weight: Values

    def row(self, movie: int) -> tuple[NDArray[np.int32], Values]:
        """Which features a movie has and what they weigh."""
        part = slice(self.start[movie], self.start[movie + 1])
        return self.features[part], self.weight[part]

    def entries(self, movies: Columns) -> tuple[NDArray[np.int64], NDArray[np.int32], Values]:
        """Position in `movies`, feature and weight of every entry of these rows."""
        lengths = self.start[movies + 1] - self.start[movies]
        owner = np.repeat(np.arange(len(movies)), lengths)
        before = np.cumsum(lengths) - lengths
        at = np.arange(len(owner)) - before[owner] + self.start[movies][owner]
        return owner, self.features[at], self.weight[at]

    def times(self, vector: NDArray[Any]) -> Values:
        """Every row times a vector over the features."""
        sums = np.concatenate([[0.0], np.cumsum(self.weight * vector[self.features])])
        found: Values = (sums[self.start[1:]] - sums[self.start[:-1]]).astype(np.float32)
        return found


class Guests(NamedTuple):
    """Liked movies that the model does not know, told by what they are made of.

    `names`: what the caller calls them. `near` (guests x movies, rows add up to 1): the known ones
    most like each, which speak in its stead. `facts` (guests x features): rows of length 1.
    """

    names: tuple[int, ...]
    near: SparseRows
    facts: SparseRows

    def averaged(self, rows: Values) -> Values:
        """For each guest the mean of its neighbours' rows."""
        means = [weight @ rows[movies] for movies, weight in map(self.near.row, self.each)]
        return np.stack(means).astype(np.float32)

    @property
    def each(self) -> range:
        """Their positions."""
        return range(len(self.names))


class MeanRows(NamedTuple):
    """What the neighbours of guests say, as if each guest had its row in the matrix."""

    matrix: Values
    guests: Guests

    def total(self) -> Values:
        """The sum over the guests, for every movie."""
        _, movies, weight = self.guests.near.entries(np.array(self.guests.each))
        sums = np.bincount(movies, weights=weight, minlength=len(self.matrix)).astype(np.float32)
        speaking = np.flatnonzero(sums)
        found: Values = sums[speaking] @ self.matrix[speaking]
        return found

    def of(self, columns: Columns) -> Values:
        """Guests x columns."""
        return np.stack([self._of_one(guest, columns) for guest in self.guests.each])

    def _of_one(self, guest: int, columns: Columns) -> Values:
        movies, weight = self.guests.near.row(guest)
        found: Values = weight @ self.matrix[movies[:, None], columns]
        return found


class Together(NamedTuple):
    """Two voices as one: the likes of the first, then those of the second."""

    first: Voice
    second: Voice

    def total(self) -> Values:
        """The sum over the likes, for every movie."""
        return self.first.total() + self.second.total()

    def of(self, columns: Columns) -> Values:
        """Likes x columns."""
        return np.concatenate([self.first.of(columns), self.second.of(columns)])


class ContentSums(NamedTuple):
    """Cosines of the features in `of_likes` with those of movies; `width` counts the features."""

    rows: SparseRows
    of_likes: SparseRows
    liked: Columns
    width: int

    def total(self) -> Values:
        """The sum over the likes, for every movie."""
        _, index, weight = self.of_likes.entries(self.liked)
        return self.rows.times(np.bincount(index, weights=weight, minlength=self.width))

    def of(self, columns: Columns) -> Values:
        """Likes x columns."""
        found = np.empty((len(self.liked), len(columns)), dtype=np.float32)
        like, theirs, weight = self.of_likes.entries(self.liked)
        for position, column in enumerate(columns):
            vector = np.zeros(self.width, dtype=np.float32)
            index, values = self.rows.row(int(column))
            vector[index] = values
            shared = weight * vector[theirs]
            found[:, position] = np.bincount(like, weights=shared, minlength=len(self.liked))
        return found


class Fold(NamedTuple):
    """A person's likes told to the model: `scores` for every movie, and what they are made of.

    score[j] = sum over voices of scale * (sum over likes of voice[i, j]) + the part that no like
    speaks for (popularity, and the means that were taken off). Guests come after the liked.
    """

    liked: Columns
    scores: Values
    voices: tuple[tuple[float, Voice], ...]
    guests: Guests | None = None

    @property
    def likes(self) -> int:
        """How many they are, guests among them."""
        return len(self.liked) + (len(self.guests.names) if self.guests else 0)

    def shares(self, columns: Columns) -> NDArray[np.float64]:
        """Likes x columns: how much of each score is owed to each like."""
        found = np.zeros((self.likes, len(columns)))
        for scale, voice in self.voices:
            found += scale * voice.of(columns)
        return found


def fold(
    liked: Columns,
    size: int,
    parts: list[tuple[float, Voice]],
    prior: Values | None,
    guests: Guests | None = None,
) -> Fold:
    """Mix voices by strength, each brought to mean 0 and deviation 1 over all movies.

    `prior` is added as it is: what to show whoever is not known yet.
    """
    scores = np.zeros(size, dtype=np.float32) if prior is None else prior.copy()
    scaled: list[tuple[float, Voice]] = []
    for strength, voice in parts:
        total = voice.total()
        mean = float(total.sum(dtype=np.float64)) / size
        total = total - np.float32(mean)
        deviation = float(np.sqrt(total @ total / size))
        scale = strength / deviation if deviation > 0 else 0.0
        scores += np.float32(scale) * total
        scaled.append((scale, voice))
    return Fold(liked, scores, tuple(scaled), guests)


def person_factors(rows: Values, gram_inverse: Values, confidence: float) -> Values:
    """Likes x factors: the least-squares solution for one person, kept apart by like.

    `rows`: the factors of each like. Solves (Y'Y + r + (c - 1) * sum y y') x = c * sum y for
    `confidence` c, where `gram_inverse` is the inverse of Y'Y + r; after Hu, Koren and Volinsky,
    "Collaborative filtering for implicit feedback datasets" (2008). With few likes the system is
    as small as their number.
    """
    reach = rows @ gram_inverse
    if len(rows) > rows.shape[1]:
        return _by_factors(rows, gram_inverse, confidence)
    system = (confidence - 1) * (reach @ rows.T)
    system[np.diag_indices_from(system)] += 1
    found: Values = (confidence * np.linalg.solve(system, reach)).astype(np.float32)
    return found


def _by_factors(rows: Values, gram_inverse: Values, confidence: float) -> Values:
    system = np.linalg.inv(gram_inverse.astype(np.float64)) + (confidence - 1) * (rows.T @ rows)
    found: Values = (confidence * np.linalg.solve(system, rows.T).T).astype(np.float32)
    return found
