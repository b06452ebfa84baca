"""Recommendations for one person, with reasons. Numpy alone: no scipy, no database, no clock."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from moviesite.recommendations.explaining import Reason, explain
from moviesite.recommendations.folder import UnusableModel
from moviesite.recommendations.folding import Columns, Fold, Guests, Values
from moviesite.recommendations.model import Model, Strategy

__all__ = ["Model", "Reason", "Recommendation", "Strategy", "UnusableModel", "recommend"]

SHOWN = 20
CANDIDATES = 60
# How much a movie's own score counts against its likeness to those already chosen.
TRADE = 0.8
NEW_PLACES = 2


class Recommendation(NamedTuple):
    """One movie: its column, its score, whether it is new, and why.

    The weights of the reasons and `rest` add up to the score.
    """

    movie: int
    score: float
    is_new: bool
    reasons: tuple[Reason, ...]
    rest: float


def recommend(
    model: Model,
    liked: ArrayLike,
    *,
    without: ArrayLike = (),
    strategy: Strategy = "hybrid",
    count: int = SHOWN,
    new_places: int = NEW_PLACES,
    guests: Guests | None = None,
) -> list[Recommendation]:
    """The `count` movies to show, in order, each with at most three named reasons.

    `liked` and `without` are column indices; both are left out, the latter (seen, disliked,
    muted) without saying anything about the person's taste. A like that is also among `without`
    is vetoed: it does not speak. `guests` are likes that have no column. Of each 20 places
    `new_places` belong to new movies, as far as there are any that something speaks for.
    """
    vetoed = np.asarray(without, dtype=np.int64)
    likes = np.asarray(liked, dtype=np.int64)
    fold = model.fold(likes[~np.isin(likes, vetoed)], strategy, guests)
    open_scores = fold.scores.copy()
    open_scores[likes] = -np.inf
    open_scores[vetoed] = -np.inf
    chosen = choose(model, open_scores, count, new_places)
    return _with_reasons(model, fold, chosen)


def choose(model: Model, scores: Values, count: int, new_places: int = NEW_PLACES) -> Columns:
    """Columns to show, in order; those at minus infinity never."""
    new = _new(model, scores, count * new_places // SHOWN)
    known = np.where(model.is_new, -np.inf, scores) if len(new) else scores
    chosen = rerank(model, known, count - len(new))
    return _interleaved(chosen, new, count)


def _new(model: Model, scores: Values, places: int) -> Columns:
    columns = np.flatnonzero(model.is_new & np.isfinite(scores))
    return columns[np.argsort(-scores[columns], kind="stable")[:places]]


def _interleaved(chosen: Columns, new: Columns, count: int) -> Columns:
    """New movies at even distances, the last of them in the last place of its part."""
    if not len(new):
        return chosen
    places = (np.arange(1, len(new) + 1) * min(count, len(chosen) + len(new)) // len(new)) - 1
    return np.insert(chosen, places - np.arange(len(new)), new)


def rerank(model: Model, scores: Values, count: int, trade: float = TRADE) -> Columns:
    """The best `count` columns by maximal marginal relevance, after Carbonell and Goldstein (1998).

    Each place goes to the candidate with the highest trade * relevance - (1 - trade) * likeness
    to those chosen so far. Relevance is the score as a share of the best one's, likeness the
    mean cosine times what the model says it counts: measured against the nearest chosen movie
    alone, the same diversity cost more recall.
    """
    likeness = model.arrays.get("likeness")
    best = _best(scores, max(CANDIDATES, count))
    if likeness is None or len(best) <= 2:
        return best[:count]
    rows = likeness[best]
    alike = np.float32((1 - trade) * model.settings["spread"]) * (rows @ rows.T)
    np.einsum("ii->i", alike)[:] = 0
    values = scores[best]
    worth = trade * values / (abs(values[0]) or 1.0)
    return best[_greedy(worth, alike, min(count, len(best)))]


def _greedy(worth: Values, alike: Values, count: int) -> list[int]:
    together = np.zeros_like(worth)
    chosen: list[int] = []
    for number in range(count):
        place = int((worth - together / max(number, 1)).argmax())
        chosen.append(place)
        worth[place] = -np.inf
        together += alike[place]
    return chosen


def _best(scores: Values, count: int) -> Columns:
    """Best first, without those at minus infinity."""
    if count < len(scores):
        found = np.argpartition(-scores, count)[:count]
    else:
        found = np.arange(len(scores))
    ordered = found[np.argsort(-scores[found], kind="stable")]
    return ordered[np.isfinite(scores[ordered])]


def _with_reasons(model: Model, fold: Fold, chosen: Columns) -> list[Recommendation]:
    scores: NDArray[np.float64] = fold.scores[chosen].astype(np.float64)
    explained = explain(model, fold, chosen)
    return [
        Recommendation(movie, score, is_new, reasons, score - sum(r.weight for r in reasons))
        for movie, score, is_new, reasons in zip(
            chosen.tolist(), scores.tolist(), model.is_new[chosen].tolist(), explained, strict=True
        )
    ]
