"""What was learnt, when and from what. The weights themselves lie in files."""

import datetime as dt
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import JSON, CheckConstraint, Float, Index, String, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from moviesite import clock
from moviesite.extensions import Base
from moviesite.models.types import UtcDateTime

RUNNING, IN_SERVICE, REPLACED = "running", "in_service", "replaced"
REFUSED, FAILED, SKIPPED = "refused", "failed", "skipped"
RUN_STATES = (RUNNING, IN_SERVICE, REPLACED, REFUSED, FAILED, SKIPPED)

_ONE = text(f"status = '{IN_SERVICE}'")


class RecommenderRun(Base):
    """One training: its data, how long it took, how good its model is, and what became of it.

    At most one model is in service; turning from one to the next is one transaction.
    """

    __tablename__ = "recommender_runs"
    __table_args__ = (
        CheckConstraint(
            "status IN ('running', 'in_service', 'replaced', 'refused', 'failed', 'skipped')",
            name="status",
        ),
        Index(
            "uq_recommender_runs_in_service",
            "status",
            unique=True,
            postgresql_where=_ONE,
            sqlite_where=_ONE,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    uuid: Mapped[UUID] = mapped_column(Uuid, unique=True, default=uuid4)
    # Names the folder with the weights.
    version: Mapped[str] = mapped_column(String(40), unique=True)
    status: Mapped[str] = mapped_column(String(20), default=RUNNING)
    started_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=clock.now, index=True)
    finished_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    seconds: Mapped[float | None] = mapped_column(Float)
    people: Mapped[int] = mapped_column(default=0)
    # How many of them are viewers of the demo, who do not exist.
    made_up: Mapped[int] = mapped_column(default=0)
    movies: Mapped[int] = mapped_column(default=0)
    interactions: Mapped[int] = mapped_column(default=0)
    metrics: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    # Why it was refused, or failed.
    reason: Mapped[str] = mapped_column(String(500), default="")
