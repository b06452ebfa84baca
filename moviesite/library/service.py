"""What people do with movies: each verb one transaction, safe to repeat. No web, no HTTP to TMDb.

Each verb sees to it that the movie is stored, outside of its transaction, and raises NotFound
where there is no such movie, Unavailable where nobody can tell.
"""

import datetime as dt
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import select

from moviesite import clock, idempotency
from moviesite.accounts import queries as people
from moviesite.bounds import MAX_ID
from moviesite.catalogue import keeping, live
from moviesite.config import current_config
from moviesite.errors import Conflict, InvalidInput, NotFound
from moviesite.extensions import db
from moviesite.idempotency import Once
from moviesite.inserts import insert_new
from moviesite.library import changes_service, muting_queries, visitors
from moviesite.library.changes_service import (
    FAVORITE,
    HIDDEN,
    LIKE,
    VIEWING,
    VOTE,
    WATCHLIST,
    Change,
    undo,
)
from moviesite.library.muting_queries import ALL_HIDDEN, MOST_HIDDEN
from moviesite.library.row_service import attach, deleted, give, put, remove
from moviesite.models import Movie, MovieView, User, Viewing
from moviesite.models.library import (
    DOWN,
    FEEDBACK,
    HIDDEN_KINDS,
    HIGHEST_PRIORITY,
    LOWEST_PRIORITY,
    MAX_NOTE,
    UP,
)
from moviesite.text import is_clean
from moviesite.transactions import transactional

__all__ = ["undo"]

VOTES = {"up": UP, "down": DOWN}
NO_SUCH_PLAY = "There is no such entry in your history."
FIRST_FILM = dt.datetime(1888, 1, 1, tzinfo=dt.UTC)
_FUTURE = dt.timedelta(days=1)
# Who has seen nine tenths has seen it: credits are long.
_ENOUGH = 0.9
_MAX_SECONDS = 10 * 86400

VoteValue = Literal["up", "down"]


# Favorites, watchlist, likes, votes, feedback


def add_favorite(user: User, movie_id: int) -> Change:
    """Keep a movie."""
    return attach(user, FAVORITE, movie_id)


def remove_favorite(user: User, movie_id: int) -> Change:
    """Keep it no longer."""
    return remove(user, FAVORITE, {"movie_id": movie_id})


def keep_on_watchlist(
    user: User, movie_id: int, *, priority: int | None = None, note: str | None = None
) -> Change:
    """Mean to see a movie. What is None stays as it is. Raises InvalidInput."""
    given = {"priority": priority, "note": note}
    values = {name: value for name, value in given.items() if value is not None}
    _check_wish(priority, note)
    return attach(user, WATCHLIST, movie_id, values)


def remove_from_watchlist(user: User, movie_id: int) -> Change:
    """Mean to see it no longer."""
    return remove(user, WATCHLIST, {"movie_id": movie_id})


def like(user: User, movie_id: int) -> Change:
    """Like a movie."""
    return attach(user, LIKE, movie_id)


def unlike(user: User, movie_id: int) -> Change:
    """Like it no longer."""
    return remove(user, LIKE, {"movie_id": movie_id})


def vote(user: User, movie_id: int, value: VoteValue) -> Change:
    """Vote for a movie or against it; a vote the other way takes the first one's place."""
    _check_one_of("value", value, VOTES)
    return attach(user, VOTE, movie_id, {"value": VOTES[value]})


def withdraw_vote(user: User, movie_id: int) -> Change:
    """Take the vote back."""
    return remove(user, VOTE, {"movie_id": movie_id})


def give_feedback(user: User, movie_id: int, value: str) -> Change:
    """Say of a recommended movie: one of FEEDBACK."""
    _check_one_of("value", value, FEEDBACK)
    return attach(user, changes_service.FEEDBACK, movie_id, {"value": value})


def withdraw_feedback(user: User, movie_id: int) -> Change:
    """Take that back."""
    return remove(user, changes_service.FEEDBACK, {"movie_id": movie_id})


# Muting


def hide(user: User, kind: str, target_id: int, *, met_at: int | None = None) -> Change:
    """Never be offered a `genre`, `person`, `keyword` or `movie` again, by TMDb's number.

    `met_at` is the movie on whose page a keyword was: it tells what the keyword is called. Raises
    Conflict where too much is hidden already.
    """
    _check_hidden(kind, target_id)
    _check_room(user, kind, target_id)
    if kind == "movie":
        keeping.ensure_stored(target_id)
    elif kind == "genre":
        _check_genre(target_id)
    elif kind == "keyword" and met_at:
        keeping.ensure_keyword(target_id, met_at)
    return put(user, HIDDEN, {"kind": kind, "target_id": target_id})


def unhide(user: User, kind: str, target_id: int) -> Change:
    """Let it be offered again."""
    _check_hidden(kind, target_id)
    return remove(user, HIDDEN, {"kind": kind, "target_id": target_id})


# Viewings


def record_viewing(
    user: User,
    movie_id: int,
    *,
    watched_at: dt.datetime | None = None,
    progress_seconds: int | None = None,
    once: Once | None = None,
    leave_watchlist: bool = False,
) -> Change:
    """Note a play, now unless said otherwise; `progress_seconds` is None for the whole.

    A request repeated under the same `once` finds the play that the first one made. Raises
    InvalidInput for a time before films were made or to come, Conflict where a repeated
    request's play is gone.
    """
    _check_play(watched_at, progress_seconds)
    keeping.ensure_stored(movie_id)

    def write() -> Change:
        return _play(user, movie_id, watched_at, progress_seconds, leave_watchlist, once)

    return idempotency.done_once(once, write, lambda result: _played(user, UUID(result)))


def mark_seen(user: User, movie_id: int, *, leave_watchlist: bool = False) -> Change:
    """Note that the movie was seen, now; nothing where it was seen already."""
    keeping.ensure_stored(movie_id)
    return _mark_seen(user, movie_id, leave_watchlist)


@transactional
def unmark(user: User, movie_id: int) -> Change:
    """Delete the newest play of a movie to the end; the row is the one before, where there is one.

    Nothing where there is none: what was broken off never marked it as seen.
    """
    newest = _finished_plays(user, movie_id).limit(2).with_for_update()
    plays = db.session.execute(newest).all()
    if not plays:
        return Change(None, False, None)
    change = remove(user, VIEWING, {"uuid": plays[0].uuid})
    return change._replace(row=plays[1] if plays[1:] else None)


def move_viewing(user: User, uuid: UUID, watched_at: dt.datetime | None) -> Change:
    """Say that a play was at another time, None for none; raises as the next one, InvalidInput."""
    _check_play(watched_at, None)
    moved = {"watched_at": watched_at} if watched_at else {}
    change = give(user, VIEWING, {"user_id": user.id, "uuid": uuid}, moved)
    if change is None:
        raise NotFound(NO_SUCH_PLAY)
    return change


def delete_viewing(user: User, uuid: UUID) -> Change:
    """Delete a play; raises NotFound where it is none of this person's."""
    change = remove(user, VIEWING, {"uuid": uuid})
    if change.undo is None:
        raise NotFound(NO_SUCH_PLAY)
    return change


def count_view(movie_id: int, user: User | None, address: str) -> bool:
    """Count that somebody looks at a movie's page; whether it was the first time this hour."""
    keeping.ensure_stored(movie_id)
    return _count_view(movie_id, user.id if user else None, address)


@transactional
def _count_view(movie_id: int, user_id: int | None, address: str) -> bool:
    now = clock.now()
    viewer = visitors.viewer_of(user_id, address, current_config().secret_key, now)
    values = {"movie_id": movie_id, "hour": visitors.hour_of(now), "viewer": viewer}
    return insert_new(MovieView, {**values, "user_id": user_id}) is not None


@transactional
def _play(
    user: User,
    movie_id: int,
    watched_at: dt.datetime | None,
    progress_seconds: int | None,
    leave_watchlist: bool,
    once: Once | None = None,
) -> Change:
    values: dict[str, Any] = {"movie_id": movie_id, "progress_seconds": progress_seconds}
    values["finished"] = _is_enough(movie_id, progress_seconds)
    if watched_at is not None:
        values["watched_at"] = watched_at
    row = insert_new(Viewing, {"user_id": user.id, **values}, keys=("uuid",))
    if row is None:
        raise Conflict("This viewing is already in your history.")
    if once:
        idempotency.remember(once, str(row.uuid))
    key = {"user_id": user.id, "movie_id": movie_id}
    left = deleted(WATCHLIST, key) if leave_watchlist and row.finished else None
    noted = [(VIEWING, row, None), *([(WATCHLIST, left, left)] if left is not None else [])]
    return Change(row, True, changes_service.note_all(user, noted)[0])


def _is_enough(movie_id: int, progress_seconds: int | None) -> bool:
    if progress_seconds is None:
        return True
    minutes = db.session.scalar(select(Movie.runtime).where(Movie.id == movie_id))
    return minutes is not None and progress_seconds >= _ENOUGH * 60 * minutes


def _played(user: User, uuid: UUID) -> Change:
    table = VIEWING.columns
    mine = select(table).where(table.c.user_id == user.id, table.c.uuid == uuid)
    row = db.session.execute(mine).one_or_none()
    if row is None:
        raise Conflict("What this request created has since been deleted.")
    return Change(row, True, None)


@transactional
def _mark_seen(user: User, movie_id: int, leave_watchlist: bool) -> Change:
    # Plays may be many, so no constraint can decide which of two marks is the first.
    people.hold(user.id)
    newest = db.session.execute(_finished_plays(user, movie_id).limit(1)).one_or_none()
    if newest is not None:
        return Change(newest, False, None)
    return _play(user, movie_id, None, None, leave_watchlist)


def _finished_plays(user: User, movie_id: int) -> Any:
    """Newest first."""
    table = VIEWING.columns
    mine = select(table).where(table.c.user_id == user.id, table.c.movie_id == movie_id)
    seen = mine.where(table.c.finished.is_(True))
    return seen.order_by(table.c.watched_at.desc(), table.c.id.desc())


# What is refused


def _check_wish(priority: int | None, note: str | None) -> None:
    if priority is not None and not LOWEST_PRIORITY <= priority <= HIGHEST_PRIORITY:
        raise InvalidInput.of("priority", f"From {LOWEST_PRIORITY} to {HIGHEST_PRIORITY}.")
    if note is not None and (len(note) > MAX_NOTE or not is_clean(note)):
        raise InvalidInput.of("note", f"At most {MAX_NOTE} characters that can be stored.")


def _check_play(watched_at: dt.datetime | None, progress_seconds: int | None) -> None:
    if watched_at is not None and not FIRST_FILM <= watched_at <= clock.now() + _FUTURE:
        raise InvalidInput.of(
            "watched_at", "Must be after 1888, when the first film was made, and not in the future."
        )
    if progress_seconds is not None and not 0 <= progress_seconds <= _MAX_SECONDS:
        raise InvalidInput.of("progress_seconds", f"From 0 to {_MAX_SECONDS}.")


def _check_hidden(kind: str, target_id: int) -> None:
    _check_one_of("kind", kind, HIDDEN_KINDS)
    if not 0 < target_id <= MAX_ID:
        raise NotFound


def _check_room(user: User, kind: str, target_id: int) -> None:
    """Of several at once each may find the same room; that is no matter."""
    if muting_queries.hidden_besides(user, kind, target_id) >= MOST_HIDDEN:
        raise Conflict(f"{ALL_HIDDEN} Show one of them again first.")


def _check_genre(genre_id: int) -> None:
    """There are few, and nobody can be asked about people and keywords so cheaply."""
    known = live.genre_names(current_config().default_language)
    if known and genre_id not in known:
        raise NotFound("There is no such genre.")


def _check_one_of(name: str, value: str, allowed: Any) -> None:
    if value not in allowed:
        raise InvalidInput.of(name, f"One of {', '.join(allowed)}.")
