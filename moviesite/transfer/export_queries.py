"""Reads what somebody takes along. Changes nothing."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, select, true

from moviesite.database import table_of
from moviesite.extensions import Base, db
from moviesite.models import ListItem, Movie, MovieList

Line = tuple[Any, ...]


class Listed(NamedTuple):
    """A list: its public id, name, description, visibility and moment, and a line for each film."""

    block: Line
    films: Sequence[Line]

    @property
    def name(self) -> str:
        """What its owner calls it."""
        return str(self.block[1])


def lines(
    user_id: int, table: type[Base], *values: Any, only: ColumnElement[bool] | None = None
) -> Iterator[Line]:
    """Somebody's rows in order of the last column: number, IMDb's number, title and year of the
    film, then `values`. One statement.
    """
    mine = table_of(table).c
    rows = (
        select(Movie.id, Movie.imdb_id, Movie.title, Movie.release_date, *values)
        .join(Movie, Movie.id == mine.movie_id)
        .where(mine.user_id == user_id, true() if only is None else only)
        .order_by(values[-1], Movie.id)
    )
    for row in db.session.execute(rows):
        yield _line(row)


def lists(user_id: int) -> Iterator[Listed]:
    """Somebody's lists, oldest first; lines begin with the place from 1. Two statements."""
    films: dict[int, list[Line]] = defaultdict(list)
    film = (Movie.id, Movie.imdb_id, Movie.title, Movie.release_date)
    items = (
        select(ListItem.list_id, ListItem.position, *film, ListItem.note, ListItem.added_at)
        .join(MovieList, MovieList.id == ListItem.list_id)
        .join(Movie, Movie.id == ListItem.movie_id)
        .where(MovieList.owner_id == user_id)
        .order_by(ListItem.list_id, ListItem.position)
    )
    for list_id, position, *row in db.session.execute(items):
        films[list_id].append((position + 1, *_line(row)))
    columns = (MovieList.name, MovieList.description, MovieList.visibility, MovieList.created_at)
    mine = select(MovieList.id, MovieList.uuid, *columns).where(MovieList.owner_id == user_id)
    for list_id, uuid, *rest in db.session.execute(mine.order_by(MovieList.id)):
        yield Listed((str(uuid), *rest), films[list_id])


def _line(row: Sequence[Any]) -> Line:
    movie_id, imdb_id, title, released, *rest = row
    year = released.year if released else None
    return (movie_id, imdb_id, title, year, *rest)
