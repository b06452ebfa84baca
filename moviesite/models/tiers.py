"""How many calls of a model an account may make a day, and how many it made. Rows alone."""

import datetime as dt

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from moviesite.extensions import Base

MAX_CODE = 40
CODE = rf"[a-z0-9][a-z0-9_-]{{0,{MAX_CODE - 1}}}"
MAX_NAME = 100
MOST_A_DAY = 100_000


class AccountTier(Base):
    """A kind of account; who has none of their own has the one that is the default."""

    __tablename__ = "account_tiers"
    __table_args__ = (
        CheckConstraint("daily_limit >= 0", name="daily_limit"),
        Index(
            "uq_account_tiers_default",
            "is_default",
            unique=True,
            postgresql_where=text("is_default"),
            sqlite_where=text("is_default"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(MAX_CODE), unique=True)
    name: Mapped[str] = mapped_column(String(MAX_NAME))
    daily_limit: Mapped[int]
    is_default: Mapped[bool] = mapped_column(default=False)


class AssistantUsage(Base):
    """Calls of a model that somebody made on a day, which begins at midnight UTC."""

    __tablename__ = "assistant_usage"
    __table_args__ = (CheckConstraint("used >= 0", name="used"),)

    user_id: Mapped[int] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), primary_key=True
    )
    day: Mapped[dt.date] = mapped_column(Date, primary_key=True)
    used: Mapped[int] = mapped_column(default=0)
