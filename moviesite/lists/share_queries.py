"""Reads of links: what they show, and whose they are. Changes nothing."""

import datetime as dt
from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import contains_eager

from moviesite import clock
from moviesite.errors import Gone, NotFound
from moviesite.extensions import db
from moviesite.lists import policy, queries
from moviesite.models import EndedLink, MovieList, ShareLink, User

_FORM = 22


class Opened(NamedTuple):
    """What a link shows: its name, whose it is, and the list where it is one.

    `version` changes whenever what is shown may have changed.
    """

    link: ShareLink
    owner: User
    movie_list: MovieList | None

    @property
    def version(self) -> str:
        """The link's own row never changes but to end.

        Of one that is gone SQLite may give the number to the next, so that it names nothing.
        """
        return f"{self.link.uuid.hex}.{self.edition}"

    @property
    def edition(self) -> int:
        """How often what is shown may have changed."""
        return self.owner.library_version if self.movie_list is None else self.movie_list.version


def opened(token: str) -> Opened:
    """What the link with this token shows: one statement, another where it shows nothing.

    Raises NotFound for a token that never was, Gone, which tells nothing, for one that ended.
    """
    # Nothing else was ever given out; text of any length need not reach the database.
    if len(token) != _FORM or not token.isascii():
        raise NotFound("There is nothing at this address.")
    statement = (
        select(ShareLink, User, MovieList)
        .join(ShareLink.user)
        .outerjoin(ShareLink.shared_list)
        .where(ShareLink.token == token)
        .execution_options(populate_existing=True)
    )
    found = db.session.execute(statement).first()
    if found is None:
        raise _ended() if _went(token) else NotFound("There is nothing at this address.")
    link, owner, movie_list = found
    if link.revoked_at is not None or _is_past(link.expires_at) or not owner.is_active:
        raise _ended()
    return Opened(link, owner, movie_list)


def _ended() -> Gone:
    return Gone("This link no longer works.")


def _went(token: str) -> bool:
    """Whether there was such a link, until what it showed was deleted."""
    return db.session.get(EndedLink, token) is not None


def shares_of(
    user: User, *, list_id: UUID | None = None, source: str = "", page: int = 1, page_size: int = 20
) -> tuple[Sequence[ShareLink], int]:
    """Somebody's live links, newest first, of one list or source or of all; and how many."""
    conditions = [ShareLink.user_id == user.id, *_live()]
    if list_id is not None:
        conditions.append(MovieList.uuid == list_id)
    if source:
        conditions.append(ShareLink.source == source)
    mine = select(ShareLink).outerjoin(ShareLink.shared_list).where(*conditions)
    total = db.session.scalar(select(func.count()).select_from(mine.subquery())) or 0
    ordered = mine.order_by(ShareLink.created_at.desc(), ShareLink.id.desc())
    rows = ordered.options(contains_eager(ShareLink.shared_list))
    rows = rows.offset((page - 1) * page_size).limit(page_size)
    return db.session.scalars(rows).all(), total


def live_count(user: User) -> int:
    """How many links of somebody's show something: one statement."""
    mine = select(func.count()).where(ShareLink.user_id == user.id, *_live())
    return db.session.scalar(mine) or 0


def shared_list(user: User, list_id: UUID) -> MovieList:
    """A list of one's own that is to be shared; raises NotFound, Forbidden."""
    return policy.check_owner(user, queries.with_owner(list_id))


def _live() -> tuple[ColumnElement[bool], ...]:
    unexpired = or_(ShareLink.expires_at.is_(None), ShareLink.expires_at > clock.now())
    return ShareLink.revoked_at.is_(None), unexpired


def _is_past(moment: dt.datetime | None) -> bool:
    return moment is not None and moment <= clock.now()
