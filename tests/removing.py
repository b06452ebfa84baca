"""Films that are removed in the middle of something else."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import delete, event

from moviesite.extensions import db
from moviesite.models import Movie


def remove(movie_id: int) -> None:
    """As somebody who runs the site may at any moment, by a connection of its own."""
    with db.engine.begin() as other:
        other.execute(delete(Movie).where(Movie.id == movie_id))


@contextmanager
def removing(movie_id: int, *, after: str) -> Iterator[None]:
    """Have the movie removed whenever a statement that begins so has run."""

    def look(_: Any, __: Any, statement: str, *___: Any) -> None:
        if statement.startswith(after):
            remove(movie_id)

    event.listen(db.engine, "after_cursor_execute", look)
    try:
        yield
    finally:
        event.remove(db.engine, "after_cursor_execute", look)
