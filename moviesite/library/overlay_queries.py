"""What somebody has done with movies, beside what is public about them. Changes nothing."""

import datetime as dt
from collections.abc import Collection, Iterator
from typing import Any, Literal, NamedTuple

from sqlalchemy import (
    BindParameter,
    Float,
    String,
    bindparam,
    case,
    cast,
    func,
    literal,
    null,
    select,
    union_all,
)

from moviesite.catalogue.queries import Community
from moviesite.database import one_of
from moviesite.extensions import db
from moviesite.library import changes_service as changes
from moviesite.library.kept_queries import MOVIE, community_of, gathered, movie_of, movies_where
from moviesite.models.library import FEEDBACK, UP
from moviesite.models.types import UtcDateTime
from moviesite.providers.base import MovieData


class ViewerState(NamedTuple):
    """What somebody has done with a movie.

    `watched_at` is when they last saw all of it; `feedback` is one of FEEDBACK, what they said of
    its being suggested.
    """

    favorite: bool = False
    watchlist: bool = False
    liked: bool = False
    vote: Literal["up", "down"] | None = None
    rating: float | None = None
    watched_at: dt.datetime | None = None
    feedback: str | None = None


UNTOUCHED = ViewerState()


def overlay(user_id: int, movie_ids: Collection[int]) -> dict[int, ViewerState]:
    """What somebody has done with each of these movies; all of them have an entry.

    One statement. It is meant for what is shown at once, not for whole catalogues.
    """
    ids = set(movie_ids)
    if not ids:
        return {}
    found: dict[int, dict[str, Any]] = {movie_id: {} for movie_id in ids}
    asked = {"user_id": user_id, "ids": ids}
    for what, movie_id, number, moment in db.session.execute(_MARKS, asked):
        found[movie_id][what] = _state_value(what, moment or number)
    return {movie_id: UNTOUCHED._replace(**marks) for movie_id, marks in found.items()}


def movie_for(user_id: int, movie_id: int) -> tuple[MovieData, Community, ViewerState] | None:
    """A stored movie with its counters, and what somebody has done with it: one statement."""
    asked = {"user_id": user_id, "movie_id": movie_id}
    for_each_genre = db.session.execute(_MOVIE, asked).all()
    if not for_each_genre:
        return None
    [(row, genres)] = gathered(for_each_genre, "movie_id")
    return movie_of(row, genres), community_of(row), _state_of(row)


def _state_value(what: str, value: Any) -> Any:
    if what in ("watched_at", "rating"):
        return value
    if what == "vote":
        return "up" if value == UP else "down"
    if what == "feedback":
        return FEEDBACK[int(value)]
    return True


def _state_of(row: Any) -> ViewerState:
    values = {what: getattr(row, f"viewer_{what}") for what in ViewerState._fields}
    known = {what: _state_value(what, value) for what, value in values.items() if value is not None}
    return UNTOUCHED._replace(**known)


def _feedback() -> Any:
    value = changes.FEEDBACK.columns.c.value
    return case(*((value == word, number) for number, word in enumerate(FEEDBACK)))


# What tells each mark of somebody, as a number: the parts of one statement have the same columns.
# All are columns of the tables themselves (see MOVIE_COLUMNS).
_NUMBERS = {
    "favorite": (changes.FAVORITE.columns.c, literal(1)),
    "watchlist": (changes.WATCHLIST.columns.c, literal(1)),
    "liked": (changes.LIKE.columns.c, literal(1)),
    "vote": (changes.VOTE.columns.c, changes.VOTE.columns.c.value),
    "rating": (changes.RATING.columns.c, changes.RATING.columns.c.rating),
    "feedback": (changes.FEEDBACK.columns.c, _feedback()),
}
_USER: BindParameter[int] = bindparam("user_id")
_PLAYS = changes.VIEWING.columns.c
_LAST_SEEN = func.max(_PLAYS.watched_at)
_SEEN = _PLAYS.user_id == _USER, _PLAYS.finished.is_(True)


def _marks() -> Any:
    number, moment = cast(null(), Float), cast(null(), UtcDateTime)
    seen = select(literal("watched_at", String), _PLAYS.movie_id, number, _LAST_SEEN)
    parts = [seen.where(*_SEEN, one_of(_PLAYS.movie_id, "ids")).group_by(_PLAYS.movie_id)]
    for what, (columns, value) in _NUMBERS.items():
        part = select(literal(what, String), columns.movie_id, cast(value, Float), moment)
        parts.append(part.where(columns.user_id == _USER, one_of(columns.movie_id, "ids")))
    return union_all(*parts)


def _columns() -> Iterator[Any]:
    """The same of one movie, as columns of its row."""
    seen = select(_LAST_SEEN).where(*_SEEN, _PLAYS.movie_id == MOVIE.id)
    yield seen.scalar_subquery().label("viewer_watched_at")
    for what, (columns, value) in _NUMBERS.items():
        own = select(value).where(columns.user_id == _USER, columns.movie_id == MOVIE.id)
        yield own.scalar_subquery().label(f"viewer_{what}")


# Built once: making them anew would take longer than asking them.
_MARKS = _marks()
# PostgreSQL keeps the plan of what asks for one, and plans lists of unknown length each time.
_MOVIE = movies_where(MOVIE.id == bindparam("movie_id")).add_columns(*_columns())
