"""Draws one film of the watchlist. Changes nothing."""

from sqlalchemy import func

from moviesite import clock
from moviesite.library.changes_service import WATCHLIST
from moviesite.library.kept_queries import MOVIE, Kept, Wish, only, rows_with_movies
from moviesite.library.seen_queries import seen_by
from moviesite.models import User


def pick_from_watchlist(user: User, wish: Wish, *, besides: int = 0) -> Kept | None:
    """One of the movies that somebody means to see, by chance, of those that are out.

    It is another one than `besides` where there is another, and one that they have not seen where
    there is one. One statement, two for words.
    """
    table, today = WATCHLIST.columns, clock.now().astimezone(user.zone).date()
    drawn = rows_with_movies(user, table, wish).where(MOVIE.release_date <= today)
    seen = seen_by(user, table.c.movie_id)
    return only(drawn.order_by(table.c.movie_id == besides, seen, func.random()).limit(1))
