"""Movies like another movie. Numpy alone: no scipy, no database, no clock."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from moviesite.recommendations import guests
from moviesite.recommendations.folding import Columns
from moviesite.recommendations.model import Model


def neighbours(model: Model, movie: int, count: int) -> Columns:
    """Columns of the movies that liking this one (a column) speaks for most, best first.

    Popularity has no say: a movie that everybody likes is not like every other.
    """
    fold = model.fold([movie])
    shares = fold.shares(np.arange(model.size))[0]
    shares[movie] = -np.inf
    return _best(shares, count)


def neighbours_by_content(model: Model, features: Iterable[tuple[int, int]], count: int) -> Columns:
    """Columns of the movies that share most with one that the model does not know.

    `features`: pairs of a position in features.KINDS and an id within that kind. Rare ones weigh
    more; what no known movie has is passed over. Empty when nothing is shared.
    """
    close = guests.closeness(model, guests.described(model, features)).astype(np.float64)
    close[close <= 0] = -np.inf
    return _best(close, count)


def _best(values: NDArray[np.float64], count: int) -> Columns:
    order = np.argsort(-values, kind="stable")[:count]
    return order[np.isfinite(values[order])]
