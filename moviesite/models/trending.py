"""What is counted of people's interest: by hour for ever, ranked until the next count.

No row tells of anybody: who came is only ever in the tables that this is counted from.
"""

import datetime as dt

from sqlalchemy import CheckConstraint, Float, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from moviesite.extensions import Base
from moviesite.models.library import Favorite, Viewing
from moviesite.models.reviews import Review
from moviesite.models.types import UtcDateTime

# Counting asks for everything since a moment, whoever it is of.
Index("ix_favorites_added_at", Favorite.__table__.c.added_at)
Index("ix_reviews_created_at", Review.__table__.c.created_at)
Index("ix_viewings_watched_at", Viewing.__table__.c.watched_at)


class _OfMovie:
    """What goes with its movie: it can be counted anew."""

    movie_id: Mapped[int] = mapped_column(
        ForeignKey("movies.id", ondelete="CASCADE"), primary_key=True, index=True
    )


class TrendingHour(_OfMovie, Base):
    """Those who came to a movie in an hour that is over; `hour` counts from 1970.

    `weight` is what they count together, `people` and `made_up` how many they are: people, and
    viewers of the demo.
    """

    __tablename__ = "trending_hours"

    hour: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    weight: Mapped[float] = mapped_column(Float)
    people: Mapped[int]
    made_up: Mapped[int]


class TrendingChart(Base):
    """When a chart was last computed, and from which counts."""

    __tablename__ = "trending_charts"
    __table_args__ = (CheckConstraint("time_range IN ('day', 'week')", name="time_range"),)

    time_range: Mapped[str] = mapped_column(String(4), primary_key=True)
    computed_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    # The hours before this one are in `trending_hours`, last counted from the start at that time.
    counted_to: Mapped[int]
    recounted_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)


class TrendingEntry(_OfMovie, Base):
    """A movie's place in a chart. `usual` is how many come in such a time; None: not known yet.

    `surprise` is by how many standard deviations this time is above the usual.
    """

    __tablename__ = "trending_entries"

    time_range: Mapped[str] = mapped_column(
        ForeignKey("trending_charts.time_range", ondelete="CASCADE"), primary_key=True
    )
    place: Mapped[int]
    score: Mapped[float] = mapped_column(Float)
    people: Mapped[int]
    made_up: Mapped[int]
    usual: Mapped[float | None] = mapped_column(Float)
    surprise: Mapped[float] = mapped_column(Float)
