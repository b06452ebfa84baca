"""Writes down how the site was used, a row a day, so that the numbers outlive what they are of."""

import datetime as dt
import time

import structlog
from redis.exceptions import RedisError
from sqlalchemy import delete, func, insert, select, update

from moviesite import clock, log_store
from moviesite.catalogue import failed_searches
from moviesite.extensions import db, redis_connection
from moviesite.inserts import upsert
from moviesite.models import ActiveDay, AnalyticsDay, AnalyticsFilm, AnalyticsSearch
from moviesite.ops.analytics_queries import MONTH, MOST_SEARCHES, Day, measured, watched_on
from moviesite.transactions import transactional

# Of each day so many words that found nothing are kept.
_MOST_WORDS = MOST_SEARCHES
# Who came on which day is kept until no month is counted from it, and a little longer.
_DAYS_KEPT = MONTH + 10

log = structlog.get_logger(__name__)


def snapshot() -> int:
    """Close the days that are over, count the present one as it stands; says how many closed.

    A closed day is never counted again, save one that was closed too soon. Days without a worker
    are made up for, a month of them at most.
    """
    today = clock.now().date()
    _reopen()
    open_days = _open_days(today)
    for day in open_days:
        take(day, closed=True)
    take(today, closed=False)
    log.info("days counted", today=today.isoformat(), closed=len(open_days))
    _forget_days(today - dt.timedelta(days=_DAYS_KEPT))
    _forget_lines()
    return len(open_days)


@transactional
def _reopen() -> None:
    """Open what a clock that was ahead has closed: it was not over, or not all of it had come."""
    early = AnalyticsDay.closed & (AnalyticsDay.taken_at > clock.now())
    db.session.execute(update(AnalyticsDay).where(early).values(closed=False))


def _open_days(today: dt.date) -> list[dt.date]:
    """Days that are over and not closed, oldest first."""
    last = select(func.max(AnalyticsDay.day)).where(AnalyticsDay.closed)
    closed = db.session.scalar(last)
    first = today - dt.timedelta(days=MONTH)
    if closed is not None:
        first = max(first, closed + dt.timedelta(days=1))
    return [first + dt.timedelta(days=number) for number in range((today - first).days)]


def take(day: dt.date, *, closed: bool) -> None:
    """Count a day and write it down, unless it is closed already."""
    began = time.perf_counter()
    words = _searched_in_vain(day)
    _write(day, words, closed=closed, began=began)


@transactional
def _write(
    day: dt.date, words: list[tuple[str, int]] | None, *, closed: bool, began: float
) -> None:
    row = db.session.get(AnalyticsDay, day, with_for_update=True)
    if row is not None and row.closed:
        return
    counted = _at_least(measured(day), row)
    _write_films(day)
    if words is not None:
        _write_searches(day, words)
    values = {name: getattr(counted, name) for name in Day._fields[:-1]}
    more = {"closed": closed, "taken_at": clock.now()}
    more["seconds"] = round(time.perf_counter() - began, 3)
    upsert(AnalyticsDay, [{**values, **more}], update=[*list(values)[1:], *more])


def _at_least(counted: Day, row: AnalyticsDay | None) -> Day:
    """Who joined or came and then left on the same day was counted before."""
    if row is None:
        return counted
    lasting = ("new_users", "new_by_google", "active_day", "active_week", "active_month")
    kept = {name: max(getattr(counted, name), getattr(row, name)) for name in lasting}
    return counted._replace(**kept)


def _write_films(day: dt.date) -> None:
    rows = [
        {"day": day, "movie_id": movie_id, "plays": plays, "people": people}
        for movie_id, plays, people in watched_on(day)
    ]
    db.session.execute(delete(AnalyticsFilm).where(AnalyticsFilm.day == day))
    if rows:
        db.session.execute(insert(AnalyticsFilm), rows)


def _searched_in_vain(day: dt.date) -> list[tuple[str, int]] | None:
    """None where it cannot be known: what was written down before then stays."""
    if redis_connection.client is None:
        return None
    try:
        return failed_searches.of_day(day)[:_MOST_WORDS] or None
    except RedisError:
        return None


def _write_searches(day: dt.date, words: list[tuple[str, int]]) -> None:
    rows = [{"day": day, "words": text, "times": times} for text, times in words]
    db.session.execute(delete(AnalyticsSearch).where(AnalyticsSearch.day == day))
    db.session.execute(insert(AnalyticsSearch), rows)


@transactional
def _forget_days(before: dt.date) -> None:
    db.session.execute(delete(ActiveDay).where(ActiveDay.day < before))


def _forget_lines() -> None:
    """Log lines go by number; where few come, by age as well."""
    client = redis_connection.client
    if client is None:
        return
    try:
        log_store.forget_old(client)
    except RedisError as error:
        log.warning("old log lines stay", reason=str(error))
