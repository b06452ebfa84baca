"""Secrets that are mailed: each for one person, one purpose and one use. No web."""

import datetime as dt
from collections.abc import Collection
from enum import StrEnum

from sqlalchemy import delete, select, update

from moviesite import clock
from moviesite.accounts import tokens
from moviesite.database import changed_rows
from moviesite.errors import InvalidInput
from moviesite.extensions import db
from moviesite.models import SingleUseToken, User
from moviesite.transactions import transactional


class Purpose(StrEnum):
    """What a mailed secret may do."""

    RESET_PASSWORD = "reset_password"  # noqa: S105 - a name
    VERIFY_EMAIL = "verify_email"
    CHANGE_EMAIL = "change_email"
    # Stands in for a password before something that cannot be undone.
    CONFIRM = "confirm"


LIFETIMES = {
    Purpose.RESET_PASSWORD: dt.timedelta(minutes=30),
    Purpose.VERIFY_EMAIL: dt.timedelta(hours=48),
    Purpose.CHANGE_EMAIL: dt.timedelta(hours=48),
    Purpose.CONFIRM: dt.timedelta(minutes=30),
}


@transactional
def issue_token(user: User, purpose: Purpose) -> str:
    """A new secret for this person, to be made at the moment of mailing and not before.

    What was issued earlier stays good until it expires: mails overtake each other.
    """
    secret = tokens.new_token()
    row = SingleUseToken(user_id=user.id, purpose=purpose, token_hash=tokens.digest(secret))
    row.bound, row.expires_at = _binding(user, purpose), clock.now() + LIFETIMES[purpose]
    db.session.add(row)
    return secret


@transactional
def redeem(token: str, *purposes: Purpose) -> tuple[User, Purpose]:
    """Whose secret this is, and for which of the purposes; it is used up by asking.

    The person's row is locked, so that what the secret is bound to stays as it is. Raises
    InvalidInput naming `token` if it is unknown, used, expired, meant for something else, or the
    password or address that it was sent for has changed since.
    """
    row = _row(token)
    user = _locked(row.user_id) if row else None
    if row is None or user is None or not _fits(row, user, purposes) or not _use_up(row):
        message = "This link was already used, has expired, or is not meant for this."
        raise InvalidInput.of("token", message)
    return user, Purpose(row.purpose)


def is_good(token: str, user: User, purpose: Purpose) -> bool:
    """Whether this secret would do for this person; looking does not use it up."""
    row = _row(token)
    if row is None or row.user_id != user.id or row.used_at or row.expires_at <= clock.now():
        return False
    return _fits(row, user, (purpose,))


@transactional
def forget_old() -> int:
    """Delete secrets that expired a day ago; says how many."""
    oldest = clock.now() - dt.timedelta(days=1)
    return changed_rows(delete(SingleUseToken).where(SingleUseToken.expires_at < oldest))


def _row(token: str) -> SingleUseToken | None:
    mine = select(SingleUseToken).where(SingleUseToken.token_hash == tokens.digest(token))
    return db.session.scalar(mine.execution_options(populate_existing=True))


def _locked(user_id: int) -> User | None:
    # The account before its secrets, as everywhere here: two orders would be a deadlock.
    mine = select(User).where(User.id == user_id).with_for_update()
    return db.session.scalar(mine.execution_options(populate_existing=True))


def _fits(row: SingleUseToken, user: User, purposes: Collection[Purpose]) -> bool:
    meant = row.purpose in purposes and user.is_active
    return meant and row.bound == _binding(user, Purpose(row.purpose))


def _use_up(row: SingleUseToken) -> bool:
    """The database decides which of many that come at once is the first."""
    now = clock.now()
    unused = SingleUseToken.used_at.is_(None), SingleUseToken.expires_at > now
    mine = update(SingleUseToken).where(SingleUseToken.id == row.id, *unused)
    return bool(changed_rows(mine.values(used_at=now)))


def _binding(user: User, purpose: Purpose) -> str:
    """What must not change between mailing and use."""
    facts = {
        Purpose.VERIFY_EMAIL: "",
        Purpose.CHANGE_EMAIL: user.pending_email or "",
    }
    return tokens.digest(f"{user.email_folded}\n{facts.get(purpose, user.password_hash or '')}")
