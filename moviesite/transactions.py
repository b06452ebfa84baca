"""One public write, one transaction. The only place that commits."""

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from moviesite.database import WRITES
from moviesite.extensions import db

P = ParamSpec("P")
R = TypeVar("R")

_CALLBACKS = "after_commit"


def transactional(write: Callable[P, R]) -> Callable[P, R]:
    """Run a writing function in one transaction; a nested one joins its caller's.

    Commits when the outermost function returns and rolls everything back when it raises.
    """

    @wraps(write)
    def in_transaction(*args: P.args, **kwargs: P.kwargs) -> R:
        if _CALLBACKS in db.session.info:
            return write(*args, **kwargs)
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

    return in_transaction


def after_commit(callback: Callable[[], Any]) -> None:
    """Call back once the present transaction is in the database, or at once outside of one."""
    waiting: list[Callable[[], Any]] | None = db.session.info.get(_CALLBACKS)
    if waiting is None:
        callback()
    else:
        waiting.append(callback)


def _begin_writing() -> None:
    if db.session.new or db.session.dirty or db.session.deleted:
        raise RuntimeError("something was changed outside of a @transactional function")
    if db.session.get_bind().dialect.name == "sqlite":
        # The read transaction ends here: SQLite cannot turn one that has read into a writing one.
        # Commit rather than rollback, which would expire the rows that the caller still holds.
        db.session.commit()
        db.session.connection(execution_options={WRITES: True})
    db.session.info[_CALLBACKS] = []


def _run(callbacks: list[Callable[[], Any]]) -> None:
    for callback in callbacks:
        callback()
