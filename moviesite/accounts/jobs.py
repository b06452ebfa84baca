"""Background doors of accounts. Each may run twice without harm."""

from moviesite.accounts import attempt_service, session_service, single_use_service


def forget_old_access() -> None:
    """Delete sessions, mailed secrets and counts of tries that are long over."""
    session_service.forget_old()
    single_use_service.forget_old()
    attempt_service.forget_old()
