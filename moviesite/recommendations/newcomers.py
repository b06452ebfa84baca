"""Columns and rows for movies that hardly anybody has seen. Scipy, for workers: no database.

What a few people taught about such a movie counts as far as they are enough; the rest is taken from
the movies most like it in content: the mean of theirs, weighted by likeness, times the root of how
alike they are altogether (`Near.reach`). Their sum would make a movie the better for having many
look-alikes, the mean alone as good where nothing is much like it; on 100,000 and on a million
ratings this beats them both.
"""

from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

Matrix = NDArray[np.float32]


class Near:
    """The known movies that are nearest to each new one by content.

    `rows` (movies x movies, float32): those of new movies add up to 1, all others are empty; so
    are those of new movies that share nothing with a known one. `totals` (n): the sums of cosines
    that they were divided by, 0 where empty. `own` (n): the part that stays of what people taught.
    """

    def __init__(self, rows: sparse.csr_array, totals: Matrix, own: Matrix) -> None:
        self.rows = rows
        self.totals = totals
        self.own = own

    @cached_property
    def new(self) -> NDArray[np.int64]:
        """Columns of the new movies that are like any."""
        return np.flatnonzero(np.diff(self.rows.indptr))

    @property
    def borrowed(self) -> Matrix:
        """By how much of their mean the neighbours speak, beside what people taught."""
        found: Matrix = self.reach * (1 - self.own)
        return found

    @cached_property
    def reach(self) -> Matrix:
        """How much more than their mean the neighbours speak (n; 1 where they are as usual)."""
        usual = self.totals[self.new].mean() if len(self.new) else 1
        found: Matrix = np.sqrt(self.totals / np.float32(usual))
        return found


def nearest(features: sparse.csr_array, own: Matrix, most: int) -> Near:
    """For each new movie its `most` nearest known ones; features have rows of length 1.

    `own` is as in `Near`: movies of which all stays are known.
    """
    size, new = len(own), own < 1
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
    return Near(found, totals, own.astype(np.float32))


def _joined(parts: list[NDArray[Any]]) -> NDArray[Any]:
    return np.concatenate(parts) if parts else np.empty(0, dtype=np.int64)


def fill_in(weights: Matrix, near: Near, itself: float) -> None:
    """Give new movies a column and a row in a matrix of weights, in its own memory.

    `itself`: what liking a movie counts for that movie when its neighbours are averaged; a like of
    the nearest one speaks for the new one directly, not only through what the two have in common.
    """
    mean = sparse.csr_array(near.rows[near.new])
    columns = (mean @ weights.T).T
    columns += itself * mean.T.toarray()
    weights[:, near.new] = _mixed(weights[:, near.new].T, columns.T * _reach(near), near).T
    rows = mean @ weights
    rows += itself * mean.toarray()
    weights[near.new] = _mixed(weights[near.new], rows, near)
    weights[near.new, near.new] = 0


def fill_in_factors(items: Matrix, near: Near) -> None:
    """The same for item factors, in their own memory."""
    means = near.rows[near.new] @ items * _reach(near)
    items[near.new] = _mixed(items[near.new], means, near)


def fill_in_pairs(rows: Matrix, lengths: Matrix, weights: Matrix, near: Near) -> None:
    """The same for directions of taste and what their products say, in their own memory."""
    mean = sparse.csr_array(near.rows[near.new])
    rows[near.new] = _mixed(rows[near.new], mean @ rows, near)
    lengths[near.new] = _mixed(lengths[near.new, None], mean @ lengths[:, None], near)[:, 0]
    weights[near.new] = _mixed(weights[near.new], mean @ weights * _reach(near), near)


def _reach(near: Near) -> Matrix:
    reach: Matrix = near.reach[near.new, None]
    return reach


def _mixed(taught: Matrix, means: Matrix, near: Near) -> Matrix:
    """Rows of new movies from what people taught and from what their neighbours say."""
    own = near.own[near.new, None]
    mixed: Matrix = own * taught + (1 - own) * means
    return mixed
