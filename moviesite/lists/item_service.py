"""Movies come into a list, move in it, get a note, leave it, and come back. No web.

Positions count from 0 without gaps; every verb holds the list's lock from its first statement.
"""

import datetime as dt
from collections.abc import Container, Iterable
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from sqlalchemy import and_, case, delete, insert, select, update
from sqlalchemy.orm import contains_eager
from sqlalchemy.orm.attributes import set_committed_value

from moviesite import clock
from moviesite.catalogue import keeping
from moviesite.database import else_absent, one_of, run_unseen
from moviesite.errors import Conflict, InvalidInput, NotFound
from moviesite.extensions import db
from moviesite.inserts import upsert
from moviesite.library import changes_service
from moviesite.lists.service import (
    ALL_FULL,
    check_room,
    locked_for_owner,
    note_edit,
    room_for,
)
from moviesite.models import Genre, LastChange, ListItem, Movie, MovieList, User, movie_genres
from moviesite.models.lists import MAX_MOVIES
from moviesite.transactions import transactional

# The name of these changes among all that can be taken back.
LIST_ITEM = "list_item"
FULL = f"This list is full. It can hold at most {MAX_MOVIES:,} titles."


class Addition(NamedTuple):
    """A movie, which is stored, that is to come into a list as something from this moment."""

    movie_id: int
    note: str
    added_at: dt.datetime


class Appended(NamedTuple):
    """The movies that are new in a list, and why others found no room; empty where all did."""

    movie_list: MovieList
    movie_ids: frozenset[int]
    full: str


class Placed(NamedTuple):
    """A movie's place in a list, with the movie and its genres; whether it is new there."""

    movie_list: MovieList
    item: ListItem
    is_new: bool


class Taken(NamedTuple):
    """A movie that left a list; `undo` brings it back to its place with its note."""

    movie_list: MovieList
    undo: UUID | None


class NoSuchPosition(InvalidInput):
    """A position that the list does not have; `last` is the last that it has."""

    def __init__(self, last: int) -> None:
        message = f"Positions in this list go from 0 to {last}."
        super().__init__({"json": {"position": [message]}}, message)
        self.last = last


def put_movie(
    user: User,
    list_id: UUID,
    movie_id: int,
    *,
    position: int | None = None,
    note: str | None = None,
    if_match: Container[int] | None = None,
) -> Placed:
    """Add a movie, at the end unless told where; one that is there moves or gets the note.

    What is None stays as it is. Raises NotFound (list or movie), Forbidden, Outdated, Conflict
    where the list is full or all of one's together are, InvalidInput for a position that the list
    does not have.
    """
    keeping.ensure_stored(movie_id)
    return _put(user, list_id, movie_id, position, note, if_match)


@transactional
def _put(
    user: User,
    list_id: UUID,
    movie_id: int,
    position: int | None,
    note: str | None,
    if_match: Container[int] | None,
) -> Placed:
    movie_list = locked_for_owner(user, list_id, if_match)
    movie, item = _movie_and_item(movie_list, movie_id)
    if item is None:
        item = _add(user, movie_list, movie_id, position, note or "")
        set_committed_value(item, "movie", movie)
        return Placed(movie_list, item, is_new=True)
    moved = position is not None and position != item.position
    if position is not None and moved:
        _move(movie_list, item, position)
    if note is not None and note != item.note:
        item.note, moved = note, True
    if moved:
        note_edit(movie_list)
    set_committed_value(item, "movie", movie)
    return Placed(movie_list, item, is_new=False)


@transactional
def append_movies(user: User, list_id: UUID, additions: Iterable[Addition]) -> Appended:
    """Add many at the end in this order; those that are there stay as and where they are.

    Of a movie that comes twice the first counts. In a list that has followers each comes at this
    moment, or it would be no news to them. Raises NotFound, Forbidden.
    """
    movie_list = locked_for_owner(user, list_id)
    wanted: dict[int, Addition] = {}
    for addition in additions:
        wanted.setdefault(addition.movie_id, addition)
    there = select(ListItem.movie_id).where(ListItem.list_id == movie_list.id)
    have = set(db.session.scalars(there.where(one_of(ListItem.movie_id, wanted))))
    new = [addition for movie_id, addition in wanted.items() if movie_id not in have]
    count = movie_list.movie_count
    room = min(MAX_MOVIES, room_for(user, movie_list))
    fitting = new[: max(0, room - count)]
    common: dict[str, Any] = {"list_id": movie_list.id, "added_by_id": user.id}
    if movie_list.subscriber_count:
        common["added_at"] = clock.now()
    rows = [
        {**row._asdict(), **common, "position": place} for place, row in enumerate(fitting, count)
    ]
    if rows:
        db.session.execute(insert(ListItem), rows)
        note_edit(movie_list, movie_count=count + len(rows))
    added = frozenset(row.movie_id for row in fitting)
    full = FULL if room == MAX_MOVIES else ALL_FULL
    return Appended(movie_list, added, full if len(fitting) < len(new) else "")


@transactional
def remove_movie(
    user: User, list_id: UUID, movie_id: int, *, if_match: Container[int] | None = None
) -> Taken:
    """Take a movie out; the rest closes the gap. One that is not there stays away: `undo` None.

    Raises NotFound (list), Forbidden, Outdated.
    """
    movie_list = locked_for_owner(user, list_id, if_match)
    item = db.session.get(ListItem, (movie_list.id, movie_id), populate_existing=True)
    if item is None:
        return Taken(movie_list, None)
    before = {
        "position": item.position,
        "note": item.note,
        "added_at": item.added_at.isoformat(),
        "added_by_id": item.added_by_id,
    }
    position = item.position
    db.session.delete(item)
    db.session.flush()
    if position < movie_list.movie_count - 1:
        _shift(movie_list, ListItem.position > position, -1)
    note_edit(movie_list, movie_count=movie_list.movie_count - 1)
    return Taken(movie_list, _remember(user, movie_list, movie_id, before))


@transactional
def bring_back(user: User, token: UUID) -> Placed:
    """Undo a removal within a day: the movie is where it was, or at the end of a shorter list.

    Raises Conflict where the movie was put back or taken out again since, or the day is over.
    """
    mine = and_(LastChange.user_id == user.id, LastChange.kind == LIST_ITEM)
    recent = LastChange.made_at > clock.now() - dt.timedelta(days=1)
    this = and_(mine, LastChange.token == token, recent)
    subject = _found(select(LastChange.subject).where(this))
    list_id, _, movie_id = subject.partition(":")
    # The list before its changes, as everywhere here: two orders would be a deadlock.
    movie_list = locked_for_owner(user, UUID(list_id))
    before = _found(delete(LastChange).where(this).returning(LastChange.before))
    movie, item = _movie_and_item(movie_list, int(movie_id))
    if item is not None:
        raise Conflict("This film is already in the list.")
    place = min(int(before["position"]), movie_list.movie_count)
    item = _add(user, movie_list, int(movie_id), place, str(before["note"]))
    item.added_at = dt.datetime.fromisoformat(before["added_at"])
    set_committed_value(item, "movie", movie)
    return Placed(movie_list, item, is_new=True)


changes_service.taken_back_by(LIST_ITEM, lambda user, token: bring_back(user, token).item.movie_id)


def _found(change: Any) -> Any:
    found = db.session.scalar(change)
    if found is None:
        raise Conflict("This can no longer be undone.")
    return found


def _remember(user: User, movie_list: MovieList, movie_id: int, before: dict[str, Any]) -> UUID:
    token = uuid4()
    row = {
        "user_id": user.id,
        "kind": LIST_ITEM,
        "subject": f"{movie_list.uuid}:{movie_id}",
        "token": token,
        "before": before,
        "made_at": clock.now(),
    }
    upsert(LastChange, [row], update=("token", "before", "made_at"))
    return token


def _movie_and_item(movie_list: MovieList, movie_id: int) -> tuple[Movie, ListItem | None]:
    """The movie with its genres, and its place in the list if it has one: one statement."""
    here = and_(ListItem.movie_id == Movie.id, ListItem.list_id == movie_list.id)
    statement = (
        select(Movie, ListItem)
        .outerjoin(ListItem, here)
        .outerjoin(movie_genres, movie_genres.c.movie_id == Movie.id)
        .outerjoin(Genre, Genre.id == movie_genres.c.genre_id)
        .where(Movie.id == movie_id)
        .order_by(Genre.name)
        .options(contains_eager(Movie.genres))
        .execution_options(populate_existing=True)
    )
    found = db.session.execute(statement).unique().first()
    if found is None:
        raise _no_such_movie()
    return found[0], found[1]


def _add(
    user: User, movie_list: MovieList, movie_id: int, position: int | None, note: str
) -> ListItem:
    count = movie_list.movie_count
    if count >= MAX_MOVIES:
        raise Conflict(FULL)
    check_room(user, movie_list, count + 1)
    place = count if position is None else _checked(position, count)
    if place < count:
        _shift(movie_list, ListItem.position >= place, 1)
    item = ListItem(list_id=movie_list.id, movie_id=movie_id, position=place, note=note)
    item.added_by_id = user.id
    item.added_at = clock.now()
    db.session.add(item)
    with else_absent(_no_such_movie()):
        db.session.flush()
    note_edit(movie_list, movie_count=count + 1)
    return item


def _no_such_movie() -> NotFound:
    return NotFound("There is no such film.")


def _move(movie_list: MovieList, item: ListItem, position: int) -> None:
    """One statement: the movie takes its place, those between make room."""
    _checked(position, movie_list.movie_count - 1)
    old, step = item.position, -1 if position > item.position else 1
    least, most = sorted((old, position))
    place = case((ListItem.movie_id == item.movie_id, position), else_=ListItem.position + step)
    between = ListItem.list_id == movie_list.id, ListItem.position.between(least, most)
    run_unseen(update(ListItem).where(*between).values(position=place))
    set_committed_value(item, "position", position)


def _shift(movie_list: MovieList, which: Any, step: int) -> None:
    those = ListItem.list_id == movie_list.id, which
    run_unseen(update(ListItem).where(*those).values(position=ListItem.position + step))


def _checked(position: int, last: int) -> int:
    if position > last:
        raise NoSuchPosition(last)
    return position
