"""Background doors of accounts. Each may run twice without harm."""

from moviesite import idempotency
from moviesite.accounts import (
    attempt_service,
    mail_service,
    profile_service,
    session_service,
    single_use_service,
)
from moviesite.accounts.mails import Kind


def send_email(kind: str, user_id: str | int, address: str = "") -> None:
    """Mail somebody; raises where the mail server did not take it, so that it is tried again."""
    mail_service.send(Kind(kind), user_id, address)


def cleanup_media() -> None:
    """Delete uploaded pictures that nobody shows any more."""
    profile_service.cleanup_media()


def forget_old_access() -> None:
    """Delete sessions, mailed secrets, repeated requests and counts of tries that are long over."""
    idempotency.forget_old()
    session_service.forget_old()
    single_use_service.forget_old()
    attempt_service.forget_old()
