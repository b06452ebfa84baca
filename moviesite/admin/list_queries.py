"""Public lists as those who run the site choose among them. Changes nothing."""

import datetime as dt
from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, select

from moviesite.bounds import ADMIN_PAGE_SIZE, Page
from moviesite.catalogue import browse
from moviesite.errors import NotFound
from moviesite.extensions import db
from moviesite.models import MovieList, User
from moviesite.models.lists import PUBLIC
from moviesite.text import fold

ALL, CURATED = "all", "curated"
SHOWN = (ALL, CURATED)


class ListLine(NamedTuple):
    """A list with its owner's name."""

    uuid: UUID
    name: str
    owner: str
    movie_count: int
    subscriber_count: int
    curated: bool
    created_at: dt.datetime
    public: bool


def lists(
    search: str, show: str, *, page: int = 1, page_size: int = ADMIN_PAGE_SIZE
) -> Page[ListLine]:
    """A page of public lists, most followed first: two statements, whatever its size.

    In the programme are lists, too, that were public once.
    """
    wanted = [MovieList.curated.is_(True) if show == CURATED else MovieList.visibility == PUBLIC]
    words = fold(search).split()
    wanted += [MovieList.search_text.contains(word, autoescape=True) for word in words]
    total, _ = browse.counted(select(MovieList.id).where(*wanted))
    return Page(_lines(wanted, (page - 1) * page_size, page_size), total, page_size)


def one(uuid: UUID) -> ListLine:
    """One list: one statement. Raises NotFound."""
    found = _lines([MovieList.uuid == uuid], 0, 1)
    if not found:
        raise NotFound("There is no such list.")
    return found[0]


def _lines(wanted: Sequence[ColumnElement[bool]], offset: int, most: int) -> list[ListLine]:
    ordered = (
        select(MovieList.uuid, MovieList.name, User.username, MovieList.movie_count)
        .add_columns(MovieList.subscriber_count, MovieList.curated, MovieList.created_at)
        .add_columns((MovieList.visibility == PUBLIC).label("public"))
        .join(User, User.id == MovieList.owner_id)
        .where(*wanted)
        .order_by(MovieList.subscriber_count.desc(), MovieList.id.desc())
    )
    return [ListLine(*row) for row in db.session.execute(ordered.limit(most).offset(offset))]
