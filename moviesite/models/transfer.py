"""What somebody brings along from elsewhere: the file as it was read, and how far it has come."""

import datetime as dt
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, Integer, String, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from moviesite import clock
from moviesite.extensions import Base
from moviesite.models.types import UtcDateTime

# What became of a line: it waits, something of it was new here, all of it was here already, or
# nobody knows its film.
WAITING, KEPT, KNOWN, MISSING = STATES = ("waiting", "kept", "known", "missing")


class Import(Base):
    """Somebody's last import, kept until the next one; `finished_at` is None while it goes on."""

    __tablename__ = "imports"

    uuid: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid4)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), unique=True)
    # Whose file it was, in words.
    source: Mapped[str] = mapped_column(String(100))
    begun_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=clock.now)
    finished_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    # Lines about series, games and the like, which this site has no place for.
    others: Mapped[int] = mapped_column(Integer, default=0)
    # Genres, people, keywords and movies of the file that are hidden here.
    hidden: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    # Sentences about what could not be read.
    unread: Mapped[list[str]] = mapped_column(JSON, default=list)


class ImportEntry(Base):
    """A line about a film; `told` is a `transfer.reading.Entry`, as an array."""

    __tablename__ = "import_entries"
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'kept', 'known', 'missing')", name="state"),
        Index("ix_import_entries_import_id_state_number", "import_id", "state", "number"),
    )

    import_id: Mapped[UUID] = mapped_column(
        ForeignKey("imports.uuid", ondelete="CASCADE"), primary_key=True
    )
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    told: Mapped[list[Any]] = mapped_column(JSON)
    state: Mapped[str] = mapped_column(String(10), default=WAITING)


class ImportedList(Base):
    """That a list came along; whatever comes of that origin again goes into the same list."""

    __tablename__ = "imported_lists"

    user_id: Mapped[int] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    # A `transfer.reading.ListData`'s.
    origin: Mapped[str] = mapped_column(String(300), primary_key=True)
    list_id: Mapped[int] = mapped_column(ForeignKey("lists.id", ondelete="CASCADE"), index=True)
    # The last import that it came with, while that is kept.
    import_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("imports.uuid", ondelete="SET NULL"), index=True
    )
