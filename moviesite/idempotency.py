"""A POST that is sent twice under one `Idempotency-Key` is done once. Knows no feature."""

import datetime as dt
from collections.abc import Callable
from typing import NamedTuple, TypeVar

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from moviesite import clock
from moviesite.database import changed_rows
from moviesite.errors import Conflict, InvalidInput
from moviesite.extensions import db
from moviesite.keys import digest
from moviesite.models import IdempotencyKey
from moviesite.transactions import transactional

T = TypeVar("T")

KEPT = dt.timedelta(days=1)


class Once(NamedTuple):
    """A caller's key, for whom and what it counts (`scope`), and what was asked under it.

    `scope` names a person by the public id, since SQLite may reuse the internal one.
    """

    scope: str
    key: str
    asked: str


def earlier_result(once: Once) -> str | None:
    """What `remember` noted for this key; None where the request is new.

    Raises InvalidInput where the key was used for another request.
    """
    row = db.session.scalar(
        select(IdempotencyKey).where(
            IdempotencyKey.scope == once.scope,
            IdempotencyKey.key_hash == digest(once.key),
            IdempotencyKey.created_at > clock.now() - KEPT,
        )
    )
    if row is None:
        return None
    if row.fingerprint != digest(once.asked):
        message = "This key was already used for another request."
        raise InvalidInput.of("Idempotency-Key", message, "headers")
    return row.result


def done_once(once: Once | None, write: Callable[[], T], find: Callable[[str], T]) -> T:
    """What `write` makes, or for a repeated request what `find` finds by the noted result.

    `write` must be one transaction that notes its result by `remember`. Raises InvalidInput
    where the key was used for another request.
    """
    if once is None:
        return write()
    earlier = earlier_result(once)
    if earlier is not None:
        return find(earlier)
    try:
        return write()
    except (IntegrityError, Conflict):
        # Its twin, sent at the same moment, was faster.
        earlier = earlier_result(once)
        if earlier is None:
            raise
        return find(earlier)


@transactional
def remember(once: Once, result: str) -> None:
    """Note in the present transaction what came of a request, `result` being how to find it.

    Raises IntegrityError, and so undoes the write, where the same request won the race.
    """
    row = IdempotencyKey(scope=once.scope, key_hash=digest(once.key), result=result)
    row.fingerprint = digest(once.asked)
    outdated = IdempotencyKey.created_at <= clock.now() - KEPT
    same = IdempotencyKey.scope == once.scope, IdempotencyKey.key_hash == row.key_hash
    db.session.execute(delete(IdempotencyKey).where(*same, outdated))
    db.session.add(row)
    db.session.flush()


@transactional
def forget_old() -> int:
    """Delete keys that are no longer honoured; says how many."""
    oldest = clock.now() - KEPT
    return changed_rows(delete(IdempotencyKey).where(IdempotencyKey.created_at <= oldest))
