"""Opens and closes the address by which calendar apps follow somebody's watchlist. No web."""

from functools import partial

from sqlalchemy import delete

from moviesite import clock, idempotency
from moviesite.accounts import service as accounts
from moviesite.accounts.tokens import digest, new_token
from moviesite.errors import NotFound
from moviesite.extensions import db
from moviesite.idempotency import Once
from moviesite.inserts import upsert
from moviesite.library import calendar_queries
from moviesite.models import CalendarFeed, User
from moviesite.transactions import transactional


def open_feed(user: User, once: Once | None = None) -> CalendarFeed:
    """A new address; from now on the one before shows nothing.

    Raises NotFound where a repeated request's address was replaced or closed since.
    """
    return idempotency.done_once(once, partial(_open, user, once), partial(_opened, user))


@transactional
def _open(user: User, once: Once | None) -> CalendarFeed:
    token, now = new_token(), clock.now()
    row = {"user_id": user.id, "token": token, "created_at": now}
    upsert(CalendarFeed, [row], update=("token", "created_at"))
    if once:
        idempotency.remember(once, digest(token))
    return CalendarFeed(user_id=user.id, token=token, created_at=now)


def _opened(user: User, result: str) -> CalendarFeed:
    """The address that an earlier request under this key made, while it is the present one."""
    feed = calendar_queries.feed_of(user)
    if feed is None or digest(feed.token) != result:
        raise NotFound("The address created with this key no longer works.")
    return feed


@transactional
def close_feed(user: User) -> None:
    """Let nobody follow the watchlist by its address; nothing is left of it."""
    db.session.execute(delete(CalendarFeed).where(CalendarFeed.user_id == user.id))


# Whoever opened it knows the address.
accounts.part_by(close_feed)
