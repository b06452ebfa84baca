"""What likes say together, beyond what each says alone. Scipy, for workers: no database, no web.

A person has a place along each of the main directions of taste; the product of two places says
what goes with both. This is ridge regression over people with the square of the cosine for a kernel
(Sachdeva et al., "Infinite recommendation networks" (2022), take another one), written in the
products that such a kernel is the sum of: so nobody's own likes are kept, and folding in takes one
product with a matrix.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import linalg, sparse

from moviesite.recommendations.features import of_length_one

Matrix = NDArray[np.float32]

PEOPLE_AT_ONCE = 4096


class Directions(NamedTuple):
    """Along what tastes differ, and which two of these are looked at together.

    `rows` (movies x directions): what a like adds to a person's place along each. `lengths`
    (movies): the square of what it weighs; a person's places are divided by the root of their sum.
    `pairs`: two rows of positions among the directions.
    """

    rows: Matrix
    lengths: Matrix
    pairs: NDArray[np.int64]


def directions(likes: sparse.csr_array, most: int, products: int, rarity: float) -> Directions:
    """The `most` main directions of people x movies, and the `products` that vary most.

    A like weighs the more the fewer have it (share of people ** -rarity), everybody as much as
    everybody else. Fewer directions where there are fewer people or movies, none where nothing
    varies.
    """
    people, movies = likes.shape
    weight = ((1 + likes.sum(axis=0)) / people) ** -rarity
    everybody = of_length_one(sparse.csr_array(likes @ sparse.diags_array(weight)))
    strength, axes = _main(everybody, min(most, people - 1, movies - 1))
    rows = (weight[:, None] * axes.T).astype(np.float32)
    return Directions(rows, (weight**2).astype(np.float32), _pairs(strength, products))


def _main(rows: sparse.csr_array, most: int) -> tuple[Matrix, Matrix]:
    """Singular values and the directions (x movies) that they belong to."""
    if most < 1:
        return np.empty(0, dtype=np.float32), np.empty((0, rows.shape[1]), dtype=np.float32)
    start = np.random.default_rng(0).standard_normal(min(rows.shape)).astype(np.float32)
    _, strength, axes = sparse.linalg.svds(rows, k=most, v0=start)
    real = strength > 1e-3 * strength.max()
    return strength[real], axes[real]


def _pairs(strength: Matrix, most: int) -> NDArray[np.int64]:
    first, second = np.triu_indices(len(strength))
    spread = strength[first] * strength[second] * _times(first, second) ** 2
    chosen = np.sort(np.argsort(-spread, kind="stable")[:most])
    return np.stack([first[chosen], second[chosen]])


def _times(first: NDArray[np.int64], second: NDArray[np.int64]) -> NDArray[np.float64]:
    """Two different directions meet twice in the square of a sum."""
    return np.where(first == second, 1.0, np.sqrt(2))


def learn(
    likes: sparse.csr_array,
    found: Directions,
    regularisation: float,
    at_once: int = PEOPLE_AT_ONCE,
) -> Matrix:
    """Movies x products, float32: what each product of two places says of each movie."""
    times = _times(*found.pairs).astype(np.float32)
    size = len(times)
    gram = np.zeros((size, size), dtype=np.float32)
    sums = np.zeros((likes.shape[1], size), dtype=np.float32)
    for start in range(0, likes.shape[0], at_once):
        some = likes[start : start + at_once]
        products = _products(some, found) * times
        gram += products.T @ products
        sums += some.T @ products
    gram[np.diag_indices(size)] += regularisation
    factor = linalg.cho_factor(gram, lower=True, overwrite_a=True)
    weights = linalg.cho_solve(factor, sums.T, overwrite_b=True).T
    return np.ascontiguousarray(weights * times, dtype=np.float32)


def _products(likes: sparse.csr_array, found: Directions) -> Matrix:
    lengths = np.sqrt(likes @ found.lengths)
    scale = np.divide(1, lengths, out=np.zeros_like(lengths), where=lengths > 0)
    places = (likes @ found.rows) * scale[:, None]
    first, second = found.pairs
    product: Matrix = places[:, first] * places[:, second]
    return product


def arrays(found: Directions, weights: Matrix) -> dict[str, NDArray[Any]]:
    """As a model names them."""
    return {
        "taste_rows": found.rows,
        "taste_lengths": found.lengths,
        "pairs": found.pairs.astype(np.int32),
        "pair_weights": weights,
    }
