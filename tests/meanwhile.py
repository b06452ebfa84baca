"""What others do in the middle of a write."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask
from sqlalchemy import Connection, delete, event, text

from moviesite.database import WRITING
from moviesite.extensions import db
from moviesite.models import Movie


@contextmanager
def meanwhile(do: Callable[[], object], *, after: str) -> Iterator[None]:
    """Have something done whenever a statement that holds these words has run."""

    def look(_: Any, __: Any, statement: str, *___: Any) -> None:
        if after in statement:
            do()

    event.listen(db.engine, "after_cursor_execute", look)
    try:
        yield
    finally:
        event.remove(db.engine, "after_cursor_execute", look)


def once(do: Callable[[], object]) -> Callable[[], None]:
    """Has it done the first time alone, by a thread of its own, and waits for that."""
    left = [do]

    def first() -> None:
        if left:
            thread = threading.Thread(target=left.pop())
            thread.start()
            thread.join(60)

    return first


def remove_movie(movie_id: int) -> None:
    """As somebody who runs the site may at any moment, by a connection of its own."""
    with db.engine.begin() as other:
        other.execute(delete(Movie).where(Movie.id == movie_id))


def at_once(app: Flask, works: list[Callable[[], object]]) -> list[BaseException]:
    """Do things in threads of their own that begin together; what they raised."""
    barrier, raised = threading.Barrier(len(works)), []

    def run(work: Callable[[], object]) -> None:
        with app.app_context():
            barrier.wait(10)
            try:
                work()
            except Exception as error:
                raised.append(error)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return raised


@contextmanager
def another_writer() -> Iterator[Connection]:
    """A transaction of PostgreSQL beside the present one.

    Of two that wait for each other who looks first is undone: this one looks late.
    """
    options = WRITING[db.engine.dialect.name]
    with db.engine.connect().execution_options(**options) as mine, mine.begin():
        mine.execute(text("SET LOCAL deadlock_timeout = '10s'"))
        yield mine


def until_somebody_waits() -> None:
    """Return once a transaction of PostgreSQL waits for another one."""
    waiting = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
    until = time.monotonic() + 30
    with db.engine.connect() as looking:
        while not looking.scalar(waiting):
            assert time.monotonic() < until, "nobody waits"
            time.sleep(0.01)
