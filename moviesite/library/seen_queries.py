"""Which movies somebody has seen: a condition for the statements of others. Asks nothing."""

from typing import Any

from sqlalchemy import ColumnElement, select

from moviesite.models import User, Viewing


def seen_by(user: User, movie_id: Any, *, wanted: bool = True) -> ColumnElement[bool]:
    """That somebody saw the movie in a column to its end, or nearly so; not so if not `wanted`.

    All that they saw is collected once: looked up movie by movie, PostgreSQL may take a second
    for ten thousand where it does not know yet how many plays there are.
    """
    plays = select(Viewing.movie_id).where(Viewing.user_id == user.id, Viewing.finished.is_(True))
    seen: ColumnElement[bool] = movie_id.in_(plays)
    return seen if wanted else ~seen
