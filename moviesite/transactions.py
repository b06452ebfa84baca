"""One public write, one transaction. The only place that commits."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial, wraps
from typing import Any, ParamSpec, TypeVar

import structlog
from sqlalchemy.exc import DBAPIError

from moviesite.database import SNAPSHOT, WRITING, dialect, gave_way
from moviesite.errors import Unavailable
from moviesite.extensions import db

P = ParamSpec("P")
R = TypeVar("R")

_CALLBACKS = "after_commit"
# Triggers lock films one by one in an order that nobody chooses: two may wait for each other.
_TRIES = 3

log = structlog.get_logger(__name__)


def transactional(write: Callable[P, R]) -> Callable[P, R]:
    """Run a writing function in one transaction; a nested one joins its caller's.

    Commits when the outermost function returns and rolls everything back when it raises. Where
    PostgreSQL undoes it because it and another wait for each other, it is run anew; Unavailable
    where that happens every time.
    """

    @wraps(write)
    def in_transaction(*args: P.args, **kwargs: P.kwargs) -> R:
        if _CALLBACKS in db.session.info:
            return write(*args, **kwargs)
        return _tried(partial(_committed, write, *args, **kwargs), write.__qualname__)

    return in_transaction


def commits_itself(write: Callable[P, R]) -> Callable[P, R]:
    """As `transactional`, for a function that writes with a single statement.

    PostgreSQL makes each statement a transaction, and beginning and ending another around it takes
    as long as the statement itself.
    """
    in_transaction = transactional(write)

    @wraps(write)
    def in_statement(*args: P.args, **kwargs: P.kwargs) -> R:
        if _CALLBACKS in db.session.info or dialect() != "postgresql":
            return in_transaction(*args, **kwargs)
        return _tried(partial(_stated, write, *args, **kwargs), write.__qualname__)

    return in_statement


def _tried(write: Callable[[], R], name: str) -> R:
    for _ in range(_TRIES):
        try:
            return write()
        except DBAPIError as error:
            if not gave_way(error):
                raise
            log.info("undone by a deadlock", write=name)
    raise Unavailable("Someone else changed this at the same time. Please try again.")


def _committed(write: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    _begin_writing()
    try:
        result = write(*args, **kwargs)
        db.session.commit()
    except BaseException:
        db.session.info.pop(_CALLBACKS)
        db.session.rollback()
        raise
    _run(db.session.info.pop(_CALLBACKS))
    return result


def _stated(write: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    _refuse_unwritten()
    try:
        return write(*args, **kwargs)
    except BaseException:
        # Expires the rows that the caller holds: this may have failed because they are gone.
        db.session.rollback()
        raise


@contextmanager
def snapshot() -> Iterator[None]:
    """Let all statements read the state of one moment, and rows come in portions.

    Joins a write that is going on. Other reads are each a transaction of their own.
    """
    if _CALLBACKS in db.session.info:
        yield
        return
    _begin(SNAPSHOT)
    try:
        yield
    finally:
        db.session.commit()


def after_commit(callback: Callable[[], Any]) -> None:
    """Call back once the present transaction is in the database, or at once outside of one.

    What then fails is logged, and fails nothing else.
    """
    waiting: list[Callable[[], Any]] | None = db.session.info.get(_CALLBACKS)
    if waiting is None:
        callback()
    else:
        waiting.append(callback)


def _begin_writing() -> None:
    _refuse_unwritten()
    _begin(WRITING)
    db.session.info[_CALLBACKS] = []


def _refuse_unwritten() -> None:
    if db.session.new or db.session.dirty or db.session.deleted:
        raise RuntimeError("something was changed outside of a @transactional function")


def _begin(options: Mapping[str, Mapping[str, Any]]) -> None:
    """Reading ends first: neither database turns a connection that has read into another kind.

    By commit rather than rollback, which would expire the rows that the caller still holds.
    """
    db.session.commit()
    db.session.connection(execution_options=options[dialect()])


def _run(callbacks: list[Callable[[], Any]]) -> None:
    """Errors are logged and not raised: the write is committed, and its caller is told so."""
    for callback in callbacks:
        try:
            callback()
        except Exception:
            log.exception("what was to follow a write failed")
