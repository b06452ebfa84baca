"""Who may read, change and take away what of a review. No database, no web."""

from typing import Any

from moviesite.errors import Forbidden, NotFound
from moviesite.models import User

NO_SUCH_REVIEW = "There is no such review."


def check_visible(user: User | None, author: User) -> None:
    """Raises NotFound for what somebody wrote whose account is closed, but to who runs the site."""
    if not author.is_active and (user is None or not user.is_admin):
        raise NotFound(NO_SUCH_REVIEW)


def check_may_edit(user: User, owner_id: int) -> None:
    """Raises Forbidden for everybody but the author: nobody has words put into their mouth."""
    if user.id != owner_id:
        raise Forbidden("Only its author can change a review.")


def check_may_delete(user: User, owner_id: int) -> None:
    """Raises Forbidden for everybody but the author and those who run the site."""
    if user.id != owner_id and not user.is_admin:
        raise Forbidden("Only its author can delete a review.")


def withholds(review: Any, viewer_id: int | None, *, seen: bool, reveal: bool) -> bool:
    """Whether the text is kept back from this viewer, as it tells how a movie ends."""
    return bool(review.spoiler and review.text and not reveal and not seen) and (
        viewer_id != review.user_id
    )
