"""Those who run the site deal with reported reviews. No web."""

from collections.abc import Container
from uuid import UUID

from sqlalchemy import select, update

from moviesite import audit, clock
from moviesite.audit import Act, Subject
from moviesite.database import changed_rows
from moviesite.errors import NotFound
from moviesite.extensions import db
from moviesite.models import Movie, Review, ReviewReport, User
from moviesite.reviews import service as reviews
from moviesite.transactions import transactional


@transactional
def dismiss(actor: User, uuid: UUID, *, if_match: Container[int] | None = None) -> int:
    """Let a review stand; its open reports are settled. Says how many there were.

    `if_match` are versions of the review that were read. Raises NotFound where there is no such
    review or nobody objects to it, Outdated, Forbidden.
    """
    review, title = _locked(uuid)
    reviews.check_version(review, if_match)
    still_open = ReviewReport.review_id == review.id, ReviewReport.settled_at.is_(None)
    count = changed_rows(update(ReviewReport).where(*still_open).values(settled_at=clock.now()))
    if not count:
        raise NotFound("This review no longer has any reports.")
    subject = Subject("review", uuid, title)
    audit.record(actor, Act.REVIEW_DISMISS, subject, after={"dismissed": count})
    return count


@transactional
def remove(actor: User, uuid: UUID, *, if_match: Container[int] | None = None) -> None:
    """Take a review away, with the reports about it; raises NotFound, Outdated, Forbidden."""
    reviews.delete_review(actor, uuid, if_match=if_match)


def _locked(uuid: UUID) -> tuple[Review, str]:
    found = db.session.execute(
        select(Review, Movie.title)
        .join(Movie, Movie.id == Review.movie_id)
        .where(Review.uuid == uuid)
        .with_for_update(of=Review)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if found is None:
        raise NotFound("There is no such review.")
    return found[0], str(found[1])
