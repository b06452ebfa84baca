"""What the overview of the administration shows. Reads only."""

from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import InstrumentedAttribute

from moviesite.extensions import db
from moviesite.models import AuditEntry, Movie, MovieList, Override, ReviewReport, User

_LATEST = 8


class Overview(NamedTuple):
    """Figures of the site as it stands."""

    movies: int
    overridden: int
    users: int
    admins: int
    closed: int
    curated: int
    reported: int


def overview() -> Overview:
    """The figures: one statement."""
    subject = func.distinct(Override.subject_id)
    parts: dict[str, Select[int]] = {
        "movies": _count(Movie.id),
        "overridden": select(func.count(subject)).where(Override.kind == "movie"),
        "users": _count(User.id),
        "admins": _count(User.id, User.is_admin.is_(True), User.is_active.is_(True)),
        "closed": _count(User.id, User.is_active.is_(False)),
        "curated": _count(MovieList.id, MovieList.curated.is_(True)),
        "reported": select(func.count(func.distinct(ReviewReport.review_id))).where(
            ReviewReport.settled_at.is_(None)
        ),
    }
    row = db.session.execute(select(*(part.scalar_subquery() for part in parts.values()))).one()
    return Overview(*row)


def latest_acts() -> list[AuditEntry]:
    """What was done last: one statement."""
    newest = select(AuditEntry).order_by(AuditEntry.id.desc()).limit(_LATEST)
    return list(db.session.scalars(newest))


def _count(column: InstrumentedAttribute[int], *conditions: ColumnElement[bool]) -> Select[int]:
    return select(func.count(column)).where(*conditions)
