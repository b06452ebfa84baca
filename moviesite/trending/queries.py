"""What trends and by whose counting, and the facts that are counted. Reads only."""

import datetime as dt
from collections.abc import Callable, Collection, Sequence
from functools import partial
from itertools import count
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import CompoundSelect, Select, case, func, select, union_all

from moviesite import clock
from moviesite.caching import Answer
from moviesite.catalogue import browse, live
from moviesite.database import table_of
from moviesite.errors import Unavailable
from moviesite.extensions import db
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
from moviesite.trending.counting import (
    LONG_AGO,
    LONGEST,
    MADE_UP,
    NEVER,
    Buckets,
    Entry,
    Integers,
    Numbers,
    Seen,
)

PAGE_SIZE = 20
# As many of TMDb's as a chart of our own has: whoever mutes more than that is shown a shorter one.
DEEPEST = LONGEST // PAGE_SIZE
RISING_SHOWN = 8
# Three counts were missed: whatever is shown is then called old.
LATE = dt.timedelta(minutes=30)

# Rows that are taken from the database together: fewer than set off the collector of garbage,
# which would walk through all that the process holds.
_AT_ONCE = 500
# Instead of the hour in which a deactivated account was opened.
_CLOSED = float("inf")

LOCAL, TMDB, BLEND = "local", "tmdb", "blend"

# Those of the movies that somebody may be shown, in their order.
Offered = Callable[[Sequence[MovieData]], Sequence[MovieData]]


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


def trending(
    time_range: str,
    limit: int,
    score_source: str,
    language: str,
    region: str,
    offered: Offered = list,
) -> Trends:
    """The movies that trend over a `day` or a `week`; raises Unavailable where there is nothing.

    `blend` is our own count, filled with TMDb's order where that is shorter than wanted. What is
    not `offered` takes no place; it is asked a few times at most.
    """
    ours = Trends((), (), None, LOCAL, stale=False, note="", answer=None)
    if score_source != TMDB:
        ours = _ours(time_range, limit, offered)
    if score_source == LOCAL or len(ours.results) >= limit:
        return ours
    try:
        theirs = _theirs(time_range, limit, language, region, offered)
    except Unavailable:
        if not ours.results:
            raise
        return ours._replace(note=wording.source_away(live.source_in_words()))
    return _filled(ours, theirs, limit) if ours.results else theirs


def _ours(time_range: str, limit: int, offered: Offered = list) -> Trends:
    """Of the first places of the chart; of all of them where too many of those are left out."""
    places = limit + PAGE_SIZE
    chart = chart_of(time_range, places)
    trends = _trends(chart, time_range, offered)
    if len(trends) < limit and len(chart.entries) >= places:
        chart = chart_of(time_range)
        trends = _trends(chart, time_range, offered)
    return Trends(
        results=trends[:limit],
        rising=_rising(chart.entries, trends),
        computed_at=chart.computed_at,
        score_source=LOCAL,
        stale=chart.stale,
        note="" if chart.entries else wording.nothing_counted(time_range),
        answer=None,
    )


def _trends(chart: "Chart", time_range: str, offered: Offered) -> list[Trend]:
    movies = {movie.id: movie for movie in offered(_movies(chart.entries))}
    return [
        _trend(entry, movies[entry.movie_id], time_range)
        for entry in chart.entries
        if entry.movie_id in movies
    ]


def chart_of(time_range: str, places: int = LONGEST) -> Chart:
    """The chart as the last finished count left it, never a half one: one statement.

    So many of its first entries, and those that rise wherever they are.
    """
    shown = (TrendingEntry.place <= places) | (TrendingEntry.surprise >= formula.RISING)
    rows = db.session.execute(
        select(TrendingChart.computed_at, *(getattr(TrendingEntry, name) for name in Entry._fields))
        .outerjoin(TrendingEntry, (TrendingEntry.time_range == TrendingChart.time_range) & shown)
        .where(TrendingChart.time_range == time_range)
        .order_by(TrendingEntry.place)
    ).all()
    entries = [Entry(*entry) for _, *entry in rows if entry[0] is not None]
    return Chart(rows[0].computed_at if rows else None, entries)


def leaders(count: int) -> Sequence[MovieData]:
    """The first of the week by our own count, unless that has stopped: two statements."""
    ours = _ours("week", count)
    return () if ours.stale else [trend.movie for trend in ours.results]


def _movies(entries: Sequence[Entry]) -> list[MovieData]:
    """What is said of the films that may be shown: one statement."""
    found = browse.chosen([entry.movie_id for entry in entries])
    return [movie for movie in found if not movie.adult]


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


def _theirs(time_range: str, limit: int, language: str, region: str, offered: Offered) -> Trends:
    """TMDb tells an order and no numbers: `score` falls from 1."""
    ask = partial(live.listing, f"trending:{time_range}", language=language, region=region)
    pages, movies = _deep_enough(ask, limit, offered)
    ranked = movies[:limit]
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


def _deep_enough(
    ask: Callable[..., Answer[MoviePage]], limit: int, offered: Offered
) -> tuple[list[Answer[MoviePage]], Sequence[MovieData]]:
    """Pages with what is offered of them: twice as many each time, until that is enough.

    Raises Unavailable where the first ones are not to be had; without later ones it ends there.
    """
    pages = [ask(page=page) for page in range(1, -(-limit // PAGE_SIZE) + 1)]
    deepest = min(DEEPEST, pages[0].value.total_pages)
    movies = offered(_each_once(pages))
    while len(movies) < limit and len(pages) < deepest:
        further = range(len(pages) + 1, min(2 * len(pages), deepest) + 1)
        try:
            pages += [ask(page=page) for page in further]
        except Unavailable:
            break
        movies = offered(_each_once(pages))
    return pages, movies


def _each_once(pages: Sequence[Answer[MoviePage]]) -> list[MovieData]:
    return list({movie.id: movie for page in pages for movie in page.value.results}.values())


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


def buckets(since: int, until: int) -> Buckets:
    """Counts of the hours from `since` to before `until`."""
    hours = table_of(TrendingHour).c
    rows = select(hours.hour, hours.movie_id, hours.weight, hours.people, hours.made_up)
    between = (hours.hour >= since) & (hours.hour < until)
    found = Buckets(*_columns(rows.where(between), int, int, float, int, int))
    return found.in_order()


def seen(since: int, until: int) -> Seen:
    """Everybody who turned to a film from the hour `since` to the hour `until`, both with it.

    Looks, favorites, reviews and plays alike; deactivated accounts are left out. Three statements.
    """
    parts = zip(_looks(since, until), _deeds(since, until), strict=True)
    movie_ids, hours, viewers, made_up = (np.concatenate(pair) for pair in parts)
    # Asked for last: an account that was opened meanwhile must not be taken for an old one.
    joined = _joined(viewers, since)
    return Seen(movie_ids, hours, viewers, joined, made_up).where(joined != _CLOSED)


def _looks(since: int, until: int) -> tuple[NDArray[Any], ...]:
    """Films, hours, who (an account by its id, others by numbers below 0) and who is made up."""
    looks = table_of(MovieView).c
    # An account's name would only say again which one it is.
    name = case((looks.user_id.is_(None), looks.viewer), else_="")
    rows = select(looks.movie_id, looks.hour, func.coalesce(looks.user_id, 0), name)
    movie_ids, hours, accounts, names = _columns(
        rows.where(looks.hour.between(since, until)), int, int, int, object
    )
    numbers, below = {"": 0}, count(-1, -1)
    others = np.array([numbers.setdefault(one, next(below)) for one in names], dtype=np.int64)
    made_up = [number for one, number in numbers.items() if one.startswith(MADE_UP)]
    return movie_ids, hours, accounts + others, np.isin(others, made_up)


def _deeds(since: int, until: int) -> tuple[NDArray[Any], ...]:
    begin = dt.datetime.fromtimestamp(since * 3600, dt.UTC)
    deeds = union_all(
        _of(Favorite, Favorite.added_at, begin),
        _of(Review, Review.created_at, begin),
        _of(Viewing, Viewing.watched_at, begin),
    )
    movie_ids, viewers, moments = _columns(deeds, int, int, object)
    # A play may be dated a day ahead; it is not of the future for that.
    hours = np.array([min(int(_hours(at)), until) for at in moments], dtype=np.int64)
    return movie_ids, hours, viewers, np.zeros(len(hours), dtype=np.bool_)


def _joined(viewers: Integers, since: int) -> Numbers:
    """When each one's account was opened, as `Seen` has it, or _CLOSED.

    Asked are those for which it matters for interest since an hour; all other accounts are open
    and grown, and there are far more looks than of these.
    """
    recent = dt.datetime.fromtimestamp((since - formula.GROWN) * 3600, dt.UTC)
    users = table_of(User).c
    ids, moments, are_active = _columns(
        select(users.id, users.joined_at, users.is_active)
        .where((users.joined_at > recent) | users.is_active.is_(False))
        .order_by(users.id),
        int,
        object,
        bool,
    )
    joined = np.where(viewers > 0, LONG_AGO, NEVER)
    if len(ids):
        opened = np.where(are_active, [_hours(at) for at in moments], _CLOSED)
        place = np.minimum(np.searchsorted(ids, viewers), len(ids) - 1)
        known = ids[place] == viewers
        joined[known] = opened[place[known]]
    return joined


def _columns(statement: Select[Any] | CompoundSelect[Any], *kinds: type[Any]) -> list[NDArray[Any]]:
    """What a statement finds as a column of each kind; rows of objects would take far longer."""
    options = {"yield_per": _AT_ONCE}
    found = db.session.connection().execute(statement, execution_options=options)
    parts = [tuple(zip(*rows, strict=True)) for rows in found.partitions()]
    return [
        np.concatenate([np.empty(0, kind), *(np.array(part[place], kind) for part in parts)])
        for place, kind in enumerate(kinds)
    ]


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
