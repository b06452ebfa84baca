"""Lists of movies, who follows them, how they are shared, and favorites kept on TMDb itself."""

import datetime as dt
from uuid import UUID, uuid4

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    Uuid,
    false,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from moviesite import clock
from moviesite.extensions import Base
from moviesite.models.accounts import User
from moviesite.models.catalogue import Movie
from moviesite.models.types import UtcDateTime

PRIVATE, UNLISTED, PUBLIC = "private", "unlisted", "public"
VISIBILITIES = (PRIVATE, UNLISTED, PUBLIC)
LIST, FAVORITES, WATCHLIST = "list", "favorites", "watchlist"
SHARE_SOURCES = (LIST, FAVORITES, WATCHLIST)

MAX_NAME = 255
MAX_DESCRIPTION = 1000
MAX_ITEM_NOTE = 1000
MAX_MOVIES = 10_000


class MovieList(Base):
    """An ordered set of movies with an owner.

    Triggers count its movies and followers; `version` grows with every edit of it.
    """

    __tablename__ = "lists"
    __table_args__ = (
        CheckConstraint("visibility IN ('private', 'unlisted', 'public')", name="visibility"),
        Index("ix_lists_visibility_subscriber_count_id", "visibility", "subscriber_count", "id"),
        Index("ix_lists_visibility_created_at_id", "visibility", "created_at", "id"),
        Index("ix_lists_owner_id_created_at_id", "owner_id", "created_at", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    uuid: Mapped[UUID] = mapped_column(Uuid, unique=True, default=uuid4)
    owner_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(MAX_NAME))
    # Name and description folded: what the directory is searched by.
    search_text: Mapped[str] = mapped_column(Text, default="")
    description: Mapped[str] = mapped_column(String(MAX_DESCRIPTION), default="")
    visibility: Mapped[str] = mapped_column(String(10), default=PRIVATE)
    # Chosen by the people who run the site, and shown first.
    curated: Mapped[bool] = mapped_column(default=False, server_default=false())
    movie_count: Mapped[int] = mapped_column(default=0, server_default="0")
    subscriber_count: Mapped[int] = mapped_column(default=0, server_default="0")
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    created_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=clock.now)
    updated_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=clock.now)

    owner: Mapped[User] = relationship(lazy="raise")


class ListItem(Base):
    """A place in a list. Positions count from 0 without gaps; the list's lock guards them."""

    __tablename__ = "list_items"
    __table_args__ = (
        CheckConstraint("position >= 0", name="position"),
        Index("ix_list_items_list_id_position_movie_id", "list_id", "position", "movie_id"),
        Index("ix_list_items_list_id_added_at_movie_id", "list_id", "added_at", "movie_id"),
    )

    list_id: Mapped[int] = mapped_column(
        ForeignKey("lists.id", ondelete="CASCADE"), primary_key=True
    )
    movie_id: Mapped[int] = mapped_column(
        ForeignKey("movies.id", ondelete="RESTRICT"), primary_key=True, index=True
    )
    position: Mapped[int]
    note: Mapped[str] = mapped_column(String(MAX_ITEM_NOTE), default="")
    added_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("users.id", ondelete="SET NULL"), index=True
    )
    added_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=clock.now)

    movie: Mapped[Movie] = relationship(lazy="raise")


class ListSubscription(Base):
    """That somebody follows a list; what came after `seen_at` is new to them."""

    __tablename__ = "list_subscriptions"

    user_id: Mapped[int] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), primary_key=True
    )
    list_id: Mapped[int] = mapped_column(
        ForeignKey("lists.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    added_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=clock.now)
    seen_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=clock.now)


class ShareLink(Base):
    """A link by which anybody sees the present content of one source of its owner's.

    The token (128 random bits) lies here in clear, since its owner copies the link again later.
    """

    __tablename__ = "share_links"
    __table_args__ = (
        CheckConstraint("source IN ('list', 'favorites', 'watchlist')", name="source"),
        CheckConstraint("(source = 'list') = (list_id IS NOT NULL)", name="list_given"),
        Index("ix_share_links_user_id_created_at_id", "user_id", "created_at", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    uuid: Mapped[UUID] = mapped_column(Uuid, unique=True, default=uuid4)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    source: Mapped[str] = mapped_column(String(10))
    list_id: Mapped[int | None] = mapped_column(
        ForeignKey("lists.id", ondelete="CASCADE"), index=True
    )
    name: Mapped[str] = mapped_column(String(MAX_NAME))
    token: Mapped[str] = mapped_column(String(32), unique=True)
    expires_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    revoked_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=clock.now)

    user: Mapped[User] = relationship(lazy="raise")
    shared_list: Mapped[MovieList | None] = relationship(lazy="raise")


class EndedLink(Base):
    """The token of a link that went with its list or its owner; nothing else is kept of it.

    A trigger writes it down, whatever takes the link along.
    """

    __tablename__ = "ended_links"

    token: Mapped[str] = mapped_column(String(32), primary_key=True)


class TmdbShare(Base):
    """A name by which the favorites of a TMDb account are seen. Nothing else is kept of it."""

    __tablename__ = "tmdb_shares"
    __table_args__ = (UniqueConstraint("name_folded"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(MAX_NAME))
    # Folding may lengthen a text, `ß` to `ss` for one.
    name_folded: Mapped[str] = mapped_column(String(3 * MAX_NAME))


class TmdbConnection(Base):
    """Somebody's TMDb account: what it allows lies here encrypted, never in clear."""

    __tablename__ = "tmdb_connections"

    user_id: Mapped[int] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    # A request token until the person has approved it at TMDb, then the session.
    pending: Mapped[str | None] = mapped_column(String(1000))
    grant: Mapped[str | None] = mapped_column(String(2000))
    account_id: Mapped[str | None] = mapped_column(String(64))
    username: Mapped[str] = mapped_column(String(200), default="")
    created_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=clock.now)
