"""The last good upstream answers: what pages live on while a source is down."""

import datetime as dt

from sqlalchemy import LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from moviesite.extensions import Base
from moviesite.models.types import UtcDateTime


class TmdbSnapshot(Base):
    """One cached answer as bytes, under its cache key. Never older than 150 days."""

    __tablename__ = "tmdb_snapshots"

    key: Mapped[str] = mapped_column(String(200), primary_key=True)
    body: Mapped[bytes] = mapped_column(LargeBinary)
    fetched_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, index=True)
