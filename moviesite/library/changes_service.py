"""Notes what can be taken back, and takes it back: once, and not after a newer change. No web."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from sqlalchemy import JSON, Column, Row, Table, Uuid, delete, insert, inspect, select
from sqlalchemy.exc import IntegrityError

from moviesite import clock
from moviesite.database import changed_rows, one_of, table_of
from moviesite.errors import Conflict
from moviesite.extensions import Base, db
from moviesite.inserts import insert_with, upsert
from moviesite.models import (
    Favorite,
    Feedback,
    Hidden,
    LastChange,
    Like,
    Review,
    ReviewReport,
    User,
    Viewing,
    Vote,
    WatchlistItem,
)
from moviesite.models.types import UtcDateTime
from moviesite.transactions import commits_itself, transactional

KEPT = dt.timedelta(days=1)

# Columns of a person that a trigger changes with every row of theirs.
_COUNTED = ("library_version", "favorite_count", "watchlist_count")
# The database's own number of a row is not restored, its public name is.
_INSIDE = ("id",)
# What the next change of a thing writes over.
_RENEWED = ("token", "before", "made_at")
# Where the note of a deleted review holds the reports about it.
_REPORTS = "reports"
_REPORT = table_of(ReviewReport)


class Change(NamedTuple):
    """What a write did: the row as it is now, None after a removal.

    `is_new` says that there was none before; `undo` takes the change back, None where nothing
    changed.
    """

    row: Any
    is_new: bool
    undo: UUID | None


class Undone(NamedTuple):
    """What was taken back; `movie_id` is None where it was about no movie."""

    kind: str
    subject: str
    movie_id: int | None


class Thing(NamedTuple):
    """A kind of thing that somebody has, its table, and the columns that name one of them."""

    kind: str
    table: type[Base]
    keys: tuple[str, ...] = ("user_id", "movie_id")

    @property
    def columns(self) -> Table:
        """The table itself."""
        return table_of(self.table)


FAVORITE = Thing("favorite", Favorite)
WATCHLIST = Thing("watchlist", WatchlistItem)
VIEWING = Thing("viewing", Viewing, ("uuid",))
LIKE = Thing("like", Like)
VOTE = Thing("vote", Vote)
FEEDBACK = Thing("feedback", Feedback)
RATING = Thing("rating", Review)
HIDDEN = Thing("hidden", Hidden, ("user_id", "kind", "target_id"))
THINGS = {
    thing.kind: thing
    for thing in (FAVORITE, WATCHLIST, VIEWING, LIKE, VOTE, FEEDBACK, RATING, HIDDEN)
}


# Kinds of changes that later features note, and take back themselves for a person and a token,
# holding their own things first; says the movie.
TakeBack = Callable[[User, UUID], int]
_ELSEWHERE: dict[str, TakeBack] = {}


def taken_back_by(kind: str, take_back: TakeBack) -> None:
    """Have `undo` leave changes of this kind to the feature that notes them."""
    _ELSEWHERE[kind] = take_back


def note(user: User, thing: Thing, row: Row[Any], before: Row[Any] | None) -> UUID:
    """Note a change in the present transaction; returns the token that takes it back.

    `row` is the row that was changed, or what it was. One statement.
    """
    [token] = note_all(user, [(thing, row, before)])
    return token


def note_all(user: User, changes: Sequence[tuple[Thing, Row[Any], Row[Any] | None]]) -> list[UUID]:
    """The same for several changes at once; one statement as well."""
    entries = [_entry(user, thing, row._mapping, before) for thing, row, before in changes]
    return _note(user, entries)


@commits_itself
def make(user: User, thing: Thing, values: Mapping[str, Any]) -> Change | None:
    """Make somebody's row and note that, unless they have one: None. One statement or two.

    Raises NotFound where what the row hangs on has been removed.
    """
    entry = _entry(user, thing, values, None)
    row = insert_with(thing.table, values, LastChange, entry, update=_RENEWED, keys=thing.keys)
    if row is None:
        return None
    _look_again(user)
    return Change(row, True, entry["token"])


def note_deleted_review(user: User, gone: Row[Any], reports: Sequence[Row[Any]]) -> UUID:
    """The same for a review and the reports that went with it: they come back together."""
    entry = _entry(user, RATING, gone._mapping, gone)
    entry["before"][_REPORTS] = [_as_json(_REPORT, one) for one in reports]
    [token] = _note(user, [entry])
    return token


def token_of(user: User, thing: Thing, row: Row[Any]) -> UUID | None:
    """What takes the last change of a row back; None where nothing does: one statement."""
    return db.session.scalar(
        select(LastChange.token).where(
            LastChange.user_id == user.id,
            LastChange.kind == thing.kind,
            LastChange.subject == subject_of(thing, row),
        )
    )


def subject_of(thing: Thing, row: Row[Any]) -> str:
    """What names one thing among those of its kind."""
    return _subject(thing, row._mapping)


@transactional
def forget(user_id: int, thing: Thing, row: Row[Any]) -> None:
    """Let nobody take back what was last changed of this."""
    last = LastChange.user_id == user_id, LastChange.kind == thing.kind
    subject = subject_of(thing, row)
    db.session.execute(delete(LastChange).where(*last, LastChange.subject == subject))


@transactional
def undo(user: User, token: UUID) -> Undone:
    """Take a change back: the row is again what it was, with its date, note and priority.

    Works once and for a day; what is undone cannot be undone. Raises Conflict where the change
    was taken back already, was followed by a newer one, or is too long ago, and where the film
    that it was about is gone; and what a later feature raises whose change it is.
    """
    mine = LastChange.user_id == user.id, LastChange.token == token
    young = LastChange.made_at > clock.now() - KEPT
    change = select(LastChange.kind, LastChange.subject).where(*mine, young)
    noted = db.session.execute(change).one_or_none()
    if noted is None:
        raise _too_late()
    if noted.kind in _ELSEWHERE:
        movie_id: int | None = _ELSEWHERE[noted.kind](user, token)
    else:
        movie_id = _taken_back(user, token)
    _look_again(user)
    return Undone(noted.kind, noted.subject, movie_id)


@transactional
def forget_old() -> int:
    """Delete changes that can no longer be taken back; says how many."""
    return changed_rows(delete(LastChange).where(LastChange.made_at <= clock.now() - KEPT))


def _subject(thing: Thing, named: Mapping[Any, Any]) -> str:
    return ":".join(str(named[key]) for key in thing.keys if key != "user_id")


def _entry(
    user: User, thing: Thing, named: Mapping[Any, Any], before: Row[Any] | None
) -> dict[str, Any]:
    return {
        "user_id": user.id,
        "kind": thing.kind,
        "subject": _subject(thing, named),
        "token": uuid4(),
        "before": _as_json(thing.columns, before) if before is not None else None,
        "made_at": clock.now(),
    }


def _note(user: User, entries: Sequence[dict[str, Any]]) -> list[UUID]:
    upsert(LastChange, entries, update=_RENEWED)
    _look_again(user)
    return [entry["token"] for entry in entries]


def _taken_back(user: User, token: UUID) -> int | None:
    mine = LastChange.user_id == user.id, LastChange.token == token
    noted = table_of(LastChange)
    columns = (noted.c[name] for name in ("kind", "subject", "before"))
    taken = delete(noted).where(*mine).returning(*columns)
    last = db.session.execute(taken).one_or_none()
    if last is None:
        raise _too_late()
    try:
        return _put_back(user, THINGS[last.kind], last.subject, last.before)
    except IntegrityError as error:
        raise Conflict("This is no longer here.") from error


def _too_late() -> Conflict:
    return Conflict("This has changed since, or can no longer be undone.")


def _put_back(
    user: User, thing: Thing, subject: str, before: Mapping[str, Any] | None
) -> int | None:
    table = thing.columns
    conditions = [table.c[name] == value for name, value in _named(user, thing, subject).items()]
    if before is None:
        gone = delete(table).where(table.c.user_id == user.id, *conditions).returning(*table.c)
        return getattr(db.session.execute(gone).one_or_none(), "movie_id", None)
    row = _as_row(table, before)
    if thing is RATING:
        _renew(row, db.session.execute(select(table).where(*conditions)).one_or_none())
    upsert(table, [row], update=[n for n in row if n not in thing.keys], keys=thing.keys)
    if reports := before.get(_REPORTS):
        _report_again(row["uuid"], reports)
    return row.get("movie_id")


def _renew(row: dict[str, Any], present: Row[Any] | None) -> None:
    """Whoever edits a review meanwhile must learn that it is another one now."""
    row["version"] = max(row["version"], present.version if present else 0) + 1
    row["updated_at"] = clock.now()


def _report_again(review: UUID, reports: Sequence[Mapping[str, Any]]) -> None:
    """What people objected to is objected to again, but for those who have left meanwhile."""
    review_id = db.session.scalar(select(Review.id).where(Review.uuid == review))
    rows = [{**_as_row(_REPORT, one), "review_id": review_id} for one in reports]
    people = select(User.id).where(one_of(User.id, [row["user_id"] for row in rows]))
    here = set(db.session.scalars(people))
    if left := [row for row in rows if row["user_id"] in here]:
        # In the order in which they came, which their numbers tell.
        db.session.execute(insert(_REPORT), left)


def _named(user: User, thing: Thing, subject: str) -> dict[str, Any]:
    names = [key for key in thing.keys if key != "user_id"]
    parts = dict(zip(names, subject.split(":"), strict=True))
    values = {name: _from_json(thing.columns.c[name], part) for name, part in parts.items()}
    return {"user_id": user.id, **values} if "user_id" in thing.keys else values


def _as_json(table: Table, row: Row[Any]) -> dict[str, Any]:
    return {
        column.name: _plain(getattr(row, column.name))
        for column in table.c
        if column.name not in _INSIDE
    }


def _as_row(table: Table, stored: Mapping[str, Any]) -> dict[str, Any]:
    return {n: _from_json(table.c[n], value) for n, value in stored.items() if n != _REPORTS}


def _plain(value: Any) -> Any:
    if isinstance(value, dt.datetime):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value


def _from_json(column: Column[Any], value: Any) -> Any:
    if value is None or isinstance(column.type, JSON):
        return value
    if isinstance(column.type, UtcDateTime):
        return dt.datetime.fromisoformat(value)
    if isinstance(column.type, Uuid):
        return UUID(value)
    return column.type.python_type(value)


def _look_again(user: User) -> None:
    """The person's counters and version have changed; whoever needs them reads them anew."""
    if inspect(user).persistent:
        db.session.expire(user, _COUNTED)
