"""What trends and by whose counting, and the facts that are counted. Reads only."""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from sqlalchemy import CompoundSelect, Select, func, select, union_all

from moviesite import clock
from moviesite.caching import Answer
from moviesite.catalogue import browse, live
from moviesite.errors import Unavailable
from moviesite.extensions import Base, db
from moviesite.models import (
    Favorite,
    Movie,
    MovieView,
    Review,
    TrendingChart,
    TrendingEntry,
    TrendingHour,
    User,
    Viewing,
)
from moviesite.providers.base import MovieData, MoviePage
from moviesite.trending import formula, wording
from moviesite.trending.counting import LONG_AGO, LONGEST, MADE_UP, Bucket, Entry, Seen

PAGE_SIZE = 20
RISING_SHOWN = 8
# Three counts were missed: whatever is shown is then called old.
LATE = dt.timedelta(minutes=30)

# Rows that are taken from the database together.
_AT_ONCE = 2000
# Instead of the hour in which a deactivated account was opened.
_CLOSED = float("inf")

LOCAL, TMDB, BLEND = "local", "tmdb", "blend"


class Trend(NamedTuple):
    """A movie that trends, whose counting says so, and why in a sentence."""

    movie: MovieData
    score: float
    why: str
    score_source: str
    rising: bool = False


class Trends(NamedTuple):
    """What trends over a time, best first, and what rises above its own usual.

    `score_source` is whose counting is in it; `answer` is TMDb's, where that was asked.
    """

    results: Sequence[Trend]
    rising: Sequence[Trend]
    computed_at: dt.datetime | None
    score_source: str
    stale: bool
    note: str
    answer: Answer[MoviePage] | None


class Chart(NamedTuple):
    """A chart of our own; `computed_at` is None where none was ever computed."""

    computed_at: dt.datetime | None
    entries: Sequence[Entry]

    @property
    def stale(self) -> bool:
        """Whether the count has stopped."""
        return self.computed_at is not None and clock.now() - self.computed_at > LATE


def trending(time_range: str, limit: int, score_source: str, language: str, region: str) -> Trends:
    """The movies that trend over a `day` or a `week`; raises Unavailable where there is nothing.

    `blend` is our own count, filled with TMDb's order where that is shorter than wanted.
    """
    ours = Trends((), (), None, LOCAL, stale=False, note="", answer=None)
    if score_source != TMDB:
        ours = _ours(time_range, limit)
    if score_source == LOCAL or len(ours.results) >= limit:
        return ours
    try:
        theirs = _theirs(time_range, limit, language, region)
    except Unavailable:
        if not ours.results:
            raise
        return ours._replace(note=wording.source_away(live.source_in_words()))
    return _filled(ours, theirs, limit) if ours.results else theirs


def _ours(time_range: str, limit: int) -> Trends:
    chart = chart_of(time_range, limit + PAGE_SIZE)
    movies = _movies(chart.entries)
    trends = [
        _trend(entry, movies[entry.movie_id], time_range)
        for entry in chart.entries
        if entry.movie_id in movies
    ]
    return Trends(
        results=trends[:limit],
        rising=_rising(chart.entries, trends),
        computed_at=chart.computed_at,
        score_source=LOCAL,
        stale=chart.stale,
        note="" if trends else wording.nothing_counted(time_range),
        answer=None,
    )


def chart_of(time_range: str, places: int = LONGEST) -> Chart:
    """The chart as the last finished count left it, never a half one: one statement.

    So many of its first entries, and those that rise wherever they are.
    """
    shown = (TrendingEntry.place <= places) | (TrendingEntry.surprise >= formula.RISING)
    rows = db.session.execute(
        select(TrendingChart.computed_at, *_columns(TrendingEntry, Entry))
        .outerjoin(TrendingEntry, (TrendingEntry.time_range == TrendingChart.time_range) & shown)
        .where(TrendingChart.time_range == time_range)
        .order_by(TrendingEntry.place)
    ).all()
    entries = [Entry(*entry) for _, *entry in rows if entry[0] is not None]
    return Chart(rows[0].computed_at if rows else None, entries)


def _columns(table: type[Base], row: type[Entry] | type[Bucket]) -> list[Any]:
    return [getattr(table, name) for name in row._fields]


def leaders(count: int) -> Sequence[MovieData]:
    """The first of the week by our own count, unless that has stopped: two statements."""
    ours = _ours("week", count)
    return () if ours.stale else [trend.movie for trend in ours.results]


def _movies(entries: Sequence[Entry]) -> dict[int, MovieData]:
    """What is said of the films that may be shown: one statement."""
    found = browse.chosen([entry.movie_id for entry in entries])
    return {movie.id: movie for movie in found if not movie.adult}


def _by_surprise(entries: Sequence[Entry]) -> list[Entry]:
    rising = (entry for entry in entries if entry.surprise >= formula.RISING)
    return sorted(rising, key=lambda entry: -entry.surprise)


def _rising(entries: Sequence[Entry], trends: Sequence[Trend]) -> list[Trend]:
    known = {trend.movie.id: trend for trend in trends}
    found = (known[e.movie_id] for e in _by_surprise(entries) if e.movie_id in known)
    return list(found)[:RISING_SHOWN]


def _trend(entry: Entry, movie: MovieData, time_range: str) -> Trend:
    return Trend(
        movie=movie,
        score=round(entry.score, 4),
        why=wording.why(entry.people, entry.made_up, entry.usual, time_range),
        score_source=LOCAL,
        rising=entry.surprise >= formula.RISING,
    )


def _theirs(time_range: str, limit: int, language: str, region: str) -> Trends:
    """TMDb tells an order and no numbers: `score` falls from 1."""
    pages = [
        live.listing(f"trending:{time_range}", page, language, region)
        for page in range(1, -(-limit // PAGE_SIZE) + 1)
    ]
    movies = {movie.id: movie for page in pages for movie in page.value.results}
    ranked = list(movies.values())[:limit]
    why = wording.elsewhere(live.source_in_words(), time_range)
    results = [
        Trend(movie, round(1 - position / len(ranked), 4), why, TMDB)
        for position, movie in enumerate(ranked)
    ]
    return Trends(
        results=results,
        rising=(),
        computed_at=min(page.fetched_at for page in pages),
        score_source=TMDB,
        stale=any(page.stale for page in pages),
        note="",
        answer=pages[0],
    )


def _filled(ours: Trends, theirs: Trends, limit: int) -> Trends:
    """Ours first; then theirs, with scores below ours, since the two are of different scales."""
    known = {trend.movie.id for trend in ours.results}
    lowest = ours.results[-1].score
    fill = [
        trend._replace(score=round(lowest * trend.score * 0.999, 4))
        for trend in theirs.results
        if trend.movie.id not in known
    ]
    note = wording.filled(len(ours.results), live.source_in_words())
    results = [*ours.results, *fill][:limit]
    return ours._replace(results=results, score_source=BLEND, note=note, answer=theirs.answer)


def last_count() -> TrendingChart | None:
    """What is known of the last count; all charts are of the same one."""
    return db.session.scalars(select(TrendingChart).limit(1)).first()


def any_hours() -> bool:
    """Whether anything is counted; a purge takes the hours along."""
    return db.session.scalar(select(TrendingHour.hour).limit(1)) is not None


def buckets(since: int, until: int) -> list[Bucket]:
    """Counts of the hours from `since` to before `until`."""
    rows = _plain_rows(
        select(*_columns(TrendingHour, Bucket)).where(
            TrendingHour.hour >= since, TrendingHour.hour < until
        )
    )
    return [Bucket._make(row) for row in rows]


def seen(since: int, until: int) -> list[Seen]:
    """Everybody who turned to a film from the hour `since` to the hour `until`, both with it.

    Looks, favorites, reviews and plays alike; deactivated accounts are left out. Three statements.
    """
    found = [*_looks(since, until), *_deeds(since, until)]
    # Asked for last: an account that was opened meanwhile must not be taken for an old one.
    joined = _joined_of_some(since)
    aged = (
        (movie_id, hour, viewer, joined.get(user_id, LONG_AGO) if user_id else None)
        for movie_id, hour, viewer, user_id in found
    )
    return [one for one in aged if one[3] != _CLOSED]


def _looks(since: int, until: int) -> Iterator[tuple[int, int, str, int | None]]:
    looks = MovieView.__table__.c
    columns = (looks.movie_id, looks.hour, looks.viewer, looks.user_id)
    rows = _plain_rows(select(*columns).where(looks.hour.between(since, until)))
    return (tuple(row) for row in rows)


def _deeds(since: int, until: int) -> Iterator[tuple[int, int, str, int]]:
    begin = dt.datetime.fromtimestamp(since * 3600, dt.UTC)
    deeds = union_all(
        _of(Favorite, Favorite.added_at, begin),
        _of(Review, Review.created_at, begin),
        _of(Viewing, Viewing.watched_at, begin),
    )
    for movie_id, user_id, at in _plain_rows(deeds):
        # A play may be dated a day ahead; it is not of the future for that.
        yield movie_id, min(int(_hours(at)), until), f"user:{user_id}", user_id


def _joined_of_some(since: int) -> dict[int, float]:
    """By account, the hour of joining where that matters for interest since an hour, or _CLOSED.

    All other accounts are open and grown: there are far fewer of these than of looks.
    """
    recent = dt.datetime.fromtimestamp((since - formula.GROWN) * 3600, dt.UTC)
    users = User.__table__.c
    rows = _plain_rows(
        select(users.id, users.joined_at, users.is_active).where(
            (users.joined_at > recent) | users.is_active.is_(False)
        )
    )
    return {id_: _hours(at) if is_active else _CLOSED for id_, at, is_active in rows}


def _plain_rows(statement: Select[Any] | CompoundSelect[Any]) -> Iterable[Any]:
    """Row after row, without the session's bookkeeping: it costs more than the rows do."""
    options = {"yield_per": _AT_ONCE}
    return db.session.connection().execute(statement, execution_options=options)


def _of(table: Any, at: Any, begin: dt.datetime) -> Select[Any]:
    return select(table.movie_id, table.user_id, at.label("at")).where(at >= begin)


def _hours(moment: dt.datetime) -> float:
    return moment.timestamp() / 3600


def mean_rating() -> float:
    """Of all ratings given here, out of five."""
    total, count = db.session.execute(
        select(func.sum(Review.rating), func.count(Review.rating))
    ).one()
    return total / count if total and count else formula.NEUTRAL_RATING


def ratings_of(movie_ids: Collection[int]) -> dict[int, tuple[float, int]]:
    """Sum and number of the ratings of those movies that have any: one statement."""
    rows = db.session.execute(
        select(Movie.id, Movie.rating_sum, Movie.rating_count).where(
            Movie.id.in_(movie_ids), Movie.rating_count > 0
        )
    )
    return {movie_id: (total, count) for movie_id, total, count in rows}


def newest_made_up() -> int | None:
    """The latest hour in which a viewer of the demo looked at anything."""
    looks = select(func.max(MovieView.hour)).where(MovieView.viewer.startswith(MADE_UP))
    return db.session.scalar(looks)
