"""What pages show of somebody's own: plays by day, the rows of home. Changes nothing."""

import datetime as dt
from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Exists, Row, exists, func, literal, select, tuple_, union_all
from sqlalchemy.orm import contains_eager

from moviesite.database import table_of
from moviesite.extensions import db
from moviesite.library.kept_queries import gathered, movie_of, with_movies
from moviesite.models import Genre, Hidden, Movie, Review, User, Viewing, WatchlistItem
from moviesite.providers.base import MovieData

_MOST_PLAYS = 500
# Whoever brings along what they marked in one evening has seen thousands in a month.
_MOST_IN_A_MONTH = 10_000
_SHOWN = (Movie.id, Movie.title, Movie.release_date, Movie.runtime, Movie.poster_path)


class Play(NamedTuple):
    """A play with its movie; `number` counts the plays of that movie from the first.

    `rating` is what the person gives the movie now, out of five.
    """

    viewing: Viewing
    movie: Movie
    number: int
    rating: float | None


class OwnRows(NamedTuple):
    """What somebody means to see and what they saw last, newest first."""

    watchlist: list[MovieData]
    watched: list[MovieData]


def plays_of(user: User, movie_id: int) -> Sequence[Viewing]:
    """When somebody saw a movie, newest first: one statement."""
    mine = select(Viewing).where(Viewing.user_id == user.id, Viewing.movie_id == movie_id)
    newest = mine.order_by(Viewing.watched_at.desc(), Viewing.id.desc())
    return db.session.scalars(newest.limit(_MOST_PLAYS)).all()


def is_hidden(user: User, kind: str, target_id: int) -> bool:
    """Whether somebody mutes something: one statement."""
    return bool(db.session.scalar(select(_hides(user, kind, target_id))))


def _hides(user: User, kind: str, target_id: int) -> Exists:
    return exists().where(
        Hidden.user_id == user.id, Hidden.kind == kind, Hidden.target_id == target_id
    )


def plays_between(user: User, begin: dt.datetime, end: dt.datetime) -> list[Play]:
    """What somebody saw from a moment until before another, newest first: one statement."""
    earlier = table_of(Viewing).alias()
    number = (
        select(func.count())
        .where(
            earlier.c.user_id == user.id,
            earlier.c.movie_id == Viewing.movie_id,
            # Two plays of one day have the same moment.
            tuple_(earlier.c.watched_at, earlier.c.id) <= tuple_(Viewing.watched_at, Viewing.id),
        )
        .correlate(Viewing)
        .scalar_subquery()
    )
    statement = (
        select(Viewing, number, Review.rating)
        .join(Viewing.movie)
        .outerjoin(Review, (Review.movie_id == Viewing.movie_id) & (Review.user_id == user.id))
        .options(contains_eager(Viewing.movie).load_only(*_SHOWN))
        .where(Viewing.user_id == user.id, Viewing.watched_at >= begin, Viewing.watched_at < end)
        .order_by(Viewing.watched_at.desc(), Viewing.id.desc())
        .limit(_MOST_IN_A_MONTH)
    )
    found = db.session.execute(statement)
    return [Play(viewing, viewing.movie, *rest) for viewing, *rest in found]


def play_of(user: User, viewing_id: UUID) -> Viewing | None:
    """One of somebody's plays with its movie: one statement."""
    mine = select(Viewing).join(Viewing.movie).options(contains_eager(Viewing.movie))
    mine = mine.where(Viewing.user_id == user.id, Viewing.uuid == viewing_id)
    return db.session.scalar(mine)


def movie_played(user: User, viewing_id: UUID) -> int | None:
    """The movie of one of somebody's plays: one statement."""
    mine = Viewing.user_id == user.id, Viewing.uuid == viewing_id
    return db.session.scalar(select(Viewing.movie_id).where(*mine))


def played_months(user: User) -> tuple[dt.datetime, dt.datetime] | None:
    """When somebody saw the first and the last film; None where none: one statement."""
    edges = select(func.min(Viewing.watched_at), func.max(Viewing.watched_at))
    first, last = db.session.execute(edges.where(Viewing.user_id == user.id)).one()
    return (first, last) if first else None


def own_rows(user: User, size: int) -> OwnRows:
    """The newest of the watchlist and of the plays to the end, each movie once: one statement."""
    wished = (
        select(
            literal("w").label("row"), WatchlistItem.movie_id, WatchlistItem.added_at.label("at")
        )
        .where(WatchlistItem.user_id == user.id)
        .order_by(WatchlistItem.added_at.desc(), WatchlistItem.movie_id.desc())
        .limit(size)
        .subquery()
    )
    seen = (
        select(literal("s").label("row"), Viewing.movie_id, Viewing.watched_at.label("at"))
        .where(Viewing.user_id == user.id, Viewing.finished.is_(True))
        .order_by(Viewing.watched_at.desc(), Viewing.id.desc())
        .limit(2 * size)
        .subquery()
    )
    parts = (select(part.c.row, part.c.movie_id, part.c.at) for part in (wished, seen))
    both = union_all(*parts).subquery("page")
    shown = with_movies(both).order_by(both.c.at.desc(), Genre.name)
    found = db.session.execute(shown).all()
    wish, watch = ([one for one in found if one.row == kind] for kind in "ws")
    return OwnRows(_movies(wish), _movies(watch)[:size])


def _movies(rows: Sequence[Row[Any]]) -> list[MovieData]:
    # A film that was seen twice comes twice, and its genres with it.
    return [movie_of(row, [*dict.fromkeys(own)]) for row, own in gathered(rows, "movie_id")]
