"""Sends one mail about an account, with a secret made at that moment. No web."""

from moviesite.accounts import queries
from moviesite.accounts.mails import Kind, write
from moviesite.accounts.single_use_service import Purpose, issue_token
from moviesite.config import current_config
from moviesite.models import User
from moviesite.providers.mail import current_mailer

# Mails that carry a secret, and what it is for.
PURPOSES = {
    Kind.VERIFY_EMAIL: Purpose.VERIFY_EMAIL,
    Kind.RESET_PASSWORD: Purpose.RESET_PASSWORD,
    Kind.CHANGE_ADDRESS: Purpose.CHANGE_EMAIL,
    Kind.CONFIRM_IDENTITY: Purpose.CONFIRM,
}


def send(kind: Kind, user_id: str | int, address: str = "") -> None:
    """Mail somebody at their present address, or at `address` where that one was left.

    A link that moves the account goes to the address that it is to move to.
    Nothing is sent to people who are gone, nor what became pointless while it waited. A second
    run sends a second mail with a secret of its own; the first one's stays good. Raises
    Unavailable where the mail server did not take it.
    """
    user = queries.user_of_job(user_id)
    if user is None or not _wanted(kind, user):
        return
    token = issue_token(user, PURPOSES[kind]) if kind in PURPOSES else ""
    mail = write(
        kind,
        recipient(kind, user, address),
        name=user.username if user.email_verified and kind is not Kind.CHANGE_ADDRESS else "",
        base_url=current_config().public_url,
        token=token,
    )
    current_mailer().send(mail)


def recipient(kind: Kind, user: User, address: str = "") -> str:
    """Where this mail goes; `address` is one that the person has left."""
    if kind is Kind.CHANGE_ADDRESS:
        return user.pending_email or user.email
    return address or user.email


def _wanted(kind: Kind, user: User) -> bool:
    if kind is Kind.VERIFY_EMAIL:
        return user.is_active and not user.email_verified
    if kind in (Kind.CHANGE_ADDRESS, Kind.ADDRESS_ASKED):
        return user.is_active and user.pending_email is not None
    return user.is_active or kind not in PURPOSES
