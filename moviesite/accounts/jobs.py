"""Background doors of accounts. Each may run twice without harm."""

from moviesite.accounts import attempt_service, mail_service, session_service, single_use_service
from moviesite.accounts.mails import Kind


def send_email(kind: str, user_id: int, address: str = "") -> None:
    """Mail somebody; raises where the mail server did not take it, so that it is tried again."""
    mail_service.send(Kind(kind), user_id, address)


def forget_old_access() -> None:
    """Delete sessions, mailed secrets and counts of tries that are long over."""
    session_service.forget_old()
    single_use_service.forget_old()
    attempt_service.forget_old()
