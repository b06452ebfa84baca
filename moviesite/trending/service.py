"""Counts and ranks anew, and puts the whole result in the old one's place. No web."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from sqlalchemy import delete, insert, select

from moviesite.extensions import db
from moviesite.inserts import upsert
from moviesite.models import TrendingChart, TrendingEntry, TrendingHour
from moviesite.transactions import snapshot, transactional
from moviesite.trending import audience_service, counting, formula, queries
from moviesite.trending.counting import Buckets, Entry

# Once a day everything is counted from the start: a deleted account's interest goes with it, and
# what came late (an import of old plays) finds its hour.
RECOUNTED = dt.timedelta(days=1)
# A write that began in the last moment of an hour is in the database by then.
GRACE = dt.timedelta(minutes=15)
# No run is later than one at the same time by as much; a clock that was ahead is.
LONGEST_RUN = dt.timedelta(hours=1)


class Count(NamedTuple):
    """What one run found: new hours, and whether these are all there are."""

    now: dt.datetime
    counted_to: int
    recounted_at: dt.datetime
    is_whole: bool
    over: Buckets
    charts: Mapping[str, Sequence[Entry]]


def generate(now: dt.datetime) -> bool:
    """Count what is new, with the demo's viewers where it runs, and rank; see `refresh`."""
    audience_service.renew(hour_of(now))
    return refresh(now)


def refresh(now: dt.datetime, *, whole: bool = False) -> bool:
    """Count what is new, or the whole, and rank; says whether the charts are now those of `now`.

    They are not where another run was later, whose result then stays, but for one by a clock that
    was ahead. Until the end, and after any failure, readers see the charts of the last run.
    """
    with snapshot():
        count = _counted(now, whole)
    return _put_in_place(count)


def _counted(now: dt.datetime, whole: bool) -> Count:
    before = queries.last_count()
    start = hour_of(now) - formula.WINDOW
    if whole or before is None or _is_ahead(before, now) or _is_due(before, now):
        whole, recounted_at, since = True, now, start
    else:
        recounted_at, since = before.recounted_at, max(start, before.counted_to)
    closed = hour_of(now - GRACE)
    fresh = counting.buckets(queries.seen(since - formula.AWAY, hour_of(now)), since)
    known = queries.buckets(start, start if whole else since)
    return Count(
        now=now,
        counted_to=max(since, closed),
        recounted_at=recounted_at,
        is_whole=whole,
        over=fresh.where(fresh.hours < closed),
        charts=_charts(known.before(fresh), now),
    )


def _is_due(before: TrendingChart, now: dt.datetime) -> bool:
    return now - before.recounted_at >= RECOUNTED or not queries.any_hours()


def _is_ahead(chart: TrendingChart, now: dt.datetime) -> bool:
    return chart.computed_at - now > LONGEST_RUN


def _charts(counted: Buckets, now: dt.datetime) -> dict[str, list[Entry]]:
    mean, moment = queries.mean_rating(), now.timestamp() / 3600
    charts = {}
    for time_range in formula.RANGES:
        people = counting.candidates(counted, time_range, moment)
        ratings = queries.ratings_of(people)
        charts[time_range] = counting.chart(counted, time_range, moment, people, ratings, mean)
    return charts


@transactional
def _put_in_place(count: Count) -> bool:
    unknown = {
        "computed_at": audience_service.NEVER,
        "counted_to": 0,
        "recounted_at": audience_service.NEVER,
    }
    upsert(TrendingChart, [{"time_range": name, **unknown} for name in formula.RANGES])
    # Runs at the same time wait here for one another, and the latest stays.
    charts = db.session.scalars(select(TrendingChart).with_for_update()).all()
    later = (chart for chart in charts if chart.computed_at > count.now)
    if any(not _is_ahead(chart, count.now) for chart in later):
        return False
    _keep_hours(count)
    db.session.execute(delete(TrendingEntry))
    _insert(TrendingEntry, _rows(count.charts))
    for chart in charts:
        chart.computed_at, chart.counted_to = count.now, count.counted_to
        chart.recounted_at = count.recounted_at
    return True


def _keep_hours(count: Count) -> None:
    """Write what differs: of a recount, which finds nearly all as it was, that is little."""
    start = hour_of(count.now) - formula.WINDOW
    db.session.execute(delete(TrendingHour).where(TrendingHour.hour < start))
    end = hour_of(count.now) + 1 if count.is_whole else start
    known = queries.buckets(start, end)
    gone = known.where(~np.isin(known.keys, count.over.keys))
    for hour in set(gone.hours.tolist()):
        of_hour = gone.movie_ids[gone.hours == hour].tolist()
        db.session.execute(
            delete(TrendingHour).where(
                TrendingHour.hour == hour, TrendingHour.movie_id.in_(of_hour)
            )
        )
    rows = list(_hours(count.over.where(count.over.unlike(known))))
    upsert(TrendingHour, rows, update=("weight", "people", "made_up"))


def _hours(over: Buckets) -> Iterator[dict[str, Any]]:
    names = ("hour", "movie_id", "weight", "people", "made_up")
    for row in zip(*(column.tolist() for column in over), strict=True):
        yield dict(zip(names, row, strict=True))


def _rows(charts: Mapping[str, Sequence[Entry]]) -> Iterable[dict[str, Any]]:
    for time_range, entries in charts.items():
        for place, entry in enumerate(entries, 1):
            yield {"time_range": time_range, "place": place, **entry._asdict()}


def _insert(table: type[TrendingEntry], rows: Iterable[dict[str, Any]]) -> None:
    together = list(rows)
    if together:
        db.session.execute(insert(table), together)


def hour_of(moment: dt.datetime) -> int:
    """Hours since 1970, the present one not counted."""
    return int(moment.timestamp() // 3600)
