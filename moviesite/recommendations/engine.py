"""Fits a model to people's likes. Scipy, for workers: no Flask, no database, no clock.

`Model` is here too, for whoever fits one; web processes take it from `serving`.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from moviesite.recommendations import closed_form, counting, factors, likeness, newcomers, pairs
from moviesite.recommendations.features import of_length_one
from moviesite.recommendations.model import Model, factor_arrays

__all__ = ["Model", "Settings", "fit"]

Matrix = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Settings:
    """What can be turned. The defaults were found on sets of 100,000 and a million ratings.

    Four of them follow the size of the data. The noise of counts grows with the number of people,
    slowly: `regularisation` and `dropout_long` are what holds from `people_for_full` people on and
    fall with the fourth root of their number below. What is still shrunk hits rare movies most, so
    the fewer people there are, the more popularity is taken off (`discount`). Pairs grow with the
    square of a person's likes: those who like nearly everything would drown the others, so that
    each of their likes counts less (`evenness`); among few people, who have most of all likes,
    that is less, too. The regularisation of the factors is in units of the noise of the likes
    themselves, that of the products in units of one person's.
    """

    regularisation: float = 200.0
    people_for_full: int = 4000
    dropout_long: float = 0.5
    dropout_short: float = 0.9
    feature_weight: float = 60.0
    blend: float = 0.15
    blend_few: float = 0.2
    pair_blend: float = 0.35
    pair_blend_few: float = 0.0
    few: int = 10
    many: int = 20
    prior: float = 2.5
    discount: float = 0.6
    evenness: float = 0.5
    factors: int = 128
    factor_regularisation: float = 0.6  # in units of factors.noise()
    confidence: float = 2.0
    iterations: int = 8
    directions: int = 96
    products: int = 1200
    rarity: float = 0.4
    pair_regularisation: float = 0.1
    new_below: int = 5
    neighbours_of_new: int = 200
    itself: float = 0.1
    seed: int = 0
    most_movies: int = 12_000  # above, matrices of movies x movies are not made
    movie_ids: NDArray[np.int64] | None = None
    feature_kinds: NDArray[np.int8] | None = None
    feature_ids: NDArray[np.int64] | None = None


def fit(
    interactions: sparse.csr_array, features: sparse.csr_array | None = None, **settings: Any
) -> Model:
    """Learn from likes, and from what movies are made of where that is told.

    `interactions`: people x movies of ones. `features`: movies x features, already weighted
    (`features.weighted` makes them); only the proportions within a row count, as each is brought
    to length 1, the unit that `feature_weight` is in. `settings`: fields of `Settings`.
    `movie_ids`, `feature_kinds` and `feature_ids` travel with the model and name its columns.
    ValueError: shapes that do not fit, or nothing to learn from.
    """
    wanted = Settings(**settings)
    likes = _ones(interactions)
    described = _described(features, likes.shape[1])
    counts = np.bincount(likes.indices, minlength=likes.shape[1]).astype(np.int32)
    near = _near(described, counts, wanted)
    with factors.one_thread():
        arrays = {"counts": counts, **_named(wanted), **_content(described, near)}
        arrays |= _matrices(likes, described, near, wanted)
        arrays |= _factors(likes, near, wanted)
        arrays |= _pairs(likes, near, wanted)
        alike = likeness.of_movies(arrays, described)
        model = Model(arrays | {"likeness": alike.rows}, _mixture(wanted, likes, described))
        model.settings["spread"] = likeness.strength(model, likes, alike.seen)
    return model


def _ones(interactions: sparse.csr_array) -> sparse.csr_array:
    likes = sparse.csr_array(interactions, dtype=np.float32, copy=True)
    likes.sum_duplicates()
    likes.eliminate_zeros()
    if not likes.nnz:
        raise ValueError("there are no interactions to learn from")
    likes.data[:] = 1
    return likes


def _described(features: sparse.csr_array | None, movies: int) -> sparse.csr_array | None:
    if features is None:
        return None
    rows = sparse.csr_array(features, dtype=np.float32)
    if rows.shape[0] != movies:
        raise ValueError(f"features describe {rows.shape[0]} movies, interactions {movies}")
    return of_length_one(rows) if rows.nnz else None


def _near(
    described: sparse.csr_array | None, counts: NDArray[np.int32], wanted: Settings
) -> newcomers.Near | None:
    if described is None:
        return None
    own = np.minimum(1, counts / wanted.new_below)
    own[np.diff(described.indptr) == 0] = 1
    return newcomers.nearest(described, own, wanted.neighbours_of_new)


def _named(wanted: Settings) -> dict[str, NDArray[Any]]:
    names = ("movie_ids", "feature_kinds", "feature_ids")
    found = {name: getattr(wanted, name) for name in names}
    return {name: np.asarray(array) for name, array in found.items() if array is not None}


def _content(
    described: sparse.csr_array | None, near: newcomers.Near | None
) -> dict[str, NDArray[Any]]:
    if described is None or near is None:
        return {}
    rows = {**_compressed("feature", described), **_compressed("new", near.rows)}
    return {**rows, "new_total": near.totals / np.where(near.borrowed > 0, near.borrowed, 1)}


def _compressed(name: str, rows: sparse.csr_array) -> dict[str, NDArray[Any]]:
    return {
        f"{name}_start": rows.indptr.astype(np.int64),
        f"{name}_index": rows.indices.astype(np.int32),
        f"{name}_weight": rows.data.astype(np.float32),
    }


def _matrices(
    likes: sparse.csr_array,
    described: sparse.csr_array | None,
    near: newcomers.Near | None,
    wanted: Settings,
) -> dict[str, Matrix]:
    people, movies = likes.shape
    if movies > wanted.most_movies:
        return {}
    counts = counting.together(_evened(likes, wanted.evenness * _fullness(people, wanted)))
    if described is not None:
        counting.add_alike(counts, described, wanted.feature_weight)
    noise = _fullness(people, wanted) ** 0.5
    regularisation, dropout = wanted.regularisation * noise, wanted.dropout_long * noise
    short = closed_form.weights(counts, regularisation, wanted.dropout_short)
    long = closed_form.weights(counts, regularisation, dropout, in_place=True)
    if near is not None:
        for matrix in (short, long):
            newcomers.fill_in(matrix, near, wanted.itself)
    return {"long": long, "short": short}


def _evened(likes: sparse.csr_array, power: float) -> sparse.csr_array:
    """Rows whose squares weigh 1 / likes ** power, and as much altogether as before."""
    number = np.diff(likes.indptr).astype(np.float64)
    if not power:
        return likes
    weight = np.where(number > 0, np.maximum(number, 1) ** -power, 0)
    weight *= likes.nnz / (weight @ number)
    return sparse.csr_array(sparse.diags_array(np.sqrt(weight).astype(np.float32)) @ likes)


def _factors(
    likes: sparse.csr_array, near: newcomers.Near | None, wanted: Settings
) -> dict[str, Matrix]:
    if not factors.available():
        return {}
    regularisation = wanted.factor_regularisation * factors.noise(likes)
    items = factors.learn(
        likes,
        wanted.factors,
        regularisation,
        wanted.confidence,
        wanted.iterations,
        wanted.seed,
    )
    found = factor_arrays(items, regularisation)
    if near is not None:
        newcomers.fill_in_factors(found["item_factors"], near)
    return found


def _pairs(
    likes: sparse.csr_array, near: newcomers.Near | None, wanted: Settings
) -> dict[str, NDArray[Any]]:
    if likes.shape[1] > wanted.most_movies:
        return {}
    found = pairs.directions(likes, wanted.directions, wanted.products, wanted.rarity)
    if not found.pairs.size:
        return {}
    weights = pairs.learn(likes, found, wanted.pair_regularisation)
    if near is not None:
        newcomers.fill_in_pairs(found.rows, found.lengths, weights, near)
    return pairs.arrays(found, weights)


def _fullness(people: int, wanted: Settings) -> float:
    """1 where there are enough people; below, what their number's root is of that one's."""
    return float(np.sqrt(min(1.0, people / wanted.people_for_full)))


def _mixture(
    wanted: Settings, likes: sparse.csr_array, described: sparse.csr_array | None
) -> dict[str, float]:
    return {
        "blend": wanted.blend,
        "blend_few": wanted.blend_few,
        "pair_blend": wanted.pair_blend,
        "pair_blend_few": wanted.pair_blend_few,
        "few": float(wanted.few),
        "many": float(wanted.many),
        "prior": wanted.prior,
        "discount": wanted.discount * (1 - _fullness(likes.shape[0], wanted)),
        "confidence": wanted.confidence,
        "new_below": float(wanted.new_below),
        "features": float(described.shape[1]) if described is not None else 0.0,
        "people": float(likes.shape[0]),
    }
