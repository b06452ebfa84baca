"""Somebody's plays, newest first, by keyset: they grow without end. Changes nothing."""

import datetime as dt
from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Table, or_, select

from moviesite.catalogue.queries import Community
from moviesite.cursors import cursor_of, place_of
from moviesite.extensions import db
from moviesite.library.changes_service import VIEWING
from moviesite.library.kept_queries import community_of, gathered, movie_of, with_movies
from moviesite.models import Genre, User
from moviesite.providers.base import MovieData

PAGE_SIZE = 20


class Play(NamedTuple):
    """One play of a movie; `progress_seconds` is None where the whole was seen."""

    id: UUID
    movie: MovieData
    community: Community
    watched_at: dt.datetime
    progress_seconds: int | None
    finished: bool


class HistoryPage(NamedTuple):
    """Plays, and what asks for those before them; None at the end."""

    rows: Sequence[Play]
    cursor: str | None


def history_of(
    user: User,
    *,
    cursor: str | None = None,
    month: dt.date | None = None,
    movie_id: int | None = None,
    page_size: int = PAGE_SIZE,
) -> HistoryPage:
    """Plays, newest first, of one month in the person's own time or of one movie: one statement.

    Raises InvalidInput for a cursor that is none.
    """
    table = VIEWING.columns
    mine = select(table).where(table.c.user_id == user.id)
    if movie_id is not None:
        mine = mine.where(table.c.movie_id == movie_id)
    if month is not None:
        begin, end = month_of(user, month)
        mine = mine.where(table.c.watched_at >= begin, table.c.watched_at < end)
    if cursor:
        watched_at, play_id = place_of(cursor, _moment_and_id)
        mine = mine.where(_before(table, watched_at, play_id))
    newest = mine.order_by(table.c.watched_at.desc(), table.c.id.desc()).limit(page_size + 1)
    return _shown(newest.subquery("page"), page_size)


def month_of(user: User, day: dt.date) -> tuple[dt.datetime, dt.datetime]:
    """When the month of a day begins and ends where the person lives."""
    begin = dt.datetime(day.year, day.month, 1, tzinfo=user.zone)
    later = dt.date(day.year + day.month // 12, day.month % 12 + 1, 1)
    return begin, dt.datetime(later.year, later.month, 1, tzinfo=user.zone)


def _before(table: Table, watched_at: dt.datetime, play_id: int) -> Any:
    same = (table.c.watched_at == watched_at) & (table.c.id < play_id)
    return or_(table.c.watched_at < watched_at, same)


def _shown(rows: Any, page_size: int) -> HistoryPage:
    shown = with_movies(rows)
    shown = shown.order_by(rows.c.watched_at.desc(), rows.c.id.desc(), Genre.name)
    found = gathered(db.session.execute(shown).all(), "id")
    plays = [
        Play(
            row.uuid,
            movie_of(row, genres),
            community_of(row),
            row.watched_at,
            row.progress_seconds,
            row.finished,
        )
        for row, genres in found[:page_size]
    ]
    more = len(found) > page_size
    return HistoryPage(plays, _cursor(found[page_size - 1][0]) if more else None)


def _cursor(row: Any) -> str:
    return cursor_of(f"{row.watched_at.isoformat()} {row.id}")


def _moment_and_id(place: str) -> tuple[dt.datetime, int]:
    moment, _, number = place.rpartition(" ")
    watched_at, play_id = dt.datetime.fromisoformat(moment), int(number)
    if watched_at.tzinfo is None or not 0 <= play_id < 2**63:
        raise ValueError(place)
    # Near either end of all years a moment elsewhere is none in UTC: OverflowError.
    return watched_at.astimezone(dt.UTC), play_id
