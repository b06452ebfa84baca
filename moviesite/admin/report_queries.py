"""Reviews that people asked to be looked at. Changes nothing."""

import datetime as dt
from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from moviesite.bounds import Page
from moviesite.catalogue import browse
from moviesite.errors import NotFound
from moviesite.extensions import db
from moviesite.models import Movie, Review, ReviewReport, User

PAGE_SIZE = 20
# Of one review, in a list.
REPORTS_SHOWN = 10


class Objection(NamedTuple):
    """One report: who, why, and how many reports they have made and had settled."""

    username: str
    reason: str
    created_at: dt.datetime
    made: int
    settled: int


class Reported(NamedTuple):
    """A review with the reports about it that nobody has dealt with; the newest of them first."""

    id: UUID
    movie_id: int
    movie_title: str
    author: str
    author_reported: int
    rating: float | None
    text: str
    spoiler: bool
    created_at: dt.datetime
    version: int
    report_count: int = 0
    reports: Sequence[Objection] = ()


def reported(*, page: int = 1, page_size: int = PAGE_SIZE) -> Page[Reported]:
    """Reviews with open reports: five statements, whatever the size of the page."""
    open_ones = select(ReviewReport.review_id).where(ReviewReport.settled_at.is_(None))
    grouped = open_ones.group_by(ReviewReport.review_id)
    total, _ = browse.counted(grouped)
    newest = func.max(ReviewReport.id)
    chosen = grouped.add_columns(func.count(), newest).order_by(newest.desc())
    rows = db.session.execute(chosen.limit(page_size).offset((page - 1) * page_size)).all()
    counts = {row[0]: row[1] for row in rows}
    return Page(_with_reports(counts), total, page_size)


def one(uuid: UUID) -> Reported:
    """One review with its open reports: four statements. Raises NotFound."""
    wanted = select(Review.id).where(Review.uuid == uuid)
    review_id = db.session.scalar(wanted)
    if review_id is None:
        raise NotFound("There is no such review.")
    return _with_reports({review_id: 0})[0]


def _with_reports(counts: dict[int, int]) -> list[Reported]:
    about = _reviews(list(counts))
    reports = _reports(list(counts))
    return [
        about[review_id]._replace(
            report_count=counts[review_id] or len(reports.get(review_id, ())),
            reports=reports.get(review_id, [])[:REPORTS_SHOWN],
        )
        for review_id in counts
        if review_id in about
    ]


def _reviews(ids: Sequence[int]) -> dict[int, Reported]:
    """One statement; with how many reports there ever were about what the author wrote."""
    theirs, about = aliased(Review), aliased(ReviewReport)
    ever = (
        select(func.count())
        .select_from(about)
        .join(theirs, theirs.id == about.review_id)
        .where(theirs.user_id == Review.user_id)
        .correlate(Review)
        .scalar_subquery()
    )
    rows = db.session.execute(
        select(Review.id, Review.uuid, Review.movie_id, Movie.title, User.username, ever)
        .add_columns(Review.rating, Review.text, Review.spoiler, Review.created_at, Review.version)
        .join(User, User.id == Review.user_id)
        .join(Movie, Movie.id == Review.movie_id)
        .where(Review.id.in_(ids))
    )
    return {row[0]: Reported(*row[1:]) for row in rows}


def _reports(ids: Sequence[int]) -> dict[int, list[Objection]]:
    """Two statements: open reports, the newest first, and what their writers reported before."""
    rows = db.session.execute(
        select(ReviewReport.review_id, ReviewReport.user_id, User.username)
        .add_columns(ReviewReport.reason, ReviewReport.created_at)
        .join(User, User.id == ReviewReport.user_id)
        .where(ReviewReport.review_id.in_(ids), ReviewReport.settled_at.is_(None))
        .order_by(ReviewReport.id.desc())
    ).all()
    made = _made_by({row[1] for row in rows})
    found: dict[int, list[Objection]] = {}
    for review_id, user_id, username, reason, created_at in rows:
        objection = Objection(username, reason, created_at, *made.get(user_id, (1, 0)))
        found.setdefault(review_id, []).append(objection)
    return found


def _made_by(user_ids: set[int]) -> dict[int, tuple[int, int]]:
    counted = (
        select(ReviewReport.user_id, func.count(), func.count(ReviewReport.settled_at))
        .where(ReviewReport.user_id.in_(user_ids))
        .group_by(ReviewReport.user_id)
    )
    return {row[0]: (row[1], row[2]) for row in db.session.execute(counted)}
