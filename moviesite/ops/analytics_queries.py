"""How the site is used, in numbers by day. Reads only; nobody is named.

Days are in UTC. Those that are over are read as they were written down; the present one is
counted as it stands.
"""

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import Integer, Select, cast, func, select

from moviesite import clock
from moviesite.extensions import db
from moviesite.models import (
    ActiveDay,
    AnalyticsDay,
    AnalyticsFilm,
    AnalyticsSearch,
    Identity,
    Movie,
    User,
    Viewing,
)

# What can be asked for, in days.
SPANS = (7, 30, 90, 365)
MOST_FILMS = 200
MOST_SEARCHES = 100
WEEK, MONTH = 7, 30


class Day(NamedTuple):
    """A day in numbers; `counted` is false where nobody counted."""

    day: dt.date
    new_users: int = 0
    new_by_google: int = 0
    active_day: int = 0
    active_week: int = 0
    active_month: int = 0
    plays: int = 0
    viewers: int = 0
    counted: bool = False

    @property
    def new_by_password(self) -> int:
        """How many chose a password."""
        return self.new_users - self.new_by_google


class Watched(NamedTuple):
    """A film by its plays; `viewer_days` counts who saw it on a day once for that day.

    The title is None for a film that is no longer stored.
    """

    place: int
    movie_id: int
    title: str | None
    plays: int
    viewer_days: int


class Vain(NamedTuple):
    """Words that found nothing, and how often."""

    words: str
    times: int


def days(span: int) -> list[Day]:
    """The last so many days, oldest first, the present one among them: five statements."""
    today = clock.now().date()
    first = today - dt.timedelta(days=span - 1)
    rows = db.session.scalars(
        select(AnalyticsDay).where(AnalyticsDay.day >= first, AnalyticsDay.day < today)
    )
    known = {row.day: _day(row) for row in rows}
    known[today] = measured(today)
    every = (first + dt.timedelta(days=number) for number in range(span))
    return [known.get(day, Day(day)) for day in every]


def _day(row: AnalyticsDay) -> Day:
    return Day(**{name: getattr(row, name) for name in Day._fields[:-1]}, counted=True)


def measured(day: dt.date) -> Day:
    """A day as the tables tell of it now: three statements."""
    begin, end = bounds(day)
    linked = select(Identity.id).where(Identity.user_id == User.id).exists()
    by_google = func.sum(cast(User.password_hash.is_(None) & linked, Integer))
    joined = select(func.count(), by_google).where(User.joined_at >= begin, User.joined_at < end)
    new, google = db.session.execute(joined).one()
    seen = select(func.count(), func.count(func.distinct(Viewing.user_id)))
    seen = seen.where(Viewing.finished, Viewing.watched_at >= begin, Viewing.watched_at < end)
    plays, viewers = db.session.execute(seen).one()
    spans = (_active(day, span).scalar_subquery() for span in (1, WEEK, MONTH))
    daily, weekly, monthly = db.session.execute(select(*spans)).one()
    return Day(day, new, google or 0, daily, weekly, monthly, plays, viewers, counted=True)


def _active(last: dt.date, span: int) -> Select[int]:
    first = last - dt.timedelta(days=span - 1)
    people = select(func.count(func.distinct(ActiveDay.user_id)))
    return people.where(ActiveDay.day >= first, ActiveDay.day <= last)


def bounds(day: dt.date) -> tuple[dt.datetime, dt.datetime]:
    """The moment at which a day begins, and that at which the next does."""
    begin = dt.datetime.combine(day, dt.time(), dt.UTC)
    return begin, begin + dt.timedelta(days=1)


def watched_on(day: dt.date) -> list[tuple[int, int, int]]:
    """Movie, plays and people of a day as the table tells of it now, most played first."""
    begin, end = bounds(day)
    plays = func.count().label("plays")
    rows = (
        select(Viewing.movie_id, plays, func.count(func.distinct(Viewing.user_id)))
        .where(Viewing.finished, Viewing.watched_at >= begin, Viewing.watched_at < end)
        .group_by(Viewing.movie_id)
        .order_by(plays.desc(), Viewing.movie_id)
        .limit(MOST_FILMS)
    )
    return [(row[0], row[1], row[2]) for row in db.session.execute(rows)]


def most_watched(span: int, limit: int = 50) -> list[Watched]:
    """Films seen to their end most often in so many days: three statements.

    Of each day that is over the two hundred most played count.
    """
    today = clock.now().date()
    plays: Counter[int] = Counter()
    people: Counter[int] = Counter()
    for movie_id, played, saw in (*_written(today, span), *watched_on(today)):
        plays[movie_id] += played
        people[movie_id] += saw
    best = sorted(plays, key=lambda movie_id: (-plays[movie_id], movie_id))[:limit]
    titles = _titles(best)
    return [
        Watched(place, movie_id, titles.get(movie_id), plays[movie_id], people[movie_id])
        for place, movie_id in enumerate(best, 1)
    ]


def _written(today: dt.date, span: int) -> Sequence[tuple[int, int, int]]:
    first = today - dt.timedelta(days=span - 1)
    plays = func.sum(AnalyticsFilm.plays)
    rows = (
        select(AnalyticsFilm.movie_id, plays, func.sum(AnalyticsFilm.people))
        .where(AnalyticsFilm.day >= first, AnalyticsFilm.day < today)
        .group_by(AnalyticsFilm.movie_id)
        .order_by(plays.desc(), AnalyticsFilm.movie_id)
        # One that is played today may need a place that it has not by the days before.
        .limit(2 * MOST_FILMS)
    )
    return [(row[0], int(row[1]), int(row[2])) for row in db.session.execute(rows)]


def _titles(movie_ids: Sequence[int]) -> dict[int, str]:
    rows = select(Movie.id, Movie.title).where(Movie.id.in_(movie_ids))
    return {row.id: row.title for row in db.session.execute(rows)}


def searched_in_vain(span: int) -> list[Vain]:
    """Words that found nothing, most often first: one statement, as of the last count."""
    first = clock.now().date() - dt.timedelta(days=span - 1)
    times = func.sum(AnalyticsSearch.times)
    rows = (
        select(AnalyticsSearch.words, times)
        .where(AnalyticsSearch.day >= first)
        .group_by(AnalyticsSearch.words)
        .order_by(times.desc(), AnalyticsSearch.words)
        .limit(MOST_SEARCHES)
    )
    return [Vain(row[0], int(row[1])) for row in db.session.execute(rows)]


def counted_at() -> dt.datetime | None:
    """When days were counted last; None before the first time."""
    newest = select(AnalyticsDay.taken_at).order_by(AnalyticsDay.day.desc())
    return db.session.scalar(newest.limit(1))
