"""Secrets that are mailed: each for one person, one purpose and one use. No web."""

import datetime as dt
from enum import StrEnum

from sqlalchemy import delete, select, update
from sqlalchemy.orm import joinedload

from moviesite import clock
from moviesite.accounts import tokens
from moviesite.errors import InvalidInput
from moviesite.extensions import db
from moviesite.models import SingleUseToken, User
from moviesite.transactions import transactional


class Purpose(StrEnum):
    """What a mailed secret may do."""

    RESET_PASSWORD = "reset_password"  # noqa: S105 - a name
    VERIFY_EMAIL = "verify_email"


LIFETIMES = {
    Purpose.RESET_PASSWORD: dt.timedelta(minutes=30),
    Purpose.VERIFY_EMAIL: dt.timedelta(hours=48),
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
def redeem(token: str, purpose: Purpose) -> User:
    """Whose secret this is; it is used up by asking.

    Raises InvalidInput naming `token` if it is unknown, used, expired, meant for something else,
    or the password or address that it was sent for has changed since.
    """
    now = clock.now()
    fits = (
        SingleUseToken.token_hash == tokens.digest(token),
        SingleUseToken.purpose == purpose,
        SingleUseToken.used_at.is_(None),
        SingleUseToken.expires_at > now,
    )
    # The database decides which of many that come at once is the first.
    used = db.session.execute(update(SingleUseToken).where(*fits).values(used_at=now))
    row = _row(token) if getattr(used, "rowcount", 0) else None
    if row is None or row.bound != _binding(row.user, purpose) or not row.user.is_active:
        message = "This link was used, is too old, or is not meant for this."
        raise InvalidInput({"json": {"token": [message]}}, message)
    return row.user


@transactional
def forget_old() -> int:
    """Delete secrets that expired a day ago; says how many."""
    oldest = clock.now() - dt.timedelta(days=1)
    gone = db.session.execute(delete(SingleUseToken).where(SingleUseToken.expires_at < oldest))
    return int(getattr(gone, "rowcount", 0))


def _row(token: str) -> SingleUseToken | None:
    mine = select(SingleUseToken).where(SingleUseToken.token_hash == tokens.digest(token))
    loaded = mine.options(joinedload(SingleUseToken.user))
    return db.session.scalar(loaded.execution_options(populate_existing=True))


def _binding(user: User, purpose: Purpose) -> str:
    """What must not change between mailing and use."""
    password = user.password_hash or "" if purpose is Purpose.RESET_PASSWORD else ""
    return tokens.digest(f"{user.email_folded}\n{password}")
