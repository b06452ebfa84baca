"""Collects the facts that statistics count. Changes nothing."""

import datetime as dt
from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, func, literal, select, union_all

from moviesite import clock
from moviesite.config import current_config
from moviesite.extensions import db
from moviesite.library import statistics as numbers
from moviesite.library.statistics import (
    Count,
    Decade,
    Film,
    Length,
    Month,
    Rated,
    Seen,
    Stars,
    Summary,
)
from moviesite.models import (
    Genre,
    Movie,
    MovieAvailability,
    MovieCast,
    MovieCountry,
    MovieCrew,
    Person,
    Review,
    User,
    Viewing,
    WatchlistItem,
    WatchProvider,
    movie_genres,
)

_MOST_NAMED = 20
# Who is named this far down played a part that people remember.
_LEADING = 10


class WatchlistStatistics(NamedTuple):
    """What somebody means to see, in numbers; `runtime_total` is in minutes."""

    ratings: dict[str, int]
    genres: Sequence[Count]
    decades: Sequence[Decade]
    runtime_total: int
    watchable_on: Sequence[Count]


class Statistics(NamedTuple):
    """What somebody has seen and rated, ever or in one `year`; `years` are those with plays."""

    year: int | None
    years: Sequence[int]
    summary: Summary
    rating_average: float | None
    ratings: Sequence[Stars]
    best_rated: Sequence[Film]
    genres: Sequence[Count]
    decades: Sequence[Decade]
    lengths: Sequence[Length]
    countries: Sequence[Count]
    directors: Sequence[Count]
    actors: Sequence[Count]
    months: Sequence[Month]


def watchlist_statistics(user: User, region: str = "") -> WatchlistStatistics:
    """The watchlist in numbers: two statements.

    `watchable_on` says what streams it in the region, by default the person's or the site's.
    """
    region = region or user.region or current_config().default_region
    mine = select(WatchlistItem.movie_id).where(WatchlistItem.user_id == user.id)
    rows = db.session.execute(
        select(Movie.vote_average, Movie.release_date, Movie.runtime).where(Movie.id.in_(mine))
    ).all()
    named = _named({"genres": _genres(mine), "services": _services(mine, region)})
    return WatchlistStatistics(
        ratings=numbers.rating_buckets(row.vote_average for row in rows),
        genres=named["genres"],
        decades=numbers.decades(row.release_date and row.release_date.year for row in rows),
        runtime_total=sum(row.runtime or 0 for row in rows),
        watchable_on=named["services"],
    )


def statistics(user: User, year: int | None = None) -> Statistics:
    """What somebody has seen and rated, ever or in a year of where they live: three statements.

    Only plays to the end count; genres, decades, lengths, countries and people count each film
    once. `months` are the twelve of the year, or the last twelve.
    """
    zone = user.zone
    all_plays = _plays(user, zone)
    plays = [play for play in all_plays if year in (None, play.day.year)]
    films = list({play.movie_id: play for play in plays}.values())
    rated = _ratings(user, zone, year)
    within = _between(Viewing.watched_at, zone, year)
    named = _named(_parts_of(_seen(user, within)))
    today = clock.now().astimezone(zone).date()
    last = dt.date(year, 12, 31) if year else today
    return Statistics(
        year=year,
        years=sorted({play.day.year for play in all_plays}, reverse=True),
        summary=numbers.summary(plays),
        rating_average=numbers.average([one.rating for one in rated]),
        ratings=numbers.stars(one.rating for one in rated),
        best_rated=numbers.best_rated(rated),
        decades=numbers.decades(film.year for film in films),
        lengths=numbers.lengths(film.runtime for film in films),
        months=numbers.months((play.day for play in plays), last),
        **named,
    )


def _plays(user: User, zone: dt.tzinfo) -> list[Seen]:
    rows = db.session.execute(
        select(Viewing.movie_id, Movie.title, Viewing.watched_at, Movie.release_date, Movie.runtime)
        .join(Movie, Movie.id == Viewing.movie_id)
        .where(Viewing.user_id == user.id, Viewing.finished.is_(True))
        .order_by(Viewing.watched_at, Viewing.id)
    )
    return [
        Seen(movie_id, title, seen.astimezone(zone).date(), date.year if date else None, runtime)
        for movie_id, title, seen, date, runtime in rows
    ]


def _ratings(user: User, zone: dt.tzinfo, year: int | None) -> list[Rated]:
    rows = db.session.execute(
        select(Review.movie_id, Movie.title, Review.rating)
        .join(Movie, Movie.id == Review.movie_id)
        .where(Review.user_id == user.id, Review.rating.is_not(None))
        .where(*_between(Review.created_at, zone, year))
        .order_by(Review.created_at, Review.id)
    )
    return [Rated(movie_id, title, rating or 0) for movie_id, title, rating in rows]


def _between(moment: Any, zone: dt.tzinfo, year: int | None) -> list[ColumnElement[bool]]:
    if year is None:
        return []
    begin, end = (dt.datetime(one, 1, 1, tzinfo=zone) for one in (year, year + 1))
    return [moment >= begin, moment < end]


def _seen(user: User, within: Sequence[ColumnElement[bool]]) -> Select[int]:
    """Ids of the films seen, each once."""
    mine = Viewing.user_id == user.id, Viewing.finished.is_(True)
    return select(Viewing.movie_id).where(*mine, *within).distinct()


def _parts_of(films: Select[int]) -> dict[str, Select[str, int]]:
    directed = MovieCrew.job == "Director"
    return {
        "genres": _genres(films),
        "countries": _counted(
            select(MovieCountry.code, func.count(MovieCountry.movie_id))
            .where(MovieCountry.movie_id.in_(films))
            .group_by(MovieCountry.code)
        ),
        "directors": _people(MovieCrew, films, directed),
        "actors": _people(MovieCast, films, MovieCast.order < _LEADING),
    }


def _genres(films: Select[int]) -> Select[str, int]:
    return _counted(
        select(Genre.name, func.count(movie_genres.c.movie_id))
        .join(movie_genres, movie_genres.c.genre_id == Genre.id)
        .where(movie_genres.c.movie_id.in_(films))
        .group_by(Genre.id, Genre.name)
    )


def _services(films: Select[int], region: str) -> Select[str, int]:
    offered = MovieAvailability
    return _counted(
        select(WatchProvider.name, func.count(offered.movie_id))
        .join(offered, offered.provider_id == WatchProvider.id)
        .where(offered.region == region, offered.offer == "stream", offered.movie_id.in_(films))
        .group_by(WatchProvider.id, WatchProvider.name)
    )


def _people(table: Any, films: Select[int], condition: ColumnElement[bool]) -> Select[str, int]:
    """A person counts once for a film, whatever they did in it."""
    return _counted(
        select(Person.name, func.count(table.movie_id.distinct()))
        .join(table, table.person_id == Person.id)
        .where(table.movie_id.in_(films), condition)
        .group_by(Person.id, Person.name)
    )


def _counted(rows: Select[str, int]) -> Select[str, int]:
    """Most first, and of those no more than anybody reads."""
    name, count = list(rows.selected_columns)
    return rows.order_by(count.desc(), name).limit(_MOST_NAMED)


def _named(parts: dict[str, Select[str, int]]) -> dict[str, list[Count]]:
    """All of the parts, most first, in one statement."""
    found: dict[str, list[Count]] = {part: [] for part in parts}
    tables = [(part, rows.subquery()) for part, rows in parts.items()]
    rows = union_all(*(select(literal(part), *table.c) for part, table in tables))
    for part, name, count in db.session.execute(rows):
        found[part].append(Count(name, count))
    return {
        part: sorted(all_, key=lambda one: (-one.count, one.name)) for part, all_ in found.items()
    }
