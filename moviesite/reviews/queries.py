"""Reads of reviews. The text of a spoiler leaves this module only for those who may read it."""

import datetime as dt
from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Select, func, select

from moviesite.bounds import page_count
from moviesite.catalogue import browse
from moviesite.catalogue.filters import Filters
from moviesite.catalogue.queries import Community
from moviesite.database import table_of
from moviesite.errors import NotFound
from moviesite.extensions import db
from moviesite.library import overlay_queries
from moviesite.library.kept_queries import (
    ANY,
    KeptOrder,
    Wish,
    community_of,
    movie_of,
    own_page,
)
from moviesite.models import Review, User
from moviesite.providers.base import MovieData
from moviesite.reviews import policy

PAGE_SIZE = 20
# A review is added to what is somebody's when it is first written.
_SAID = select(table_of(Review), Review.created_at.label("added_at"))
_OWN, _WITH_TEXT = _SAID.subquery("said"), _SAID.where(Review.text != "").subquery("said")


class Author(NamedTuple):
    """Who wrote a review, as everybody may know them; `id` is the public one."""

    id: UUID
    username: str
    avatar_path: str | None


class ShownReview(NamedTuple):
    """A review as one viewer may see it: `text` is None where it is `withheld`, or not written."""

    id: UUID
    movie_id: int
    user: Author
    rating: float | None
    text: str | None
    spoiler: bool
    withheld: bool
    created_at: dt.datetime
    updated_at: dt.datetime
    version: int
    mine: bool
    movie: MovieData | None = None
    community: Community | None = None


class ReviewPage(NamedTuple):
    """A page of reviews; `total` stops at 10,000 where it is not `exact`."""

    rows: Sequence[ShownReview]
    total: int
    exact: bool = True

    def pages(self, page_size: int = PAGE_SIZE) -> int:
        """How many pages of that size can be had."""
        return page_count(self.total, page_size)


def reviews_of(
    movie_id: int,
    page: int = 1,
    page_size: int = PAGE_SIZE,
    *,
    user: User | None = None,
    reveal: bool = False,
    with_text: bool = False,
) -> ReviewPage:
    """What people say of a movie, newest first; `user` is who reads it.

    Two statements, three for somebody who is signed in. `with_text` leaves out bare ratings.
    """
    about = Review.movie_id == movie_id
    wanted = [about, User.is_active, *([Review.text != ""] if with_text else [])]
    total, exact = browse.counted(select(Review.id).join(Review.user).where(*wanted))
    rows = _written().where(*wanted).order_by(Review.created_at.desc(), Review.id.desc())
    found = _all(rows.limit(page_size).offset((page - 1) * page_size))
    seen = _has_seen(user, movie_id)
    return ReviewPage(
        [_shown(row, author, user, seen, reveal) for row, author in found], total, exact
    )


def review(uuid: UUID, *, user: User | None = None, reveal: bool = False) -> ShownReview:
    """One review as `user` may see it; raises NotFound.

    What people wrote whose accounts are closed is shown to those alone who run the site.
    """
    found = _all(_written().where(Review.uuid == uuid))
    if not found:
        raise NotFound(policy.NO_SUCH_REVIEW)
    [(row, author)] = found
    policy.check_visible(user, author)
    return _shown(row, author, user, _has_seen(user, row.movie_id), reveal)


def own_review(user: User, movie_id: int) -> ShownReview | None:
    """What somebody said of a movie: one statement."""
    mine = Review.user_id == user.id, Review.movie_id == movie_id
    found = _all(_written().where(*mine))
    return as_shown(*found[0]) if found else None


def own_reviews(
    user: User,
    filters: Filters = ANY,
    ordering: KeptOrder | None = None,
    page: int = 1,
    page_size: int = PAGE_SIZE,
    *,
    words: str = "",
    with_text: bool = False,
) -> ReviewPage:
    """What somebody said, each with its movie: narrowed and put in order as what they keep.

    Newest first unless ordered: two statements, three for `words`. `with_text` leaves out bare
    ratings.
    """
    mine = _WITH_TEXT if with_text else _OWN
    found = own_page(user, mine, Wish(filters, words), ordering, page, page_size)
    reviews = [
        _shown(row, user, user, True, True)._replace(
            movie=movie_of(row, genres), community=community_of(row)
        )
        for row, genres in found.rows
    ]
    return ReviewPage(reviews, found.total, found.exact)


def own_count(user: User) -> int:
    """How many films somebody rated or reviewed: one statement."""
    mine = select(func.count()).where(Review.user_id == user.id)
    return db.session.scalar(mine) or 0


def as_shown(row: Any, author: User) -> ShownReview:
    """A row of the service as its author sees it."""
    return _shown(row, author, author, seen=True, reveal=True)


def _written() -> Select[Review, User]:
    return select(Review, User).join(User, User.id == Review.user_id)


def _all(statement: Select[Review, User]) -> Sequence[Any]:
    # Writes bypass the session's objects: those that were read before may be old.
    return db.session.execute(statement.execution_options(populate_existing=True)).all()


def _has_seen(user: User | None, movie_id: int) -> bool:
    if user is None:
        return False
    return overlay_queries.overlay(user.id, [movie_id])[movie_id].watched_at is not None


def _shown(row: Any, author: User, viewer: User | None, seen: bool, reveal: bool) -> ShownReview:
    withheld = policy.withholds(row, viewer.id if viewer else None, seen=seen, reveal=reveal)
    return ShownReview(
        id=row.uuid,
        movie_id=row.movie_id,
        user=Author(author.uuid, author.username, author.avatar_path),
        rating=row.rating,
        text=None if withheld or not row.text else row.text,
        spoiler=row.spoiler,
        withheld=withheld,
        created_at=row.created_at,
        updated_at=row.updated_at,
        version=row.version,
        mine=viewer is not None and viewer.id == row.user_id,
    )
