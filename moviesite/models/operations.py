"""What is known of how the site is used and kept running: numbers by day, and marks of progress.

Of people only the days on which somebody came stand here, for as long as a month is counted from
them; they go with the account. The numbers stay.
"""

import datetime as dt

from sqlalchemy import CheckConstraint, Date, Float, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from moviesite.extensions import Base
from moviesite.models.types import UtcDateTime

MAX_WORDS = 60

_OPEN = text("closed_at IS NULL")


class ActiveDay(Base):
    """That somebody used the site on a day, in UTC. Kept by triggers of the sessions."""

    __tablename__ = "active_days"

    user_id: Mapped[int] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), primary_key=True
    )
    day: Mapped[dt.date] = mapped_column(Date, primary_key=True, index=True)


class AnalyticsDay(Base):
    """A day in numbers, in UTC; a closed one is never counted again, whoever leaves later.

    `active_week` and `active_month` are those who came in the 7 and 30 days that end with it.
    """

    __tablename__ = "analytics_days"
    __table_args__ = (CheckConstraint("new_users >= 0 AND active_day >= 0", name="counts"),)

    day: Mapped[dt.date] = mapped_column(Date, primary_key=True)
    new_users: Mapped[int] = mapped_column(default=0)
    # How many of them came through Google; the others chose a password.
    new_by_google: Mapped[int] = mapped_column(default=0)
    active_day: Mapped[int] = mapped_column(default=0)
    active_week: Mapped[int] = mapped_column(default=0)
    active_month: Mapped[int] = mapped_column(default=0)
    plays: Mapped[int] = mapped_column(default=0)
    viewers: Mapped[int] = mapped_column(default=0)
    closed: Mapped[bool] = mapped_column(default=False)
    taken_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    # How long the counting took.
    seconds: Mapped[float] = mapped_column(Float, default=0.0)


class AnalyticsFilm(Base):
    """How often a film was seen to its end on a day, by how many people.

    The film is a number alone: its title is not ours to keep once the film is let go of.
    """

    __tablename__ = "analytics_films"

    day: Mapped[dt.date] = mapped_column(Date, primary_key=True)
    movie_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    plays: Mapped[int]
    people: Mapped[int]


class AnalyticsSearch(Base):
    """Folded words that found nothing on a day, and how often; never who typed them."""

    __tablename__ = "analytics_searches"

    day: Mapped[dt.date] = mapped_column(Date, primary_key=True)
    words: Mapped[str] = mapped_column(String(MAX_WORDS), primary_key=True)
    times: Mapped[int]


class BreakerOpening(Base):
    """A time in which a source was not asked because it did not answer; one at most is open."""

    __tablename__ = "breaker_openings"
    __table_args__ = (
        Index(
            "uq_breaker_openings_open",
            "provider",
            unique=True,
            postgresql_where=_OPEN,
            sqlite_where=_OPEN,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    provider: Mapped[str] = mapped_column(String(100))
    opened_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, index=True)
    closed_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    # When those who run the site were told.
    mailed_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)


class SourceMark(Base):
    """Up to which day, not included, a source's list of changes was followed."""

    __tablename__ = "source_marks"

    name: Mapped[str] = mapped_column(String(100), primary_key=True)
    day: Mapped[dt.date] = mapped_column(Date)
