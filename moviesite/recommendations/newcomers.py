"""Columns and rows for movies that hardly anybody has seen. Scipy, for workers: no database.

What would be learnt about such a movie from people is taken from the movies most like it in
content: the mean of theirs, weighted by likeness. The mean, not the sum: a movie with many
look-alikes is not a better one.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

Matrix = NDArray[np.float32]


def nearest(
    features: sparse.csr_array, new: NDArray[np.bool_], most: int
) -> tuple[sparse.csr_array, Matrix]:
    """Movies x movies, float32: for each new movie its `most` nearest known ones by content.

    Rows of new movies add up to 1, all others are empty; so are those of new movies that share
    nothing with a known one. What they were divided by comes with them (n, 0 where empty).
    Features have rows of length 1.
    """
    size = len(new)
    known = np.flatnonzero(~new)
    others = sparse.csr_array(features[known].T)
    rows: list[NDArray[Any]] = []
    columns: list[NDArray[Any]] = []
    values: list[NDArray[Any]] = []
    totals = np.zeros(size, dtype=np.float32)
    for movie in np.flatnonzero(new):
        alike = features[[movie]] @ others
        best = np.argsort(-alike.data, kind="stable")[:most]
        worth = alike.data[best]
        total = float(worth.sum())
        if total > 0:
            totals[movie] = total
            columns.append(known[alike.indices[best]])
            values.append(worth / total)
            rows.append(np.full(len(best), movie))
    at = (_joined(rows), _joined(columns))
    found = sparse.csr_array((_joined(values), at), shape=(size, size), dtype=np.float32)
    found.sort_indices()
    return found, totals


def _joined(parts: list[NDArray[Any]]) -> NDArray[Any]:
    return np.concatenate(parts) if parts else np.empty(0, dtype=np.int64)


def fill_in(weights: Matrix, near: sparse.csr_array, itself: float) -> None:
    """Give new movies a column and a row in a matrix of weights, in its own memory.

    `itself`: what liking a movie counts for that movie when its neighbours are averaged; a like of
    the nearest one speaks for the new one directly, not only through what the two have in common.
    """
    new = np.flatnonzero(np.diff(near.indptr))
    mean = sparse.csr_array(near[new])
    columns = (mean @ weights.T).T
    columns += itself * mean.T.toarray()
    weights[:, new] = columns
    weights[new] = mean @ weights
    weights[new] += itself * mean.toarray()
    weights[new, new] = 0


def fill_in_factors(items: Matrix, near: sparse.csr_array) -> None:
    """The same for item factors, in their own memory."""
    new = np.flatnonzero(np.diff(near.indptr))
    items[new] = near[new] @ items
