"""Reads imports, and films by their titles. Changes nothing."""

import datetime as dt
from collections.abc import Collection, Sequence
from typing import NamedTuple
from uuid import UUID

import msgspec
from sqlalchemy import func, select

from moviesite.extensions import db
from moviesite.models import Import, ImportedList, ImportEntry, Movie, MovieList
from moviesite.models.transfer import MISSING, STATES, WAITING
from moviesite.transfer.reading import Entry

# Lines without a film that a report names.
MOST_NAMED = 200


class Titled(NamedTuple):
    """A film with a title that was asked for."""

    id: int
    year: int | None
    popularity: float


class Numbered(NamedTuple):
    """A line of an import and its number in it."""

    number: int
    entry: Entry


class Report(NamedTuple):
    """How far an import is: lines by what became of them, those whose film nobody knows, and the
    lists that came along.
    """

    source: str
    begun_at: dt.datetime
    finished_at: dt.datetime | None
    waiting: int
    kept: int
    known: int
    missing: int
    others: int
    hidden: int
    unread: Sequence[str]
    not_found: Sequence[Entry]
    lists: Sequence[MovieList]


def titled(key: str) -> list[Titled]:
    """Stored films whose folded title is this."""
    named = select(Movie.id, Movie.release_date, Movie.popularity).where(Movie.title_key == key)
    return [
        Titled(movie_id, released.year if released else None, popularity)
        for movie_id, released, popularity in db.session.execute(named)
    ]


def of(user_id: int) -> Import | None:
    """Somebody's last import."""
    return db.session.scalar(select(Import).where(Import.user_id == user_id))


def owner(import_id: UUID) -> int | None:
    """Whose import it is; None once it was stopped."""
    return db.session.scalar(select(Import.user_id).where(Import.uuid == import_id))


def waiting(import_id: UUID, most: int) -> list[Numbered]:
    """The next lines whose turn has not come."""
    return _lines(import_id, WAITING, most)


def report(user_id: int) -> Report | None:
    """Somebody's last import; None where there is none. Four statements."""
    found = of(user_id)
    if found is None:
        return None
    mine = ImportEntry.import_id == found.uuid
    counted = select(ImportEntry.state, func.count()).where(mine).group_by(ImportEntry.state)
    counts = dict(db.session.execute(counted).all())
    return Report(
        source=found.source,
        begun_at=found.begun_at,
        finished_at=found.finished_at,
        **{state: counts.get(state, 0) for state in STATES},
        others=found.others,
        hidden=found.hidden,
        unread=found.unread,
        not_found=[line.entry for line in _lines(found.uuid, MISSING, MOST_NAMED)],
        lists=_lists_of(found.uuid),
    )


def lists_to_fill(import_id: UUID, origins: Collection[str]) -> list[tuple[str, UUID]]:
    """Origins and public ids of an import's lists, in the order in which they are to be locked."""
    filled = ImportedList.import_id == import_id, ImportedList.origin.in_(origins)
    lists = select(ImportedList.origin, MovieList.uuid).join(
        MovieList, MovieList.id == ImportedList.list_id
    )
    rows = db.session.execute(lists.where(*filled).order_by(MovieList.id))
    return [(origin, uuid) for origin, uuid in rows]


def _lists_of(import_id: UUID) -> Sequence[MovieList]:
    came = select(MovieList).join(ImportedList, ImportedList.list_id == MovieList.id)
    came = came.where(ImportedList.import_id == import_id).order_by(MovieList.id)
    return db.session.scalars(came.execution_options(populate_existing=True)).unique().all()


def _lines(import_id: UUID, state: str, most: int) -> list[Numbered]:
    mine = ImportEntry.import_id == import_id, ImportEntry.state == state
    lines = select(ImportEntry.number, ImportEntry.told).where(*mine)
    found = db.session.execute(lines.order_by(ImportEntry.number).limit(most))
    return [Numbered(number, msgspec.convert(entry, Entry)) for number, entry in found]
