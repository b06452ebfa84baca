"""Background doors of accounts. Each may run twice without harm."""

from moviesite import idempotency
from moviesite.accounts import (
    attempt_service,
    profile_service,
    session_service,
    single_use_service,
)


def cleanup_media() -> None:
    """Delete uploaded pictures that nobody shows any more."""
    profile_service.cleanup_media()


def forget_old_access() -> None:
    """Delete sessions, mailed secrets, repeated requests and counts of tries that are long over."""
    idempotency.forget_old()
    session_service.forget_old()
    single_use_service.forget_old()
    attempt_service.forget_old()
