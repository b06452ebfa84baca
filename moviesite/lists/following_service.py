"""People follow lists of others and look at what is new in them. No web."""

from uuid import UUID

from sqlalchemy import ColumnElement, delete, select, update

from moviesite import clock
from moviesite.database import changed_rows, run_unseen
from moviesite.errors import Conflict
from moviesite.inserts import insert_new
from moviesite.lists import policy, queries
from moviesite.models import ListSubscription, MovieList, User
from moviesite.transactions import transactional


@transactional
def follow(user: User, list_id: UUID) -> bool:
    """Follow a list; says whether that is new. For a follower, all that is in it is seen now.

    Raises NotFound, Conflict for one's own list.
    """
    movie_list = policy.check_visible(user, queries.with_owner(list_id))
    if policy.is_owner(user, movie_list):
        raise Conflict("This is your own list, so there is no need to follow it.")
    now = clock.now()
    key = ListSubscription.user_id == user.id, ListSubscription.list_id == movie_list.id
    if changed_rows(update(ListSubscription).where(*key).values(seen_at=now)):
        return False
    row = {"user_id": user.id, "list_id": movie_list.id, "added_at": now, "seen_at": now}
    return insert_new(ListSubscription, row) is not None


@transactional
def unfollow(user: User, list_id: UUID) -> None:
    """Follow a list no longer, whether it was followed or is gone."""
    run_unseen(delete(ListSubscription).where(*_following(user, list_id)))


@transactional
def mark_seen(user: User, list_id: UUID) -> None:
    """What is in a followed list now is no longer new; nothing for those who do not follow it."""
    followed = update(ListSubscription).where(*_following(user, list_id))
    run_unseen(followed.values(seen_at=clock.now()))


def _following(user: User, list_id: UUID) -> tuple[ColumnElement[bool], ...]:
    wanted = select(MovieList.id).where(MovieList.uuid == list_id).scalar_subquery()
    return ListSubscription.user_id == user.id, ListSubscription.list_id == wanted
