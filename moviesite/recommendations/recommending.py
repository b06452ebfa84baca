"""What one person is recommended: from the list that waits, or folded in at once. No web."""

import datetime as dt
from collections.abc import Collection, Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from moviesite import cache_kinds, caching, clock
from moviesite.cache_kinds import PickedList, PickedReason, PickedRow
from moviesite.models import User
from moviesite.recommendations import guests, in_service, queries
from moviesite.recommendations.explaining import FEATURE_KINDS
from moviesite.recommendations.folding import Guests
from moviesite.recommendations.in_service import Serving
from moviesite.recommendations.neighbours import neighbours, neighbours_by_content
from moviesite.recommendations.serving import Reason, Recommendation, Strategy, recommend

MOST = 100
# Liked movies that the model does not know speak as far as these many, the newest first.
MOST_GUESTS = 50
_DECADE = 10
_GENRE = FEATURE_KINDS.index("genre")


class Wish(NamedTuple):
    """How many, by which strategy, and of which decade (its first year) and genres (ids).

    Those of one group of genres are alternatives; every group must be met.
    """

    limit: int = 20
    strategy: Strategy = "hybrid"
    decade: int | None = None
    genres: tuple[tuple[int, ...], ...] = ()

    @property
    def is_usual(self) -> bool:
        """Whether the list that waits answers it."""
        return self._replace(limit=20) == Wish()


class Picks(NamedTuple):
    """What is recommended, best first.

    `personal` says whether anything of the person's own speaks in it, `has_likes` whether there is
    anything that could.
    """

    rows: tuple[PickedRow, ...]
    computed_at: dt.datetime
    personal: bool
    has_likes: bool = True


def picks_for(user: User, wish: Wish) -> Picks:
    """At most `limit` movies for a person; nothing where nothing of theirs speaks to a model.

    The usual wish is kept under the person's version: any change of theirs has it made anew. So is
    what was made while a liked movie was hardly known.
    """
    serving = in_service.current()
    if serving is None:
        return Picks((), clock.now(), personal=False)
    if not wish.is_usual:
        return _shown(_made(user.id, wish, serving), wish.limit)
    params = {"user_id": user.id, "model": serving.version, "version": user.library_edition}
    usual = wish._replace(limit=MOST)
    made = caching.remembered(
        cache_kinds.RECOMMENDED, params, lambda: _made(user.id, usual, serving)
    )
    if made.provisional:
        made = _made(user.id, usual, serving)
    return _shown(made, wish.limit)


def neighbours_of(movie_id: int, count: int) -> list[int]:
    """Ids of the movies that people who like this one like; by content where nobody is known to."""
    serving = in_service.current()
    if serving is None:
        return []
    column = serving.columns.get(movie_id)
    if column is None:
        made_of = queries.features_of([movie_id])[movie_id]
        found = neighbours_by_content(serving.model, made_of, count)
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


def variety(wish: Wish, without: Collection[int], serving: Serving) -> list[int]:
    """Ids of movies that many like, as unlike each other as can be, for whoever comes."""
    masked = np.union1d(serving.columns_of(without), _outside(serving, wish))
    found = recommend(serving.model, (), without=masked, count=wish.limit, new_places=0)
    return [int(serving.movie_ids[one.movie]) for one in found]


def _shown(made: PickedList, limit: int) -> Picks:
    return Picks(made.rows[:limit], made.computed_at, made.personal)


def _made(user_id: int, wish: Wish, serving: Serving) -> PickedList:
    signals = queries.signals_of(user_id)
    liked = serving.columns_of(signals.liked)
    unknown, provisional = _guests(signals.liked, serving)
    if not len(liked) and unknown is None:
        return PickedList(clock.now(), (), personal=False, provisional=provisional)
    left_out = queries.left_out(signals, serving.ids) - signals.liked.keys()
    found = recommend(
        serving.model,
        liked,
        without=np.union1d(serving.columns_of(left_out), _outside(serving, wish)),
        strategy=wish.strategy,
        count=wish.limit,
        guests=unknown,
    )
    rows = tuple(_row(one, serving, signals.liked) for one in found)
    return PickedList(clock.now(), rows, personal=True, provisional=provisional)


def _guests(liked: Collection[int], serving: Serving) -> tuple[Guests | None, bool]:
    """Liked movies without a column, and whether more may soon be known of one of them."""
    outside = sorted((id_ for id_ in liked if id_ not in serving.columns), reverse=True)
    if not outside:
        return None, False
    features = queries.features_of(outside[:MOST_GUESTS])
    hardly_known = any(all(kind == _GENRE for kind, _ in its) for its in features.values())
    return guests.of(serving.model, features), hardly_known


def _outside(serving: Serving, wish: Wish) -> NDArray[np.int64]:
    """Columns of movies that are not of the decade and genres that were asked for."""
    kept = np.ones(serving.model.size, dtype=np.bool_)
    if wish.decade is not None:
        kept &= (serving.years >= wish.decade) & (serving.years < wish.decade + _DECADE)
    if wish.genres:
        wanted = {genre for group in wish.genres for genre in group}
        pairs = queries.genres_among(wanted, serving.ids)
        for group in wish.genres:
            fitting = {movie_id for movie_id, genre_id in pairs if genre_id in group}
            kept &= np.isin(serving.movie_ids, np.fromiter(fitting, dtype=np.int64))
    return np.flatnonzero(~kept).astype(np.int64)


def _row(one: Recommendation, serving: Serving, liked: Mapping[int, str]) -> PickedRow:
    """The weights add up to the score to the last digit that is kept."""
    reasons = tuple(_reason(reason, serving, liked) for reason in one.reasons)
    movie_id = int(serving.movie_ids[one.movie])
    return PickedRow(movie_id, one.score, one.is_new, reasons, one.rest)


def _reason(reason: Reason, serving: Serving, liked: Mapping[int, str]) -> PickedReason:
    """Outside, a movie is a movie, whether the model knows it or not."""
    if reason.kind not in ("movie", "guest"):
        return PickedReason(reason.kind, reason.id, reason.weight)
    movie_id = reason.id if reason.kind == "guest" else int(serving.movie_ids[reason.id])
    return PickedReason("movie", movie_id, reason.weight, liked[movie_id])
