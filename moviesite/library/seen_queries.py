"""Which movies somebody has seen: a condition for the statements of others. Asks nothing."""

from typing import Any

from sqlalchemy import ColumnElement, exists

from moviesite.models import Viewing


def seen_by(user_id: Any, movie_id: Any, *, wanted: bool = True) -> ColumnElement[bool]:
    """That somebody saw a movie to its end, or nearly so; that they did not where not `wanted`.

    Both are values or columns of the statement.
    """
    mine = Viewing.user_id == user_id, Viewing.movie_id == movie_id, Viewing.finished.is_(True)
    seen = exists().where(*mine)
    return seen if wanted else ~seen
