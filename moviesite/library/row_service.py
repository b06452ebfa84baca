"""Makes, changes and deletes one row of a person's library, and notes what undoes it. No web."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Row, delete, select, update

from moviesite.catalogue import keeping
from moviesite.errors import NotFound
from moviesite.extensions import db
from moviesite.library import changes_service
from moviesite.library.changes_service import Change, Thing
from moviesite.models import User
from moviesite.transactions import transactional


def attach(
    user: User, thing: Thing, movie_id: int, values: Mapping[str, Any] | None = None
) -> Change:
    """Make a movie's row or give it these values; the movie is stored first where it is not.

    Most movies are, and the database refuses a row that hangs on none: to look first would cost
    each write a statement. After a refusal the caller's rows are read anew when they are used.
    """
    key = {"movie_id": movie_id}
    try:
        return put(user, thing, key, values)
    except NotFound:
        keeping.ensure_stored(movie_id)
        return put(user, thing, key, values)


def put(
    user: User, thing: Thing, key: Mapping[str, Any], values: Mapping[str, Any] | None = None
) -> Change:
    """Make the row or give it these values; of many at once the database lets one be first."""
    key, values = {"user_id": user.id, **key}, values or {}
    while True:  # until it is there, or made by us: it may be gone again each time
        made = changes_service.make(user, thing, {**key, **values})
        found = made or give(user, thing, key, values)
        if found:
            return found


@transactional
def give(
    user: User, thing: Thing, key: Mapping[str, Any], values: Mapping[str, Any]
) -> Change | None:
    """Give the row these values; None where there is none."""
    before = _present(thing, key)
    if before is None:
        return None
    changed = {n: v for n, v in values.items() if getattr(before, n) != v}
    if not changed:
        return Change(before, False, None)
    row = _changed(thing, key, changed)
    return Change(row, False, changes_service.note(user, thing, row, before))


@transactional
def remove(user: User, thing: Thing, key: Mapping[str, Any]) -> Change:
    """Delete the row, where there is one."""
    gone = deleted(thing, {"user_id": user.id, **key})
    if gone is None:
        return Change(None, False, None)
    return Change(None, False, changes_service.note(user, thing, gone, gone))


def _present(thing: Thing, key: Mapping[str, Any]) -> Row[Any] | None:
    """The row as it is, held against others until the transaction ends."""
    found = select(thing.columns).where(*_is(thing, key)).with_for_update()
    return db.session.execute(found).one_or_none()


def _changed(thing: Thing, key: Mapping[str, Any], values: Mapping[str, Any]) -> Row[Any]:
    statement = update(thing.columns).where(*_is(thing, key)).values(**values)
    return db.session.execute(statement.returning(*thing.columns.c)).one()


def deleted(thing: Thing, key: Mapping[str, Any]) -> Row[Any] | None:
    """The row as it was, deleted without a note; None where there is none."""
    statement = delete(thing.columns).where(*_is(thing, key)).returning(*thing.columns.c)
    return db.session.execute(statement).one_or_none()


def _is(thing: Thing, key: Mapping[str, Any]) -> list[Any]:
    return [thing.columns.c[name] == value for name, value in key.items()]
