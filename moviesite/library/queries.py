"""Reads of what is somebody's own. Changes nothing."""

import datetime as dt
from collections.abc import Collection
from typing import Any, Literal, NamedTuple

from sqlalchemy import Float, String, cast, func, literal, null, select, union_all

from moviesite.extensions import db
from moviesite.models import (
    Favorite,
    Hidden,
    Like,
    Review,
    Viewing,
    Vote,
    WatchlistItem,
)
from moviesite.models.library import UP
from moviesite.models.types import UtcDateTime


class ViewerState(NamedTuple):
    """What somebody has done with a movie; `watched_at` is when they last saw all of it."""

    favorite: bool = False
    watchlist: bool = False
    liked: bool = False
    vote: Literal["up", "down"] | None = None
    rating: float | None = None
    watched_at: dt.datetime | None = None


class Muted(NamedTuple):
    """What somebody does not want to be offered, by TMDb's numbers."""

    genres: frozenset[int] = frozenset()
    people: frozenset[int] = frozenset()
    keywords: frozenset[int] = frozenset()
    movies: frozenset[int] = frozenset()


class HiddenThing(NamedTuple):
    """Something muted; `name` is None where it is not stored."""

    kind: str
    target_id: int
    name: str | None
    added_at: dt.datetime


UNTOUCHED = ViewerState()


def overlay(user_id: int, movie_ids: Collection[int]) -> dict[int, ViewerState]:
    """What somebody has done with each of these movies; all of them have an entry.

    One statement. It is meant for what is shown at once, not for whole catalogues.
    """
    ids = set(movie_ids)
    if not ids:
        return {}
    found: dict[int, dict[str, Any]] = {movie_id: {} for movie_id in ids}
    for what, movie_id, number, moment in db.session.execute(_marks(user_id, ids)):
        found[movie_id][what] = _mark(what, number, moment)
    return {movie_id: UNTOUCHED._replace(**marks) for movie_id, marks in found.items()}


def _mark(what: str, number: float | None, moment: dt.datetime | None) -> Any:
    if what == "watched_at":
        return moment
    if what == "rating":
        return number
    if what == "vote":
        return "up" if number == UP else "down"
    return True


def _marks(user_id: int, ids: Collection[int]) -> Any:
    number, moment = cast(null(), Float), cast(null(), UtcDateTime)
    seen = select(
        literal("watched_at", String), Viewing.movie_id, number, func.max(Viewing.watched_at)
    )
    seen = seen.where(Viewing.finished.is_(True)).group_by(Viewing.movie_id)
    parts: dict[Any, Any] = {
        Viewing: seen,
        Favorite: select(literal("favorite", String), Favorite.movie_id, number, moment),
        WatchlistItem: select(literal("watchlist", String), WatchlistItem.movie_id, number, moment),
        Like: select(literal("liked", String), Like.movie_id, number, moment),
        Vote: select(literal("vote", String), Vote.movie_id, cast(Vote.value, Float), moment),
        Review: select(literal("rating", String), Review.movie_id, Review.rating, moment),
    }
    return union_all(
        *(
            part.where(table.user_id == user_id, table.movie_id.in_(ids))
            for table, part in parts.items()
        )
    )


def muted(user_id: int) -> Muted:
    """All that somebody does not want to be offered: one statement."""
    kinds: dict[str, set[int]] = {"genre": set(), "person": set(), "keyword": set(), "movie": set()}
    rows = db.session.execute(
        select(Hidden.kind, Hidden.target_id).where(Hidden.user_id == user_id)
    )
    for kind, target_id in rows:
        kinds[kind].add(target_id)
    return Muted(*map(frozenset, kinds.values()))
