"""What people say of movies, and who objects to it."""

import datetime as dt
from uuid import UUID, uuid4

from sqlalchemy import (
    CheckConstraint,
    Float,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    Uuid,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from moviesite import clock
from moviesite.extensions import Base
from moviesite.models.accounts import User
from moviesite.models.catalogue import Movie
from moviesite.models.types import UtcDateTime

MAX_REVIEW = 10_000
MAX_REASON = 1000
LOWEST_RATING, HIGHEST_RATING = 0.5, 5.0


class Review(Base):
    """A rating in halves out of five, a text, or both; `version` grows with every edit."""

    __tablename__ = "reviews"
    __table_args__ = (
        UniqueConstraint("user_id", "movie_id"),
        CheckConstraint("rating IS NOT NULL OR text <> ''", name="says_something"),
        CheckConstraint(
            f"rating BETWEEN {LOWEST_RATING} AND {HIGHEST_RATING}"
            " AND rating * 2 = CAST(rating * 2 AS INTEGER)",
            name="rating",
        ),
        Index("ix_reviews_movie_id_created_at_id", "movie_id", "created_at", "id"),
        Index("ix_reviews_user_id_created_at_id", "user_id", "created_at", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    uuid: Mapped[UUID] = mapped_column(Uuid, unique=True, default=uuid4)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    movie_id: Mapped[int] = mapped_column(ForeignKey("movies.id", ondelete="RESTRICT"))
    rating: Mapped[float | None] = mapped_column(Float)
    text: Mapped[str] = mapped_column(Text, default="")
    spoiler: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=clock.now)
    updated_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=clock.now)

    user: Mapped[User] = relationship(lazy="raise")
    movie: Mapped[Movie] = relationship(lazy="raise")


class ReviewReport(Base):
    """That somebody asks the admins to look at a review."""

    __tablename__ = "review_reports"
    __table_args__ = (UniqueConstraint("review_id", "user_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    uuid: Mapped[UUID] = mapped_column(Uuid, unique=True, default=uuid4)
    review_id: Mapped[int] = mapped_column(ForeignKey("reviews.id", ondelete="CASCADE"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    reason: Mapped[str] = mapped_column(String(MAX_REASON), default="")
    created_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=clock.now)
    # When an admin dealt with it.
    settled_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime, index=True)

    review: Mapped[Review] = relationship(lazy="raise")
    user: Mapped[User] = relationship(lazy="raise")
