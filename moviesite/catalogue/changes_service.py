"""Follows the source's list of changes: what is stored here and changed there is fetched anew.

Nothing is ever deleted for being absent from a list, and nothing that is not stored is fetched.
"""

import datetime as dt
from collections.abc import Collection, Iterable

import structlog
from sqlalchemy import func, select

from moviesite import clock
from moviesite.catalogue.purge_service import EMPTIED
from moviesite.extensions import db
from moviesite.inserts import upsert
from moviesite.models import Movie, SourceMark
from moviesite.providers.http import JOB, patience
from moviesite.providers.tmdb import current_tmdb
from moviesite.queue import Job, enqueue_each
from moviesite.transactions import transactional

# The source lists changes no further back.
_FURTHEST = dt.timedelta(days=14)
# Films that were fetched so long ago are fetched as well, so many a day: TMDb's terms limit how old
# details may become.
_OLD = dt.timedelta(days=120)
_MOST_OLD = 500

log = structlog.get_logger(__name__)


def follow() -> int:
    """Have changed films fetched, day by day up to yesterday; says how many.

    A day that is done is marked: after a failure the next run goes on with the one that failed.
    Raises Unavailable, so that the job is tried again.
    """
    name, today = current_tmdb().name, clock.now().date()
    asked_for = 0
    with patience(JOB):
        for day in _days(_next_day(name), today):
            asked_for += _follow_day(name, day)
    return asked_for + _ask_for_old(clock.now() - _OLD)


def _days(first: dt.date | None, today: dt.date) -> list[dt.date]:
    """Days that are over and not done, oldest first."""
    yesterday = today - dt.timedelta(days=1)
    begin = max(first or yesterday, today - _FURTHEST)
    return [begin + dt.timedelta(days=number) for number in range((today - begin).days)]


def _next_day(name: str) -> dt.date | None:
    return db.session.scalar(select(SourceMark.day).where(SourceMark.name == name))


def _follow_day(name: str, day: dt.date) -> int:
    ids = _changed_on(day)
    count = _ask_for_changed(name, day, ids)
    log.info("followed changes", source=name, day=day.isoformat(), changed=len(ids), stored=count)
    return count


def _changed_on(day: dt.date) -> set[int]:
    """Every page is read before anything is written: a day is followed whole or not at all."""
    first = current_tmdb().changed_movies(day, 1)
    ids = set(first.ids)
    for page in range(2, first.total_pages + 1):
        ids |= set(current_tmdb().changed_movies(day, page).ids)
    return ids


@transactional
def _ask_for_changed(name: str, day: dt.date, ids: Collection[int]) -> int:
    """Films fetched after the day was over have its changes already."""
    over = dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), dt.UTC)
    fetched = func.coalesce(Movie.detailed_at, Movie.fetched_at)
    stored: list[int] = []
    wanted = sorted(ids)
    for begin in range(0, len(wanted), 500):
        batch = wanted[begin : begin + 500]
        stored += db.session.scalars(select(Movie.id).where(Movie.id.in_(batch), fetched < over))
    _ask_for(stored)
    upsert(SourceMark, [{"name": name, "day": over.date()}], update=("day",))
    return len(stored)


@transactional
def _ask_for_old(oldest: dt.datetime) -> int:
    # What a purge emptied is filled when somebody asks for it.
    stale = select(Movie.id).where(Movie.fetched_at > EMPTIED, Movie.fetched_at <= oldest)
    # At random: otherwise films that the source no longer has would take up every day's share.
    ids = db.session.scalars(stale.order_by(func.random()).limit(_MOST_OLD)).all()
    _ask_for(ids)
    return len(ids)


def _ask_for(movie_ids: Iterable[int]) -> None:
    enqueue_each(Job.SYNC_TMDB_MOVIE, [(movie_id,) for movie_id in movie_ids])
