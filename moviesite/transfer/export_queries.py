"""Reads what somebody takes along. Changes nothing."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, select, true

from moviesite.extensions import Base, db
from moviesite.models import Movie


def lines(
    user_id: int, table: type[Base], *said: Any, only: ColumnElement[bool] | None = None
) -> Iterator[tuple[Any, ...]]:
    """Somebody's rows in order of the last column: number, IMDb's number, title and year of the
    film, then what was `said`, moments as days in UTC. One statement.
    """
    mine = table.__table__.c
    rows = (
        select(Movie.id, Movie.imdb_id, Movie.title, Movie.release_date, *said)
        .join(Movie, Movie.id == mine.movie_id)
        .where(mine.user_id == user_id, true() if only is None else only)
        .order_by(said[-1], Movie.id)
    )
    for movie_id, imdb_id, title, released, *rest in db.session.execute(rows):
        year = released.year if released else None
        yield (movie_id, imdb_id, title, year, *map(_as_day, rest))


def _as_day(value: Any) -> Any:
    return value.date() if isinstance(value, dt.datetime) else value
