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
    chosen = grouped.order_by(func.max(ReviewReport.id).desc())
    ids = db.session.scalars(chosen.limit(page_size).offset((page - 1) * page_size)).all()
    return Page(_with_reports(ids), total, page_size)


def one(uuid: UUID) -> Reported:
    """One review with its open reports: four statements. Raises NotFound."""
    wanted = select(Review.id).where(Review.uuid == uuid)
    review_id = db.session.scalar(wanted)
    if review_id is None:
        raise NotFound("There is no such review.")
    return _with_reports([review_id])[0]


def _with_reports(ids: Sequence[int]) -> list[Reported]:
    about, reports = _reviews(ids), _reports(ids)
    none: tuple[int, list[Objection]] = (0, [])
    found = ((about[one], *reports.get(one, none)) for one in ids if one in about)
    return [row._replace(report_count=count, reports=some) for row, count, some in found]


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


def _reports(ids: Sequence[int]) -> dict[int, tuple[int, list[Objection]]]:
    """How many open reports there are about each review, and the newest of them with what their
    writers reported before: two statements.
    """
    whose = ReviewReport.review_id
    columns = (whose, ReviewReport.id, ReviewReport.user_id, ReviewReport.reason)
    place = func.row_number().over(partition_by=whose, order_by=ReviewReport.id.desc())
    count = func.count().over(partition_by=whose)
    still_open = whose.in_(ids), ReviewReport.settled_at.is_(None)
    placed = (
        select(*columns, ReviewReport.created_at, place.label("place"), count.label("open"))
        .where(*still_open)
        .subquery()
    )
    rows = db.session.execute(
        select(placed, User.username)
        .join(User, User.id == placed.c.user_id)
        .where(placed.c.place <= REPORTS_SHOWN)
        .order_by(placed.c.id.desc())
    ).all()
    made = _made_by({row.user_id for row in rows})
    found: dict[int, tuple[int, list[Objection]]] = {}
    for row in rows:
        earlier = made.get(row.user_id, (1, 0))
        _, shown = found.setdefault(row.review_id, (row.open, []))
        shown.append(Objection(row.username, row.reason, row.created_at, *earlier))
    return found


def _made_by(user_ids: set[int]) -> dict[int, tuple[int, int]]:
    counted = (
        select(ReviewReport.user_id, func.count(), func.count(ReviewReport.settled_at))
        .where(ReviewReport.user_id.in_(user_ids))
        .group_by(ReviewReport.user_id)
    )
    return {row[0]: (row[1], row[2]) for row in db.session.execute(counted)}
