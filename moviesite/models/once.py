"""What lets a write happen once and its consequences at least once. Holds no data of a feature."""

import datetime as dt
from typing import Any

from sqlalchemy import JSON, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from moviesite import clock
from moviesite.extensions import Base
from moviesite.models.types import UtcDateTime


class OutboxEntry(Base):
    """A job that a write asked for, until it lies in the workers' queue."""

    __tablename__ = "outbox"

    id: Mapped[int] = mapped_column(primary_key=True)
    job: Mapped[str] = mapped_column(String(200))
    args: Mapped[list[Any]] = mapped_column(JSON, default=list)
    created_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=clock.now)
    delivered_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime, index=True)


class IdempotencyKey(Base):
    """That a caller's key was used, for which request, and what came of it."""

    __tablename__ = "idempotency_keys"
    __table_args__ = (UniqueConstraint("scope", "key_hash"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    # Whose keys these are and for what: two people may choose the same one.
    scope: Mapped[str] = mapped_column(String(100))
    key_hash: Mapped[str] = mapped_column(String(64))
    fingerprint: Mapped[str] = mapped_column(String(64))
    # How the row that was made is found again.
    result: Mapped[str] = mapped_column(String(100))
    created_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=clock.now, index=True)
