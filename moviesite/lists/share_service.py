"""Links that show others something of one's own: made and revoked. No web."""

import datetime as dt
import secrets
from functools import partial
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import contains_eager

from moviesite import clock, idempotency
from moviesite.accounts import queries as people
from moviesite.accounts import service as accounts
from moviesite.errors import Conflict, InvalidInput, NotFound
from moviesite.extensions import db
from moviesite.idempotency import Once
from moviesite.lists import policy, share_queries
from moviesite.lists.service import locked
from moviesite.models import MovieList, ShareLink, User
from moviesite.models.lists import LIST
from moviesite.transactions import transactional

# 128 bits, 22 characters.
_TOKEN_BYTES = 16
# A page of links that nobody could look through helps nobody.
MOST_LIVE = 200


def share(
    user: User,
    source: str,
    name: str,
    *,
    list_id: UUID | None = None,
    expires_at: dt.datetime | None = None,
    once: Once | None = None,
) -> ShareLink:
    """A new link to a list of one's own, one's favorites or watchlist; None never expires.

    Raises InvalidInput naming the field (an unknown list, a past moment), Forbidden for the
    list of somebody else, Conflict for too many live links, NotFound where a repeated request's
    link is gone.
    """

    def write() -> ShareLink:
        _check_asked(source, list_id, expires_at)
        return _share(user, source, name, list_id, expires_at, once)

    return idempotency.done_once(once, write, partial(_made_earlier, user))


def _check_asked(source: str, list_id: UUID | None, expires_at: dt.datetime | None) -> None:
    if expires_at is not None and expires_at <= clock.now():
        raise InvalidInput.of("expires_at", "This date is in the past.")
    if (source == LIST) != (list_id is not None):
        raise InvalidInput.of("list_id", "Give a list when sharing a list, and only then.")


@transactional
def _share(
    user: User,
    source: str,
    name: str,
    list_id: UUID | None,
    expires_at: dt.datetime | None,
    once: Once | None,
) -> ShareLink:
    shared = _own_list(user, list_id) if list_id else None
    people.hold(user.id)
    if share_queries.live_count(user) >= MOST_LIVE:
        raise Conflict(f"You already have {MOST_LIVE} shared links. Remove some first.")
    link = ShareLink(user_id=user.id, source=source, name=name, expires_at=expires_at)
    link.shared_list = shared
    link.token = secrets.token_urlsafe(_TOKEN_BYTES)
    db.session.add(link)
    db.session.flush()
    if once:
        idempotency.remember(once, str(link.uuid))
    return link


@transactional
def revoke(user: User, share_id: UUID) -> ShareLink:
    """End a link of one's own; from now on it shows nothing. Raises NotFound."""
    mine = ShareLink.uuid == share_id, ShareLink.user_id == user.id
    link = db.session.scalar(select(ShareLink).where(*mine))
    if link is None:
        raise NotFound("You have no such link.")
    changed = update(ShareLink).where(*mine, ShareLink.revoked_at.is_(None))
    db.session.execute(changed.values(revoked_at=clock.now()))
    return link


@transactional
def revoke_all(user: User) -> None:
    """End every link of somebody's."""
    live = update(ShareLink).where(ShareLink.user_id == user.id, ShareLink.revoked_at.is_(None))
    db.session.execute(live.values(revoked_at=clock.now()))


# Whoever made them has their tokens.
accounts.part_by(revoke_all)


def _own_list(user: User, list_id: UUID) -> MovieList:
    try:
        return policy.check_owner(user, locked(list_id))
    except NotFound as error:
        raise InvalidInput.of("list_id", error.detail) from error


def _made_earlier(user: User, result: str) -> ShareLink:
    """The link that an earlier request under this key made; raises NotFound where it is gone."""
    mine = ShareLink.uuid == UUID(result), ShareLink.user_id == user.id
    links = select(ShareLink).outerjoin(ShareLink.shared_list).where(*mine)
    found = db.session.scalar(links.options(contains_eager(ShareLink.shared_list)))
    if found is None:
        raise NotFound("The link created with this key was deleted with its list.")
    return found
