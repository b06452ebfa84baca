"""Where people are signed in: sessions begin, are used, renew their tokens and end. No web."""

import datetime as dt
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, delete, or_, select, update
from sqlalchemy.orm import contains_eager

from moviesite import clock
from moviesite.accounts import tokens
from moviesite.accounts.client import Client
from moviesite.config import current_config
from moviesite.database import changed_rows
from moviesite.errors import NotFound, NotSignedIn
from moviesite.extensions import db
from moviesite.models import RefreshToken, Session, User
from moviesite.models.accounts import API, BROWSER
from moviesite.transactions import transactional

# A caller whose answer was lost may ask again for so long.
GRACE = dt.timedelta(seconds=10)
# Sessions note their use no more often than this.
USE_NOTED_EVERY = dt.timedelta(minutes=10)
_REMEMBERED = dt.timedelta(days=30)


class Opened(NamedTuple):
    """A program's session with its newest refresh token, shown here and never again."""

    user: User
    session: Session
    refresh: str


@transactional
def open_browser(user: User, client: Client, *, instead_of: str | None = None) -> str:
    """Begin a browser's session; returns the secret of its cookie.

    `instead_of` is the secret of the session that this browser had, which ends.
    """
    check_unchanged(user)
    if instead_of:
        _end(Session.token_hash == tokens.digest(instead_of))
    secret = tokens.new_token()
    db.session.add(_session(user, client, BROWSER, token_hash=tokens.digest(secret)))
    return secret


@transactional
def open_api(user: User, client: Client) -> Opened:
    """Begin a program's session, the head of a family of refresh tokens."""
    check_unchanged(user)
    session = _session(user, client, API)
    db.session.add(session)
    db.session.flush()
    refresh = tokens.new_token()
    _add_refresh_token(session, refresh)
    return Opened(user, session, refresh)


@transactional
def check_unchanged(user: User) -> None:
    """Raises NotSignedIn if the password changed or the account closed since it was proven.

    The row is locked: a change that comes a moment later finds what is done now, and a session
    that is begun ends with it.
    """
    facts = select(User.password_hash, User.is_active).where(User.id == user.id)
    row = db.session.execute(facts.with_for_update()).one_or_none()
    if row is None or not row.is_active or row.password_hash != user.password_hash:
        raise NotSignedIn("This account has just changed. Please sign in again.")


def refresh(token: str) -> Opened:
    """Trade a refresh token for the next one.

    A retry within ten seconds gets the same successor. Raises NotSignedIn for a token that is
    unknown, expired, of an ended session, or used longer ago: that one was stolen or its thief
    was faster, so its whole family ends.
    """
    opened = _trade(token)
    if opened is None:
        raise NotSignedIn("This refresh token is not valid.")
    return opened


@transactional
def end_by_refresh_token(token: str) -> None:
    """End the family that a refresh token belongs to; an unknown token changes nothing."""
    family = select(RefreshToken.session_id).where(RefreshToken.token_hash == tokens.digest(token))
    _end(Session.id.in_(family))


@transactional
def end_by_cookie(secret: str) -> None:
    """End the session of a browser's cookie; an unknown one changes nothing."""
    _end(Session.token_hash == tokens.digest(secret))


@transactional
def end(user: User, session_id: UUID) -> None:
    """End one of somebody's own sessions; one that ended stays so. Raises NotFound."""
    mine = Session.user_id == user.id, Session.uuid == session_id
    if not _end(*mine) and db.session.scalar(select(Session.id).where(*mine)) is None:
        raise NotFound("That device is not signed in.")


@transactional
def end_all(user: User, *, but: Session | None = None) -> int:
    """End somebody's sessions, all but one if asked; says how many."""
    kept = but.id if but else 0
    return _end(Session.user_id == user.id, Session.id != kept)


@transactional
def note_use(session_id: int) -> None:
    """Remember that a session was used now, at most once in ten minutes."""
    now = clock.now()
    stale = Session.last_used_at < now - USE_NOTED_EVERY
    used = update(Session).where(Session.id == session_id, stale)
    db.session.execute(used.values(last_used_at=now))


def is_use_due(session: Session) -> bool:
    """Whether the last use was noted long enough ago to note another."""
    return session.last_used_at < clock.now() - USE_NOTED_EVERY


@transactional
def forget_old() -> int:
    """Delete sessions that ended or fell out of use a month ago, tokens with them."""
    idle = dt.timedelta(days=current_config().refresh_token_days)
    oldest = clock.now() - _REMEMBERED
    over = or_(Session.ended_at < oldest, Session.last_used_at < oldest - idle)
    db.session.execute(delete(RefreshToken).where(RefreshToken.expires_at < oldest))
    return changed_rows(delete(Session).where(over))


def _session(user: User, client: Client, kind: str, token_hash: str | None = None) -> Session:
    return Session(
        user_id=user.id,
        kind=kind,
        token_hash=token_hash,
        device=client.device,
        address=client.address,
    )


def _end(*conditions: ColumnElement[bool]) -> int:
    going = update(Session).where(Session.ended_at.is_(None), *conditions)
    return changed_rows(going.values(ended_at=clock.now()))


@transactional
def _trade(token: str) -> Opened | None:
    """The next token; None is no error here, so that the end of a family is committed."""
    row = _presented(token)
    if row is None:
        return None
    now = clock.now()
    follower = tokens.successor(token, current_config().secret_key)
    unused = RefreshToken.id == row.id, RefreshToken.used_at.is_(None)
    if changed_rows(update(RefreshToken).where(*unused).values(used_at=now)):
        _add_refresh_token(row.session, follower)
        row.session.last_used_at = now
    elif not _within_grace(row, now):
        _end(Session.id == row.session_id)
        return None
    return Opened(row.session.user, row.session, follower)


def _presented(token: str) -> RefreshToken | None:
    """The token's row, if it and its session are alive and its owner may sign in."""
    return db.session.scalar(
        select(RefreshToken)
        .join(RefreshToken.session)
        .join(Session.user)
        .options(contains_eager(RefreshToken.session).contains_eager(Session.user))
        .where(
            RefreshToken.token_hash == tokens.digest(token),
            RefreshToken.expires_at > clock.now(),
            Session.ended_at.is_(None),
            User.is_active,
        )
        .execution_options(populate_existing=True)
    )


def _within_grace(row: RefreshToken, now: dt.datetime) -> bool:
    # Somebody else used it between our look and our try: their moment is in the database.
    db.session.refresh(row, ["used_at"])
    return row.used_at is not None and now - row.used_at <= GRACE


def _add_refresh_token(session: Session, token: str) -> None:
    lifetime = dt.timedelta(days=current_config().refresh_token_days)
    row = RefreshToken(session_id=session.id, token_hash=tokens.digest(token))
    row.expires_at = clock.now() + lifetime
    db.session.add(row)
