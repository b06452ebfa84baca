"""What one person is recommended: from the list that waits, or folded in at once. No web."""

import datetime as dt
from collections.abc import Collection
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from moviesite import caching, clock
from moviesite.caching import PickedList, PickedRow
from moviesite.models import User
from moviesite.recommendations import in_service, queries
from moviesite.recommendations.in_service import Serving
from moviesite.recommendations.neighbours import neighbours, neighbours_by_content
from moviesite.recommendations.serving import Recommendation, Strategy, recommend

MOST = 100
_DECADE = 10


class Wish(NamedTuple):
    """How many, by which strategy, and of which decade (its first year) and genre (its id)."""

    limit: int = 20
    strategy: Strategy = "hybrid"
    decade: int | None = None
    genre: int | None = None

    @property
    def is_usual(self) -> bool:
        """Whether the list that waits answers it."""
        return self._replace(limit=20) == Wish()


class Picks(NamedTuple):
    """What is recommended, best first; nothing before a first model was learnt.

    `personal` says whether anything of the person's own speaks in it.
    """

    rows: tuple[PickedRow, ...]
    computed_at: dt.datetime
    personal: bool


def picks_for(user: User, wish: Wish) -> Picks:
    """At most `limit` movies for a person.

    The usual wish is kept under the person's version: any change of theirs has it made anew.
    """
    serving = in_service.current()
    if serving is None:
        return Picks((), clock.now(), personal=False)
    if not wish.is_usual:
        return _picks(_made(user.id, wish, serving), wish.limit)
    params = {"user_id": user.id, "model": serving.version, "version": user.library_version}
    usual = wish._replace(limit=MOST)
    made = caching.remembered(caching.RECOMMENDED, params, lambda: _made(user.id, usual, serving))
    return _picks(made, wish.limit)


def neighbours_of(movie_id: int, count: int) -> list[int]:
    """Ids of the movies that people who like this one like; by content where nobody is known to."""
    serving = in_service.current()
    if serving is None:
        return []
    column = serving.columns.get(movie_id)
    if column is None:
        found = neighbours_by_content(serving.model, queries.features_of(movie_id), count)
    else:
        found = neighbours(serving.model, column, count)
    return [int(one) for one in serving.movie_ids[found]]


def alike(movie_id: int, count: int) -> list[int]:
    """Ids of the movies that are made of the same; none where the movie is not known."""
    serving = in_service.current()
    column = serving.columns.get(movie_id) if serving else None
    if serving is None or column is None:
        return []
    scores = serving.model.fold([column], "content").scores.copy()
    scores[column] = -np.inf
    found = np.argsort(-scores, kind="stable")[:count]
    return [int(one) for one in serving.movie_ids[found[scores[found] > 0]]]


def _picks(made: PickedList, limit: int) -> Picks:
    shown = made.rows[:limit]
    return Picks(shown, made.computed_at, personal=any(row.reasons for row in shown))


def _made(user_id: int, wish: Wish, serving: Serving) -> PickedList:
    signals = queries.signals_of(user_id)
    left_out = signals.vetoed | signals.seen | queries.muted_movies(signals.muted)
    without = np.union1d(serving.columns_of(left_out - signals.liked), _outside(serving, wish))
    found = recommend(
        serving.model,
        serving.columns_of(signals.liked),
        without=without,
        strategy=wish.strategy,
        count=wish.limit,
    )
    return PickedList(clock.now(), tuple(_row(one, serving) for one in found))


def _outside(serving: Serving, wish: Wish) -> NDArray[np.int64]:
    """Columns of movies that are not of the decade and genre that were asked for."""
    kept = np.ones(serving.model.size, dtype=np.bool_)
    if wish.decade is not None:
        kept &= (serving.years >= wish.decade) & (serving.years < wish.decade + _DECADE)
    if wish.genre is not None:
        kept &= _has_genre(serving, queries.movies_of_genre(wish.genre))
    return np.flatnonzero(~kept).astype(np.int64)


def _has_genre(serving: Serving, movie_ids: Collection[int]) -> NDArray[np.bool_]:
    return np.isin(serving.movie_ids, np.fromiter(movie_ids, dtype=np.int64))


def _row(one: Recommendation, serving: Serving) -> PickedRow:
    """The weights add up to the score to the last digit that is kept."""
    reasons = tuple(
        (
            reason.kind,
            int(serving.movie_ids[reason.id]) if reason.kind == "movie" else reason.id,
            reason.weight,
        )
        for reason in one.reasons
    )
    movie_id = int(serving.movie_ids[one.movie])
    return PickedRow(movie_id, one.score, one.is_new, reasons, one.rest)
