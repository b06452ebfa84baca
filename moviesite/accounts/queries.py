"""Reads of people, their tiers and their sessions. Changes nothing."""

import datetime as dt
from collections.abc import Collection
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, bindparam, func, or_, select

from moviesite import clock
from moviesite.accounts.names import folded
from moviesite.accounts.tokens import digest
from moviesite.config import current_config
from moviesite.extensions import db
from moviesite.models import AccountTier, Identity, TmdbConnection, User
from moviesite.models.accounts import API, BROWSER, Session


class Viewer(NamedTuple):
    """Who is calling, and the session that they are calling from.

    `tmdb_account` is the id of the account at TMDb that they have connected, if they have.
    """

    user: User
    session: Session
    tmdb_account: str | None = None


class Tier(NamedTuple):
    """A kind of account and how many calls of a model a day it has."""

    code: str
    name: str
    daily_limit: int


class Account(NamedTuple):
    """Somebody's account as they see it: the person, and the tier that holds for them."""

    user: User
    tier: Tier


# Where an operator deleted all tiers.
FREE = Tier("free", "Free", 3)

# Every request of somebody signed in asks one of these; built once, since that takes as long as
# a good part of the answer.
_ALIVE = (
    select(User, Session, TmdbConnection.account_id)
    .select_from(Session)
    .join(User, User.id == Session.user_id)
    .outerjoin(
        TmdbConnection, and_(TmdbConnection.user_id == User.id, TmdbConnection.grant.is_not(None))
    )
    .where(Session.ended_at.is_(None), Session.last_used_at > bindparam("since"), User.is_active)
)
_BY_COOKIE = _ALIVE.where(Session.kind == BROWSER, Session.token_hash == bindparam("token_hash"))
_BY_TOKEN = _ALIVE.where(
    Session.kind == API, Session.uuid == bindparam("session"), User.uuid == bindparam("user")
)


def viewer_by_cookie(secret: str) -> Viewer | None:
    """Who carries this cookie, unless the session ended or the account is closed: one statement."""
    return _viewer(_BY_COOKIE, token_hash=digest(secret))


def viewer_by_token(user_id: str, session_id: str) -> Viewer | None:
    """Whom an access token names, on the same conditions; ids are public ones, as text."""
    try:
        user, session = UUID(user_id), UUID(session_id)
    except ValueError:
        return None
    return _viewer(_BY_TOKEN, session=session, user=user)


def _viewer(statement: Select[User, Session, str | None], **values: object) -> Viewer | None:
    idle = dt.timedelta(days=current_config().refresh_token_days)
    found = db.session.execute(statement, {**values, "since": clock.now() - idle}).first()
    return Viewer(*found) if found else None


def alive_sessions() -> tuple[ColumnElement[bool], ...]:
    """The conditions for sessions that have neither ended nor gone unused for too long."""
    idle = dt.timedelta(days=current_config().refresh_token_days)
    return Session.ended_at.is_(None), Session.last_used_at > clock.now() - idle


def user_by_identifier(identifier: str) -> User | None:
    """Who has this address or username, active or not."""
    name = folded(identifier)
    column = User.email_folded if "@" in name else User.username_folded
    return db.session.scalar(select(User).where(column == name))


def user_by_email(email: str) -> User | None:
    """Who has this address, active or not."""
    return db.session.scalar(select(User).where(User.email_folded == folded(email)))


def user_by_identity(issuer: str, subject: str) -> User | None:
    """Who is known to another provider by this, active or not."""
    theirs = Identity.issuer == issuer, Identity.subject == subject
    return db.session.scalar(select(User).join(Identity).where(*theirs))


def tier_of(user: User) -> Tier:
    """Somebody's own tier, else the default one: one statement."""
    wanted = or_(AccountTier.code == user.tier_code, AccountTier.is_default)
    rows = db.session.scalars(select(AccountTier).where(wanted)).all()
    found = sorted(rows, key=lambda tier: tier.code != user.tier_code)
    return Tier(found[0].code, found[0].name, found[0].daily_limit) if found else FREE


def account_of(user: User) -> Account:
    """Somebody's account as they see it: one statement."""
    return Account(user, tier_of(user))


def identities_of(user: User) -> list[Identity]:
    """How other providers know somebody, oldest first."""
    mine = select(Identity).where(Identity.user_id == user.id)
    return list(db.session.scalars(mine.order_by(Identity.id)))


def user_of_job(user_id: str | int) -> User | None:
    """Somebody by the public id, as jobs carry it: SQLite may give the inner one to another.

    That is what jobs carry which an earlier release has left.
    """
    if isinstance(user_id, int):
        return db.session.get(User, user_id)
    return db.session.scalar(select(User).where(User.uuid == UUID(user_id)))


def hold(user_id: int) -> None:
    """Have others who hold somebody wait for the end of the present transaction.

    Of two who count at once what somebody has, the second counts what the first made. Rows that
    hang on the person may be written meanwhile.
    """
    db.session.execute(select(User.id).where(User.id == user_id).with_for_update(key_share=True))


def sessions_of(user: User, *, page: int = 1, page_size: int = 100) -> list[Session]:
    """Where somebody is signed in, last used first."""
    ordered = _sessions(user).order_by(Session.last_used_at.desc(), Session.id.desc())
    return list(db.session.scalars(ordered.limit(page_size).offset((page - 1) * page_size)))


def session_count(user: User) -> int:
    """In how many places somebody is signed in."""
    return db.session.scalar(select(func.count()).select_from(_sessions(user).subquery())) or 0


def _sessions(user: User) -> Select[Session]:
    return select(Session).where(Session.user_id == user.id, *alive_sessions())


def taken_among(email: str, username: str, *, besides: int = 0) -> set[str]:
    """Which of `email` and `username` somebody else has; `besides` is an inner id."""
    rows = db.session.execute(_holders(email, username).where(User.id != besides)).all()
    taken = {"email"} if any(row.email_folded == folded(email) for row in rows) else set()
    return taken | {"username" for row in rows if row.username_folded == folded(username)}


def _holders(email: str, username: str) -> Select[str, str]:
    return select(User.email_folded, User.username_folded).where(
        or_(User.email_folded == folded(email), User.username_folded == folded(username))
    )


def avatars_among(names: Collection[str]) -> set[str]:
    """Which of these files are somebody's picture."""
    used = select(User.avatar_path).where(User.avatar_path.in_(names))
    return {name for name in db.session.scalars(used) if name}
