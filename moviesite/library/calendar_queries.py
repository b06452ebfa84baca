"""Reads of what a calendar app is shown of a watchlist, and of who shows it. Changes nothing."""

import datetime as dt
from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import select

from moviesite import clock
from moviesite.errors import NotFound
from moviesite.extensions import db
from moviesite.models import CalendarFeed, Movie, User, WatchlistItem

# What came out lately is still to be seen; what did long ago is no news of a calendar's.
_BACK = dt.timedelta(days=183)
_MOST = 1000
_FORM = 43


class Release(NamedTuple):
    """A film of a watchlist and the day it comes out."""

    id: int
    title: str
    day: dt.date
    added_at: dt.datetime


def feed_of(user: User) -> CalendarFeed | None:
    """Somebody's address for calendar apps, as it is at this moment: one statement."""
    return db.session.get(CalendarFeed, user.id, populate_existing=True)


def shown_by(token: str) -> User:
    """Whose watchlist the address with this token shows: one statement.

    Raises NotFound, which does not tell a token that ended from one that never was.
    """
    # Nothing else was ever given out; text of any length need not reach the database.
    fits = len(token) == _FORM and token.isascii()
    owner = select(User).join(CalendarFeed, CalendarFeed.user_id == User.id)
    known = owner.where(CalendarFeed.token == token, User.is_active)
    found = db.session.scalar(known) if fits else None
    if found is None:
        raise NotFound("There is nothing at this address.")
    return found


def releases_of(user: User, *, upcoming: bool = False) -> Sequence[Release]:
    """Films of somebody's watchlist by the day they come out, of the last six months and to come,
    or from today on alone. One statement.
    """
    today = clock.now().astimezone(user.zone).date()
    first = today if upcoming else today - _BACK
    mine = WatchlistItem.user_id == user.id, WatchlistItem.movie_id == Movie.id
    columns = (Movie.id, Movie.title, Movie.release_date, WatchlistItem.added_at)
    kept = select(*columns).where(*mine, Movie.release_date >= first)
    # Where there are too many, the oldest stay out.
    latest = kept.order_by(Movie.release_date.desc(), Movie.id.desc()).limit(_MOST)
    found = reversed(db.session.execute(latest).all())
    return [Release(row.id, row.title, row.release_date, row.added_at) for row in found]
