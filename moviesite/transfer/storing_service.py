"""Puts what lines say of films into somebody's library. What is there already stays as it is.

Nothing of it can be undone one by one, and nothing of it counts as interest of today: a rating or
a play of years ago carries its own day. What is in lists is for `lists_service`.
"""

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Sequence
from itertools import islice
from typing import Any, NamedTuple
from uuid import uuid4

from sqlalchemy import select

from moviesite import clock
from moviesite.accounts import queries as people
from moviesite.database import one_of, table_of
from moviesite.extensions import Base, db
from moviesite.inserts import upsert
from moviesite.library import muting_queries
from moviesite.library.service import VOTES
from moviesite.models import (
    Favorite,
    Feedback,
    Hidden,
    Like,
    Review,
    User,
    Viewing,
    Vote,
    WatchlistItem,
)
from moviesite.models.library import USUAL_PRIORITY
from moviesite.transactions import transactional
from moviesite.transfer.reading import Entry, HiddenData

Row = dict[str, Any]


class Found(NamedTuple):
    """A line whose film is stored."""

    number: int
    entry: Entry
    movie_id: int


@transactional
def store(user_id: int, found: Sequence[Found]) -> set[int]:
    """Numbers of the lines that said something new."""
    # One thing after the other for each person, as when a film is marked as seen.
    people.hold(user_id)
    ids = {line.movie_id for line in found}
    new = _store_plays(db.session.get_one(User, user_id), found, ids)
    for table, row in _ROWS:
        new |= _store_rows(user_id, table, ids, [(line.number, row(line)) for line in found])
    return new


@transactional
def hide(user: User, wanted: Sequence[HiddenData]) -> int:
    """Keep away what was hidden elsewhere; how many of those there was no room for."""
    here = muting_queries.hidden_keys(user.id)
    new = {
        (one.kind, one.target_id): noted(one)
        for one in wanted
        if (one.kind, one.target_id) not in here
    }
    room = max(muting_queries.MOST_HIDDEN - len(here), 0)
    rows = [
        {"user_id": user.id, "kind": kind, "target_id": target_id, "added_at": moment}
        for (kind, target_id), moment in islice(new.items(), room)
    ]
    upsert(Hidden, rows)
    return len(new) - len(rows)


def _store_plays(user: User, found: Iterable[Found], ids: Collection[int]) -> set[int]:
    """A play for each day where the person lives, and one for a film that was seen on a day that
    nobody knows; what was only begun counts apart.
    """
    mine = select(Viewing.movie_id, Viewing.watched_at, Viewing.finished)
    mine = mine.where(Viewing.user_id == user.id, one_of(Viewing.movie_id, ids))
    days = {
        _day(user, movie_id, moment, finished=finished)
        for movie_id, moment, finished in db.session.execute(mine)
    }
    seen = {movie_id for movie_id, _, finished in days if finished}
    rows: dict[int, Row] = {}
    for line in sorted(found, key=lambda line: line.entry.watched_at is None):
        moment, day_is_known = _played(line.entry), line.entry.watched_at is not None
        if moment is None or (line.movie_id in seen and not day_is_known):
            continue
        day = _day(user, line.movie_id, moment, finished=not line.entry.begun)
        if day not in days:
            rows[line.number] = _play(user, line, moment)
        days.add(day)
        if not line.entry.begun:
            seen.add(line.movie_id)
    upsert(Viewing, [*rows.values()], keys=("uuid",))
    return set(rows)


def _play(user: User, line: Found, moment: dt.datetime) -> Row:
    whose = {"uuid": uuid4(), "user_id": user.id, "movie_id": line.movie_id}
    progress = {"progress_seconds": line.entry.progress_seconds, "finished": not line.entry.begun}
    return {**whose, "watched_at": moment, **progress}


def _day(
    user: User, movie_id: int, watched_at: dt.datetime, *, finished: bool
) -> tuple[int, dt.date, bool]:
    return movie_id, watched_at.astimezone(user.zone).date(), finished


def _played(entry: Entry) -> dt.datetime | None:
    if entry.watched_at is not None:
        return entry.watched_at
    return noted(entry) if entry.seen else None


def _store_rows(
    user_id: int, table: type[Base], ids: Collection[int], rows: Iterable[tuple[int, Row | None]]
) -> set[int]:
    """One row for a film where there is none."""
    columns = table_of(table).c
    mine = select(columns.movie_id).where(columns.user_id == user_id, one_of(columns.movie_id, ids))
    have = set(db.session.scalars(mine))
    new: dict[int, tuple[int, Row]] = {}
    for number, row in rows:
        if row is not None and row["movie_id"] not in have:
            new.setdefault(row["movie_id"], (number, {"user_id": user_id, **row}))
    upsert(table, [row for _, row in new.values()], keys=("user_id", "movie_id"))
    return {number for number, _ in new.values()}


def noted(entry: Entry | HiddenData) -> dt.datetime:
    """When it was said, as far as that is known."""
    watched_at = entry.watched_at if isinstance(entry, Entry) else None
    return min(entry.noted_at or watched_at or clock.now(), clock.now())


def _marked(line: Found) -> Row:
    return {"movie_id": line.movie_id, "added_at": noted(line.entry)}


def _like(line: Found) -> Row | None:
    return _marked(line) if line.entry.liked else None


def _favorite(line: Found) -> Row | None:
    return _marked(line) if line.entry.favorite else None


def _wish(line: Found) -> Row | None:
    if not line.entry.watchlist:
        return None
    priority = line.entry.priority or USUAL_PRIORITY
    return {**_marked(line), "note": line.entry.note, "priority": priority}


def _vote(line: Found) -> Row | None:
    return {**_marked(line), "value": VOTES[line.entry.vote]} if line.entry.vote else None


def _feedback(line: Found) -> Row | None:
    return {**_marked(line), "value": line.entry.feedback} if line.entry.feedback else None


def _opinion(line: Found) -> Row | None:
    entry, moment = line.entry, noted(line.entry)
    if entry.rating is None and not entry.review:
        return None
    opinion = {"rating": entry.rating, "text": entry.review, "spoiler": entry.spoiler}
    return {"movie_id": line.movie_id, **opinion, "created_at": moment, "updated_at": moment}


_ROWS: tuple[tuple[type[Base], Callable[[Found], Row | None]], ...] = (
    (Like, _like),
    (Favorite, _favorite),
    (WatchlistItem, _wish),
    (Review, _opinion),
    (Vote, _vote),
    (Feedback, _feedback),
)
