"""What those who run the site did, when and to what. Rows are added and never changed."""

import datetime as dt
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import JSON, ForeignKey, Index, String, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from moviesite import clock
from moviesite.extensions import Base
from moviesite.models.accounts import MAX_USERNAME
from moviesite.models.types import UtcDateTime

MAX_ACT = 40
MAX_SUBJECT_ID = 64
MAX_SUBJECT_NAME = 300


class AuditEntry(Base):
    """One act. Names are kept as they were: who acted and what was acted on may be gone since.

    `before` and `after` hold what differs, by field, and no secret.
    """

    __tablename__ = "audit_entries"
    __table_args__ = (
        Index("ix_audit_entries_act_id", "act", "id"),
        Index("ix_audit_entries_actor_id_id", "actor_id", "id"),
        Index("ix_audit_entries_subject", "subject_kind", "subject_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    uuid: Mapped[UUID] = mapped_column(Uuid, unique=True, default=uuid4)
    at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=clock.now, index=True)
    # None for the command line, and for accounts that were deleted since.
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    actor_name: Mapped[str] = mapped_column(String(MAX_USERNAME))
    act: Mapped[str] = mapped_column(String(MAX_ACT))
    subject_kind: Mapped[str] = mapped_column(String(20))
    subject_id: Mapped[str] = mapped_column(String(MAX_SUBJECT_ID))
    subject_name: Mapped[str] = mapped_column(String(MAX_SUBJECT_NAME), default="")
    before: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    after: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    # Under which the log tells the rest; empty outside of requests.
    request_id: Mapped[str] = mapped_column(String(64), default="")
