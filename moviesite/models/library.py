"""What people do with movies. One row a fact, one fact of a kind for each person and movie.

Triggers keep the counters of `movies` and `users` in step, and raise the person's
`library_version` with every change, so that no write can forget to.
"""

import datetime as dt
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    String,
    Uuid,
)
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship

from moviesite import clock
from moviesite.extensions import Base
from moviesite.models.catalogue import Movie
from moviesite.models.types import UtcDateTime

MAX_NOTE = 1000
LOWEST_PRIORITY, USUAL_PRIORITY, HIGHEST_PRIORITY = 1, 3, 5
UP, DOWN = 1, -1
FEEDBACK = ("more", "less", "not_interested")
HIDDEN_KINDS = ("genre", "person", "keyword", "movie")


class _OfUserAndMovie:
    """One row for each person and movie: the pair is the key."""

    @declared_attr
    def user_id(cls) -> Mapped[int]:  # noqa: N805 - the mapper hands over the class
        return mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)

    @declared_attr
    def movie_id(cls) -> Mapped[int]:  # noqa: N805 - the mapper hands over the class
        return mapped_column(
            ForeignKey("movies.id", ondelete="RESTRICT"), primary_key=True, index=True
        )

    @declared_attr
    def movie(cls) -> Mapped[Movie]:  # noqa: N805 - the mapper hands over the class
        return relationship(Movie, lazy="raise")


class Favorite(_OfUserAndMovie, Base):
    """A movie that somebody keeps."""

    __tablename__ = "favorites"
    __table_args__ = (
        Index("ix_favorites_user_id_added_at_movie_id", "user_id", "added_at", "movie_id"),
    )

    added_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=clock.now)


class WatchlistItem(_OfUserAndMovie, Base):
    """A movie that somebody means to see; of the priorities the highest comes first."""

    __tablename__ = "watchlist_items"
    __table_args__ = (
        CheckConstraint(
            f"priority BETWEEN {LOWEST_PRIORITY} AND {HIGHEST_PRIORITY}", name="priority"
        ),
        Index("ix_watchlist_items_user_id_added_at_movie_id", "user_id", "added_at", "movie_id"),
    )

    added_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=clock.now)
    priority: Mapped[int] = mapped_column(SmallInteger, default=USUAL_PRIORITY)
    note: Mapped[str] = mapped_column(String(MAX_NOTE), default="")


class Viewing(Base):
    """A play of a movie; `progress_seconds` is None where the whole was seen."""

    __tablename__ = "viewings"
    __table_args__ = (
        CheckConstraint("progress_seconds IS NULL OR progress_seconds >= 0", name="progress"),
        Index("ix_viewings_user_id_watched_at_id", "user_id", "watched_at", "id"),
        Index("ix_viewings_user_id_movie_id_watched_at", "user_id", "movie_id", "watched_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    uuid: Mapped[UUID] = mapped_column(Uuid, unique=True, default=uuid4)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    movie_id: Mapped[int] = mapped_column(ForeignKey("movies.id", ondelete="RESTRICT"), index=True)
    watched_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=clock.now)
    progress_seconds: Mapped[int | None] = mapped_column(Integer)
    # Whether the play counts as having seen the movie: to the end, or nearly so.
    finished: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=clock.now)

    movie: Mapped[Movie] = relationship(lazy="raise")


class Like(_OfUserAndMovie, Base):
    """That somebody likes a movie."""

    __tablename__ = "movie_likes"
    __table_args__ = (
        Index("ix_movie_likes_user_id_added_at_movie_id", "user_id", "added_at", "movie_id"),
    )

    added_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=clock.now)


class Vote(_OfUserAndMovie, Base):
    """A vote for a movie (UP) or against it (DOWN)."""

    __tablename__ = "movie_votes"
    __table_args__ = (
        CheckConstraint("value IN (1, -1)", name="value"),
        Index("ix_movie_votes_user_id_added_at_movie_id", "user_id", "added_at", "movie_id"),
    )

    value: Mapped[int] = mapped_column(SmallInteger)
    added_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=clock.now)


class MovieView(Base):
    """That a viewer looked at a movie's page in an hour: counted once.

    `viewer` is `user:` with an id, or a keyed hash of the address; `hour` counts from 1970.
    """

    __tablename__ = "movie_views"
    __table_args__ = (Index("ix_movie_views_hour_movie_id", "hour", "movie_id"),)

    movie_id: Mapped[int] = mapped_column(
        ForeignKey("movies.id", ondelete="RESTRICT"), primary_key=True
    )
    hour: Mapped[int] = mapped_column(primary_key=True)
    viewer: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[int | None] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), index=True
    )


class Feedback(_OfUserAndMovie, Base):
    """What somebody says of a recommended movie: one of FEEDBACK."""

    __tablename__ = "feedback"
    __table_args__ = (CheckConstraint("value IN ('more', 'less', 'not_interested')", name="value"),)

    value: Mapped[str] = mapped_column(String(20))
    added_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=clock.now)


class Hidden(Base):
    """A genre, person, keyword or movie that somebody never wants to be offered."""

    __tablename__ = "hidden"
    __table_args__ = (
        CheckConstraint("kind IN ('genre', 'person', 'keyword', 'movie')", name="kind"),
    )

    user_id: Mapped[int] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), primary_key=True
    )
    kind: Mapped[str] = mapped_column(String(10), primary_key=True)
    # By TMDb's number; no foreign key, since not every person or keyword is stored.
    target_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    added_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=clock.now)


class LastChange(Base):
    """The newest change of one thing of somebody's, as it can be taken back: once.

    `subject` names the thing among those of its kind. `before` holds the columns of its row,
    None where there was none. The next change takes this one's place, and its token with it.
    """

    __tablename__ = "last_changes"

    user_id: Mapped[int] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), primary_key=True
    )
    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    subject: Mapped[str] = mapped_column(String(64), primary_key=True)
    token: Mapped[UUID] = mapped_column(Uuid, unique=True, default=uuid4)
    before: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    made_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=clock.now, index=True)


class CalendarFeed(Base):
    """The address by which a calendar app follows somebody's watchlist, without their session.

    The secret in it lies here in clear, as those of shared links do: its owner copies the address
    again for the next device, and whoever could read it here reads the watchlist beside it. Where
    there is no address there is no row, and nothing tells that there was one.
    """

    __tablename__ = "calendar_feeds"

    user_id: Mapped[int] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    token: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=clock.now)
