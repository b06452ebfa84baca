"""Why a movie is recommended, as weights that add up. Numpy alone: no scipy, no database."""

from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from moviesite.recommendations.folding import Columns, Fold, SparseRows
from moviesite.recommendations.model import Model

MOST_NAMED = 3
# In the order of features.KINDS, which workers alone can import.
FEATURE_KINDS = ("genre", "director", "writer", "cast", "keyword")
_COMMONPLACE = 0  # a genre is named only when nothing closer is shared

Kind = Literal["movie", "genre", "director", "writer", "cast", "keyword"]


class Reason(NamedTuple):
    """A liked movie (`id`: its column) or something shared with liked movies (`id`: as told).

    `weight`: the part of the score that is owed to it, above 0.
    """

    kind: Kind
    id: int
    weight: float


def explain(model: Model, told: Fold, chosen: Columns) -> list[tuple[Reason, ...]]:
    """At most three reasons for each column; what they leave of the score has no name."""
    if not len(told.liked):
        return [()] * len(chosen)
    shares = told.shares(chosen)
    named = _strongest(shares)
    found = [
        _likes(told.liked, shares[:, place], named[:, place]) for place in range(len(chosen))
    ]
    for place in np.flatnonzero(model.is_new[chosen]):
        found[place] = _shared(model, told, int(chosen[place])) or found[place]
    return found


def _strongest(shares: NDArray[np.float64]) -> NDArray[np.int64]:
    """Positions of the strongest likes of each column, strongest first."""
    if len(shares) > MOST_NAMED:
        top = np.argpartition(-shares, MOST_NAMED - 1, axis=0)[:MOST_NAMED]
    else:
        top = np.repeat(np.arange(len(shares))[:, None], shares.shape[1], axis=1)
    order = np.argsort(-np.take_along_axis(shares, top, axis=0), axis=0, kind="stable")
    return np.take_along_axis(top, order, axis=0)


def _likes(
    liked: Columns, shares: NDArray[np.float64], named: NDArray[np.int64]
) -> tuple[Reason, ...]:
    pairs = zip(liked[named].tolist(), shares[named].tolist(), strict=True)
    return tuple(Reason("movie", movie, weight) for movie, weight in pairs if weight > 0)


def _shared(model: Model, told: Fold, movie: int) -> tuple[Reason, ...]:
    """What a new movie shares with liked ones, by what its neighbours' scores owe to it.

    A new movie's score is the mean of its content neighbours' scores, weighted by the features in
    common; so every feature has a part in it. Those that no liked movie has are not named.
    """
    rows, near = model.features, model.neighbours_of_new
    if rows is None or near is None or "feature_kinds" not in model.arrays:
        return ()
    index, weight = rows.row(movie)
    parts = _parts(rows, movie, near, told.scores, model.width)
    of_likes = np.zeros(model.width, dtype=np.bool_)
    of_likes[rows.entries(told.liked)[1]] = True
    open_to_name = of_likes[index] & (parts > 0) & (weight > 0)
    kinds = model.arrays["feature_kinds"][index]
    close = open_to_name & (kinds != _COMMONPLACE)
    places = np.flatnonzero(close if close.any() else open_to_name)
    best = places[np.argsort(-parts[places], kind="stable")[:MOST_NAMED]]
    ids = model.arrays["feature_ids"][index[best]]
    return tuple(
        Reason(FEATURE_KINDS[kind], int(id_), float(part))
        for kind, id_, part in zip(kinds[best].tolist(), ids, parts[best], strict=True)
    )


def _parts(
    rows: SparseRows, movie: int, near: SparseRows, scores: NDArray[np.float32], width: int
) -> NDArray[np.float64]:
    """For each feature of the movie: the part of its neighbours' mean score that runs over it."""
    index, weight = rows.row(movie)
    neighbours, closeness = near.row(movie)
    owner, theirs, values = rows.entries(neighbours.astype(np.int64))
    position = np.full(width, -1)
    position[index] = np.arange(len(index))
    at = position[theirs]
    shared = at >= 0
    owner, at = owner[shared], at[shared]
    common = values[shared] * weight[at]
    overlap = np.bincount(owner, weights=common, minlength=len(neighbours))
    worth = closeness * scores[neighbours] / np.where(overlap > 0, overlap, 1.0)
    return np.bincount(at, weights=common * worth[owner], minlength=len(index))
