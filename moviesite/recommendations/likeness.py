"""How alike movies are, and how much that counts when a list is kept diverse. Scipy, for workers.

How far a list can be spread, and what it costs, follows from what is told of the movies: the same
strength that makes lists of one catalogue a twentieth more diverse does half or twice as much to
those of another. So it is no number that somebody chose, but found with each model.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from moviesite.recommendations import evaluation, serving
from moviesite.recommendations.features import KINDS
from moviesite.recommendations.model import Model

Matrix = NDArray[np.float32]

WIDTH = 256
# Of the likeness of two movies the part that their genres are, where they are told.
GENRES = 0.75
# Lists are to be so many times as diverse as the best scores alone: a little above a twentieth,
# as others will be drawn than those whom it is found on.
WANTED = 1.0525
PEOPLE = 500
# Where not even `MOST` does it, what a catalogue of films usually takes.
MOST, USUAL = 6.0, 3.5
HALVINGS = 6


class Likeness(NamedTuple):
    """`rows` (movies x any): by them lists are re-ranked. `seen`: what is to be diverse in them.

    Both have rows of length 1; those of `seen` are empty where nothing is told. `seen` is genres,
    which people see, `rows` have who likes what beside them; where no genre is told, both are the
    latter. A movie whose genres are not told is in `rows` like the mean of all others: neither
    better nor worse to choose beside any.
    """

    rows: Matrix
    seen: Matrix


def of_movies(arrays: Mapping[str, NDArray[Any]], described: sparse.csr_array | None) -> Likeness:
    """From a model's arrays, and the rows of what its movies are made of."""
    taste, genres = unit(_taste(arrays, described)), _genres(arrays, described)
    has_genres: NDArray[np.bool_] = np.any(genres, axis=1)
    if not has_genres.any():
        return Likeness(taste, taste)
    usual = np.where(has_genres[:, None], genres, genres[has_genres].mean(axis=0))
    sides = (np.sqrt(GENRES) * usual, np.sqrt(1 - GENRES) * taste)
    return Likeness(np.hstack(sides).astype(np.float32), genres)


def strength(model: Model, likes: sparse.csr_array, seen: Matrix) -> float:
    """How many times as it is likeness has to count, so that lists are as diverse as `WANTED`.

    Found by halving, on lists of `PEOPLE` of those who taught the model; its setting `spread`
    is changed meanwhile.
    """
    scores = _open_scores(model, likes)
    goal = WANTED * _diversity(model, scores, seen, 0.0)
    if not 0 < goal <= _diversity(model, scores, seen, MOST):
        return USUAL
    low, high = 0.0, MOST
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        if _diversity(model, scores, seen, middle) < goal:
            low = middle
        else:
            high = middle
    return high


def _open_scores(model: Model, likes: sparse.csr_array) -> list[NDArray[np.float32]]:
    """Of people drawn at random, with minus infinity for what they like."""
    chance = np.random.default_rng(0)
    number = np.diff(likes.indptr)
    able = np.flatnonzero((number > 0) & (number + serving.SHOWN < likes.shape[1]))
    found = []
    for person in chance.permutation(able)[:PEOPLE]:
        liked = likes.indices[likes.indptr[person] : likes.indptr[person + 1]]
        scores = model.score(liked)
        scores[liked] = -np.inf
        found.append(scores)
    return found


def _diversity(
    model: Model, scores: list[NDArray[np.float32]], seen: Matrix, spread: float
) -> float:
    model.settings["spread"] = spread
    lists = (serving.rerank(model, row, serving.SHOWN) for row in scores)
    with_genres = (shown[seen[shown].any(axis=1)] for shown in lists)
    return sum(evaluation.diversity(shown, seen) for shown in with_genres)


def _genres(arrays: Mapping[str, NDArray[Any]], described: sparse.csr_array | None) -> Matrix:
    if described is None or "feature_kinds" not in arrays:
        return np.zeros((len(arrays["counts"]), 1), dtype=np.float32)
    columns = np.flatnonzero(arrays["feature_kinds"] == KINDS.index("genre"))
    return unit(described[:, columns].toarray() > 0)


def _taste(arrays: Mapping[str, NDArray[Any]], described: sparse.csr_array | None) -> Matrix:
    chance = np.random.default_rng(0)
    if "item_factors" in arrays:
        return centred(arrays["item_factors"])
    if "long" in arrays:
        mixed: Matrix = arrays["long"] @ _signs(chance, len(arrays["long"]))
        return mixed
    if described is not None:
        content: Matrix = described @ _signs(chance, described.shape[1])
        return content
    return np.ones((len(arrays["counts"]), 1), dtype=np.float32)


def centred(items: Matrix) -> Matrix:
    """Without what all movies have in common: two popular movies are not alike for that."""
    centred: Matrix = items - items.mean(axis=0)
    return centred


def _signs(chance: np.random.Generator, rows: int) -> Matrix:
    """A random projection that keeps cosines, after Achlioptas (2003)."""
    drawn = chance.integers(0, 2, (rows, WIDTH), dtype=np.int8)
    return (drawn * np.float32(2) - 1) / np.float32(np.sqrt(WIDTH))


def unit(rows: NDArray[Any]) -> Matrix:
    """The rows brought to length 1; empty ones stay empty."""
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return (rows / np.where(lengths > 0, lengths, 1)).astype(np.float32)
