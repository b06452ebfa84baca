"""People rate and review movies: one review for each person and movie. No web."""

from collections.abc import Container, Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Row, delete, select, update

from moviesite import audit, clock, idempotency
from moviesite.audit import Act, Subject
from moviesite.catalogue import keeping
from moviesite.database import table_of
from moviesite.errors import Conflict, InvalidInput, NotFound, Outdated
from moviesite.extensions import db
from moviesite.idempotency import Once
from moviesite.inserts import insert_new
from moviesite.library import changes_service
from moviesite.library.changes_service import RATING, Change
from moviesite.models import Review, ReviewReport, User
from moviesite.models.reviews import HIGHEST_RATING, LOWEST_RATING, MAX_REASON, MAX_REVIEW
from moviesite.reviews import policy
from moviesite.text import is_clean
from moviesite.transactions import transactional

_REVIEWS = table_of(Review)
_REPORTS = table_of(ReviewReport)


class ReviewInput(NamedTuple):
    """What somebody says of a movie: a rating in halves from 0.5 to 5, a text, or both."""

    rating: float | None = None
    text: str = ""
    spoiler: bool = False


class Report(NamedTuple):
    """An objection to a review, and whether it is this person's first to it."""

    row: Any
    is_new: bool


def rate(user: User, movie_id: int, rating: float | None) -> Change:
    """Rate a movie, keeping what was written of it; None takes the rating back.

    A review that then says nothing goes. Raises NotFound, Unavailable, InvalidInput.
    """
    _check(ReviewInput(rating, text="-"))
    if rating is None:
        return _unrate(user, movie_id)
    keeping.ensure_stored(movie_id)
    given = ReviewInput(rating)
    while True:  # until it is there, or made by us: it may be gone again each time
        found = _made(user, movie_id, given) or _rerate(user, movie_id, rating)
        if found:
            return found


def write_review(user: User, movie_id: int, words: ReviewInput, *, once: Once | None = None) -> Any:
    """Write the review of a movie; its row.

    Raises Conflict with the `review_id` of the one that this person has written before,
    InvalidInput, NotFound, Unavailable. A request repeated under the same `once` finds what the
    first one wrote.
    """
    _check(words)
    keeping.ensure_stored(movie_id)
    return idempotency.done_once(
        once,
        lambda: _write(user, movie_id, words, once),
        lambda result: _of(user.id, _REVIEWS.c.uuid == UUID(result)),
    )


def undo_of(user: User, review: Any) -> UUID | None:
    """What takes back the last change of a review, where one does: one statement."""
    return changes_service.token_of(user, RATING, review)


@transactional
def edit_review(
    user: User, uuid: UUID, changes: Mapping[str, Any], *, if_match: Container[int] | None = None
) -> Change:
    """Change some of `rating`, `text` and `spoiler`; `if_match` are versions they may be made of.

    Raises NotFound, Forbidden, InvalidInput, and Outdated with the present row where
    that is another version.
    """
    before = _held(_REVIEWS.c.uuid == uuid)
    policy.check_may_edit(user, before.user_id)
    check_version(before, if_match)
    words = ReviewInput(before.rating, before.text, before.spoiler)._replace(**changes)
    _check(words)
    return _changed(user, before, words)


@transactional
def delete_review(user: User, uuid: UUID, *, if_match: Container[int] | None = None) -> Change:
    """Take a review away; raises NotFound, Forbidden, Outdated."""
    before = _held(_REVIEWS.c.uuid == uuid)
    policy.check_may_delete(user, before.user_id)
    check_version(before, if_match)
    return _deleted(user, before)


def report_review(user: User, uuid: UUID, reason: str = "", *, once: Once | None = None) -> Report:
    """Ask those who run the site to look at a review; the first objection stands, and may be made
    once more of a review that was changed after it had been dealt with.

    Raises NotFound, InvalidInput, Conflict for one's own.
    """
    if len(reason) > MAX_REASON or not is_clean(reason):
        raise InvalidInput.of("reason", f"At most {MAX_REASON} characters that can be stored.")
    return idempotency.done_once(
        once,
        lambda: _report(user, uuid, reason, once),
        lambda result: Report(_reported(_REPORTS.c.uuid == UUID(result)), is_new=True),
    )


def check_version(before: Any, if_match: Container[int] | None) -> None:
    """Raises Outdated with the present row where that is none of these versions."""
    if if_match is not None and before.version not in if_match:
        raise Outdated("This review has changed since you read it.", present=before)


@transactional
def _rerate(user: User, movie_id: int, rating: float) -> Change | None:
    mine = _held_or_none(_REVIEWS.c.user_id == user.id, _REVIEWS.c.movie_id == movie_id)
    return _changed(user, mine, ReviewInput(rating, mine.text, mine.spoiler)) if mine else None


@transactional
def _unrate(user: User, movie_id: int) -> Change:
    mine = _held_or_none(_REVIEWS.c.user_id == user.id, _REVIEWS.c.movie_id == movie_id)
    if mine is None:
        return Change(None, False, None)
    if not mine.text:
        return _deleted(user, mine)
    return _changed(user, mine, ReviewInput(None, mine.text, mine.spoiler))


@transactional
def _write(user: User, movie_id: int, words: ReviewInput, once: Once | None) -> Any:
    made = _made(user, movie_id, words)
    if made is None:
        earlier = _of(user.id, _REVIEWS.c.movie_id == movie_id)
        raise Conflict("You have already reviewed this film.", review_id=str(earlier.uuid))
    if once:
        idempotency.remember(once, str(made.row.uuid))
    return made.row


def _made(user: User, movie_id: int, words: ReviewInput) -> Change | None:
    values = {"user_id": user.id, "movie_id": movie_id, **words._asdict()}
    return changes_service.make(user, RATING, values)


@transactional
def _report(user: User, uuid: UUID, reason: str, once: Once | None) -> Report:
    shown = select(_REVIEWS).join(User, User.id == _REVIEWS.c.user_id)
    review = _first(shown.where(_REVIEWS.c.uuid == uuid, User.is_active))
    if review.user_id == user.id:
        raise Conflict("This is your own review: edit or delete it instead.")
    values = {"review_id": review.id, "user_id": user.id, "reason": reason}
    made = insert_new(ReviewReport, values, keys=("review_id", "user_id"))
    made = made or _reopened(user, review, reason)
    if made is None:
        return Report(
            _reported(_REPORTS.c.review_id == review.id, _REPORTS.c.user_id == user.id), False
        )
    if once:
        idempotency.remember(once, str(made.uuid))
    return Report(made, True)


def _reopened(user: User, review: Row[Any], reason: str) -> Row[Any] | None:
    """This person's objection, where it was dealt with before the review became what it is."""
    mine = _REPORTS.c.review_id == review.id, _REPORTS.c.user_id == user.id
    again = update(_REPORTS).where(*mine, _REPORTS.c.settled_at < review.updated_at)
    values = {"reason": reason, "created_at": clock.now(), "settled_at": None}
    return db.session.execute(again.values(**values).returning(*_REPORTS.c)).one_or_none()


def _changed(user: User, before: Row[Any], words: ReviewInput) -> Change:
    if words == (before.rating, before.text, before.spoiler):
        return Change(before, False, None)
    values = {**words._asdict(), "version": before.version + 1, "updated_at": clock.now()}
    statement = update(_REVIEWS).where(_REVIEWS.c.id == before.id).values(**values)
    row = db.session.execute(statement.returning(*_REVIEWS.c)).one()
    return Change(row, False, changes_service.note(user, RATING, row, before))


def _deleted(user: User, before: Row[Any]) -> Change:
    """What somebody else takes away cannot be brought back by them, nor by its author."""
    by_author = before.user_id == user.id
    reports = _reports_about(before) if by_author else ()
    db.session.execute(delete(_REVIEWS).where(_REVIEWS.c.id == before.id))
    if not by_author:
        changes_service.forget(before.user_id, RATING, before)
        facts = {"movie_id": before.movie_id, "rating": before.rating}
        audit.record(user, Act.REVIEW_REMOVE, Subject("review", before.uuid), before=facts)
        return Change(None, False, None)
    return Change(None, False, changes_service.note_deleted_review(user, before, reports))


def _reports_about(review: Row[Any]) -> Sequence[Row[Any]]:
    about = select(_REPORTS).where(_REPORTS.c.review_id == review.id)
    return db.session.execute(about.order_by(_REPORTS.c.id)).all()


def _held(*conditions: Any) -> Row[Any]:
    found = _held_or_none(*conditions)
    if found is None:
        raise NotFound(policy.NO_SUCH_REVIEW)
    return found


def _held_or_none(*conditions: Any) -> Row[Any] | None:
    """The row as it is, held against others until the transaction ends."""
    return db.session.execute(select(_REVIEWS).where(*conditions).with_for_update()).one_or_none()


def _of(user_id: int, condition: Any) -> Row[Any]:
    return _first(select(_REVIEWS).where(_REVIEWS.c.user_id == user_id, condition))


def _reported(*conditions: Any) -> Row[Any]:
    return _first(select(_REPORTS).where(*conditions))


def _first(statement: Any) -> Row[Any]:
    found: Row[Any] | None = db.session.execute(statement).one_or_none()
    if found is None:
        raise NotFound(policy.NO_SUCH_REVIEW)
    return found


def _check(words: ReviewInput) -> None:
    rating = words.rating
    if rating is None and not words.text:
        raise InvalidInput.of("text", "Write something or give a rating.")
    if rating is not None and not (
        LOWEST_RATING <= rating <= HIGHEST_RATING and 2 * rating == int(2 * rating)
    ):
        raise InvalidInput.of("rating", f"In halves, from {LOWEST_RATING} to {HIGHEST_RATING:g}.")
    if len(words.text) > MAX_REVIEW or not is_clean(words.text):
        raise InvalidInput.of("text", f"At most {MAX_REVIEW} characters that can be stored.")
