"""Why a movie is recommended, as weights that add up. Numpy alone: no scipy, no database."""

from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from moviesite.recommendations.folding import Columns, Fold
from moviesite.recommendations.model import Model

Kind = Literal["movie", "guest", "genre", "director", "writer", "cast", "keyword"]

MOST_NAMED = 3
# In the order of features.KINDS, which workers alone can import.
FEATURE_KINDS: tuple[Kind, ...] = ("genre", "director", "writer", "cast", "keyword")
_COMMONPLACE = 0  # a genre is named only when nothing closer is shared


class Reason(NamedTuple):
    """A liked movie, a liked guest, or something shared with either.

    `id`: a movie's column, a guest's name, the id of a feature as it was told.
    `weight`: the part of the score that is owed to it, above 0.
    """

    kind: Kind
    id: int
    weight: float


def explain(model: Model, fold: Fold, chosen: Columns) -> list[tuple[Reason, ...]]:
    """At most three reasons for each column; what they leave of the score has no name."""
    if not fold.likes:
        return [()] * len(chosen)
    shares = fold.shares(chosen)
    named = _strongest(shares)
    found = [_likes(fold, shares[:, place], named[:, place]) for place in range(len(chosen))]
    new = np.flatnonzero(model.is_new[chosen])
    if len(new) and model.features and "feature_kinds" in model.arrays:
        of_likes = np.zeros(model.width, dtype=np.bool_)
        of_likes[model.features.entries(fold.liked)[1]] = True
        if fold.guests is not None:
            of_likes[fold.guests.facts.features] = True
        for place in new:
            found[place] = _shared(model, fold, int(chosen[place]), of_likes) or found[place]
    return found


def _strongest(shares: NDArray[np.float64]) -> NDArray[np.int64]:
    """Positions of the strongest likes of each column, strongest first."""
    if len(shares) > MOST_NAMED:
        top = np.argpartition(-shares, MOST_NAMED - 1, axis=0)[:MOST_NAMED]
    else:
        top = np.repeat(np.arange(len(shares))[:, None], shares.shape[1], axis=1)
    order = np.argsort(-np.take_along_axis(shares, top, axis=0), axis=0, kind="stable")
    return np.take_along_axis(top, order, axis=0)


def _likes(fold: Fold, shares: NDArray[np.float64], named: NDArray[np.int64]) -> tuple[Reason, ...]:
    pairs = zip(named.tolist(), shares[named].tolist(), strict=True)
    return tuple(_like(fold, place, weight) for place, weight in pairs if weight > 0)


def _like(fold: Fold, place: int, weight: float) -> Reason:
    known = len(fold.liked)
    if place < known or fold.guests is None:
        return Reason("movie", int(fold.liked[place]), weight)
    return Reason("guest", fold.guests.names[place - known], weight)


def _shared(
    model: Model, fold: Fold, movie: int, of_likes: NDArray[np.bool_]
) -> tuple[Reason, ...]:
    """What a new movie shares with liked ones, by what its neighbours' scores owe to it.

    A new movie's score is the mean of its content neighbours' scores, weighted by the features in
    common; so every feature has a part in it. Those that no liked movie has are not named.
    """
    rows = model.features
    if rows is None:
        return ()
    index, weight = rows.row(movie)
    shared = np.flatnonzero(of_likes[index] & (weight > 0))
    kinds = model.arrays["feature_kinds"][index[shared]]
    close = shared[kinds != _COMMONPLACE]
    places = close if len(close) else shared
    parts = weight[places] * _parts(model, fold, movie, index[places])
    order = [place for place in np.argsort(-parts, kind="stable")[:MOST_NAMED] if parts[place] > 0]
    return tuple(_reason(model, int(index[places[at]]), float(parts[at])) for at in order)


def _reason(model: Model, feature: int, weight: float) -> Reason:
    kind = FEATURE_KINDS[model.arrays["feature_kinds"][feature]]
    return Reason(kind, int(model.arrays["feature_ids"][feature]), weight)


def _parts(model: Model, fold: Fold, movie: int, wanted: NDArray[np.int32]) -> NDArray[np.float64]:
    """Per unit of weight, what runs over each wanted feature to the movie from its neighbours."""
    owners, near = model.by_feature, model.neighbours_of_new
    if owners is None or near is None:
        return np.zeros(len(wanted))
    neighbours, _ = near.row(movie)
    speaks = np.zeros(model.size, dtype=np.float32)
    speaks[neighbours] = fold.scores[neighbours]
    owner, movies, weight = owners.entries(wanted.astype(np.int64))
    sums = np.bincount(owner, weights=weight * speaks[movies], minlength=len(wanted))
    found: NDArray[np.float64] = sums / float(model.arrays["new_total"][movie])
    return found
