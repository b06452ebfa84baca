"""What others do in the middle of a write."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import delete, event

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


def remove_movie(movie_id: int) -> None:
    """As somebody who runs the site may at any moment, by a connection of its own."""
    with db.engine.begin() as other:
        other.execute(delete(Movie).where(Movie.id == movie_id))
