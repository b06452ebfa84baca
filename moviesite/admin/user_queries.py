"""Accounts as those who run the site look after them. Changes nothing."""

import datetime as dt
from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select

from moviesite.accounts.names import folded
from moviesite.accounts.queries import alive_sessions
from moviesite.bounds import ADMIN_PAGE_SIZE, Page
from moviesite.catalogue import browse
from moviesite.errors import NotFound
from moviesite.extensions import db
from moviesite.models import Session, User

EVERYBODY, ADMINS, CLOSED = "everybody", "admins", "closed"
SHOWN = (EVERYBODY, ADMINS, CLOSED)
# In the place of a tier's code: that of everybody who has none of their own.
DEFAULT_TIER = "-"


class UserWish(NamedTuple):
    """Which accounts: by a part of the name or address, by what they are, by tier."""

    search: str = ""
    show: str = EVERYBODY
    tier: str = ""


class UserLine(NamedTuple):
    """An account with where it is signed in, and when it was used last."""

    user: User
    sessions: int
    last_used_at: dt.datetime | None


def users(wish: UserWish, *, page: int = 1, page_size: int = ADMIN_PAGE_SIZE) -> Page[UserLine]:
    """A page of accounts: three statements, whatever its size."""
    wanted = select(User.id).where(*_conditions(wish))
    total, _ = browse.counted(wanted)
    newest = select(User).where(*_conditions(wish)).order_by(User.joined_at.desc(), User.id.desc())
    rows = newest.limit(page_size).offset((page - 1) * page_size)
    return Page(_with_sessions(_fresh(rows)), total, page_size)


def user(uuid: UUID) -> UserLine:
    """One account: two statements. Raises NotFound."""
    found = _fresh(select(User).where(User.uuid == uuid))
    if not found:
        raise NotFound("There is no such account.")
    return _with_sessions(found)[0]


def _fresh(statement: Any) -> list[User]:
    return list(db.session.scalars(statement.execution_options(populate_existing=True)))


def _with_sessions(users: Sequence[User]) -> list[UserLine]:
    alive = func.count().filter(*alive_sessions())
    counted = (
        select(Session.user_id, alive, func.max(Session.last_used_at))
        .where(Session.user_id.in_([one.id for one in users]))
        .group_by(Session.user_id)
    )
    facts = {row[0]: (row[1], row[2]) for row in db.session.execute(counted)}
    return [UserLine(one, *facts.get(one.id, (0, None))) for one in users]


def _conditions(wish: UserWish) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    part = folded(wish.search)
    if part:
        columns = (User.username_folded, User.email_folded)
        found.append(or_(*(column.contains(part, autoescape=True) for column in columns)))
    if wish.show == ADMINS:
        found.append(User.is_admin.is_(True))
    elif wish.show == CLOSED:
        found.append(User.is_active.is_(False))
    if wish.tier == DEFAULT_TIER:
        found.append(User.tier_code.is_(None))
    elif wish.tier:
        found.append(User.tier_code == wish.tier)
    return found
