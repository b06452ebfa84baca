"""People, how they prove who they are, and where they are signed in. No secret lies here in clear.

Whatever somebody carries (a cookie, a token) is kept as its SHA-256 in hexadecimal.
"""

import datetime as dt
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
    Uuid,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from moviesite import clock
from moviesite.extensions import Base
from moviesite.models.types import UtcDateTime

BROWSER, API = "browser", "api"

MAX_USERNAME = 150
MAX_EMAIL = 254
MAX_BIO = 1000

# For so long a session may do what is dangerous once its owner has confirmed it.
CONFIRMED_FOR = dt.timedelta(minutes=15)

_DIGEST = String(64)


def _user_key() -> Mapped[int]:
    return mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)


class User(Base):
    """Somebody with an account. The integer stays inside; `uuid` is what others see."""

    __tablename__ = "users"

    id: Mapped[int] = mapped_column(primary_key=True)
    uuid: Mapped[UUID] = mapped_column(Uuid, unique=True, default=uuid4)
    username: Mapped[str] = mapped_column(String(MAX_USERNAME))
    # Folding may lengthen a text, `ß` to `ss` for one.
    username_folded: Mapped[str] = mapped_column(String(3 * MAX_USERNAME), unique=True)
    email: Mapped[str] = mapped_column(String(MAX_EMAIL))
    email_folded: Mapped[str] = mapped_column(String(3 * MAX_EMAIL), unique=True)
    email_verified_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    # The address that somebody asked to move to, until they have shown that it is theirs.
    pending_email: Mapped[str | None] = mapped_column(String(MAX_EMAIL))
    # None where somebody has only ever come through another provider.
    password_hash: Mapped[str | None] = mapped_column(String(255))
    is_admin: Mapped[bool] = mapped_column(default=False)
    is_active: Mapped[bool] = mapped_column(default=True)
    joined_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=clock.now, index=True)

    # Name of a file in the media folder.
    avatar_path: Mapped[str | None] = mapped_column(String(100))
    locale: Mapped[str] = mapped_column(String(20), default="")
    time_zone: Mapped[str] = mapped_column(String(64), default="")
    bio: Mapped[str] = mapped_column(String(MAX_BIO), default="")
    region: Mapped[str] = mapped_column(String(2), default="")
    # Ids of the services that this person can watch movies on.
    providers: Mapped[list[int]] = mapped_column(JSON, default=list)
    show_adult: Mapped[bool] = mapped_column(default=False)
    # None means the default tier, whichever that is.
    tier_code: Mapped[str | None] = mapped_column(ForeignKey("account_tiers.code"), index=True)

    # Kept by triggers of the library's tables; the version grows with every change of any.
    library_version: Mapped[int] = mapped_column(default=0, server_default="0")
    favorite_count: Mapped[int] = mapped_column(default=0, server_default="0")
    watchlist_count: Mapped[int] = mapped_column(default=0, server_default="0")

    @property
    def library_edition(self) -> str:
        """Names this state of this person's library, and nothing else ever.

        Of an account that is gone SQLite may give the number to the next one.
        """
        return f"{self.uuid.hex}.{self.library_version}"

    @property
    def zone(self) -> dt.tzinfo:
        """Where this person's days begin; UTC where the zone is not said or not known."""
        try:
            return ZoneInfo(self.time_zone) if self.time_zone else dt.UTC
        except (ZoneInfoNotFoundError, ValueError):
            return dt.UTC

    @property
    def email_verified(self) -> bool:
        """Whether the present address was shown to be this person's."""
        return self.email_verified_at is not None


class Identity(Base):
    """Somebody as another provider knows them."""

    __tablename__ = "identities"
    __table_args__ = (UniqueConstraint("issuer", "subject"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = _user_key()
    issuer: Mapped[str] = mapped_column(String(255))
    subject: Mapped[str] = mapped_column(String(255))
    created_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=clock.now)


class Session(Base):
    """Where somebody is signed in: a browser by its cookie, a program by a family of tokens."""

    __tablename__ = "sessions"
    __table_args__ = (CheckConstraint("kind IN ('browser', 'api')", name="kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    uuid: Mapped[UUID] = mapped_column(Uuid, unique=True, default=uuid4)
    user_id: Mapped[int] = _user_key()
    kind: Mapped[str] = mapped_column(String(10))
    # Of the cookie's secret; a program's session has none.
    token_hash: Mapped[str | None] = mapped_column(_DIGEST, unique=True)
    device: Mapped[str] = mapped_column(String(100), default="")
    address: Mapped[str] = mapped_column(String(45), default="")
    created_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=clock.now)
    last_used_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=clock.now, index=True)
    ended_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    # When its owner last showed in it, beyond carrying its secret, that it is they.
    confirmed_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)

    user: Mapped[User] = relationship(lazy="raise")

    @property
    def is_confirmed(self) -> bool:
        """Whether its owner showed a short while ago that it is they."""
        return self.confirmed_at is not None and clock.now() - self.confirmed_at < CONFIRMED_FOR


class RefreshToken(Base):
    """One link of a session's chain of refresh tokens; used once, it is followed by the next."""

    __tablename__ = "refresh_tokens"

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(
        ForeignKey("sessions.id", ondelete="CASCADE"), index=True
    )
    token_hash: Mapped[str] = mapped_column(_DIGEST, unique=True)
    created_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=clock.now)
    expires_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, index=True)
    used_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)

    session: Mapped[Session] = relationship(lazy="raise")


class SingleUseToken(Base):
    """A secret that was mailed. It works once, for one purpose, while what it is bound to holds."""

    __tablename__ = "single_use_tokens"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = _user_key()
    purpose: Mapped[str] = mapped_column(String(30))
    token_hash: Mapped[str] = mapped_column(_DIGEST, unique=True)
    # Of the password's hash or of the address at the time of sending.
    bound: Mapped[str] = mapped_column(_DIGEST)
    expires_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, index=True)
    used_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)

    user: Mapped[User] = relationship(lazy="raise")


class SignInAttempt(Base):
    """How often a bucket (an account, an address, everybody) was used in one slice of time."""

    __tablename__ = "sign_in_attempts"
    __table_args__ = (
        UniqueConstraint("bucket", "window_start"),
        Index("ix_sign_in_attempts_window_start", "window_start"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    bucket: Mapped[str] = mapped_column(String(100))
    # Seconds since 1970.
    window_start: Mapped[int] = mapped_column(BigInteger)
    count: Mapped[int] = mapped_column(default=0)
