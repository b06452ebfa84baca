"""What those who run the site say of a film instead of its source. Rows alone."""

import datetime as dt
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from moviesite import clock
from moviesite.extensions import Base
from moviesite.models.types import UtcDateTime

MOVIE, GENRE, KEYWORD = "movie", "genre", "keyword"
# In place of a field: that there is to be no such thing here, whatever the source says.
REMOVED = "removed"


class Override(Base):
    """One field of one thing. What the source said last is kept beside it, to go back to.

    The thing itself need not be stored: one that was removed is not.
    """

    __tablename__ = "overrides"
    __table_args__ = (CheckConstraint("kind IN ('movie', 'genre', 'keyword')", name="kind"),)

    kind: Mapped[str] = mapped_column(String(10), primary_key=True)
    subject_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    field: Mapped[str] = mapped_column(String(30), primary_key=True)
    value: Mapped[Any] = mapped_column(JSON, nullable=False)
    source: Mapped[Any] = mapped_column(JSON, nullable=False)
    set_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("users.id", ondelete="SET NULL"), index=True
    )
    set_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=clock.now)
