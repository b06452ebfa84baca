"""Addresses are proven, and changed once the new one is proven; until then the old one holds."""

from sqlalchemy.exc import IntegrityError

from moviesite import clock
from moviesite.accounts import attempt_service, names, queries, service
from moviesite.accounts.attempt_service import Limit
from moviesite.accounts.single_use_service import Purpose, redeem
from moviesite.extensions import db
from moviesite.models import User
from moviesite.queue import Job, enqueue
from moviesite.transactions import transactional

# Links that one person may have mailed, to whatever address, in an hour.
_LINKS = 5
_HOUR = 3600


@transactional
def ask_for_change(user: User, email: str) -> None:
    """Mail the new address a link that moves the account there, and tell the present one.

    Sign-in, resets and mails stay with the present address meanwhile. Raises QuotaExceeded.
    """
    if user.pending_email != email:
        user.pending_email = email
        enqueue(Job.SEND_EMAIL, "address_asked", user.id)
    _send_link(user, "change_address")


@transactional
def cancel_change(user: User) -> None:
    """Stay with the present address; links to another one are worth nothing from now on."""
    user.pending_email = None


@transactional
def request_verification(user: User) -> None:
    """Mail the link once more, to the address that waits for it; raises QuotaExceeded.

    That is the one to move to, else the present one; where neither waits, nothing is sent.
    """
    if user.pending_email:
        _send_link(user, "change_address")
    elif not user.email_verified:
        _send_link(user, "verify_email")


def verify_email(token: str) -> User:
    """Take an address as proven by a mailed secret, and move there if it was asked for.

    Raises InvalidInput for a bad secret, Conflict where somebody else got the address first.
    """
    try:
        return _prove(token)
    except IntegrityError as error:
        raise service.taken_conflict({"email"}) from error


@transactional
def _prove(token: str) -> User:
    user, purpose = redeem(token, Purpose.VERIFY_EMAIL, Purpose.CHANGE_EMAIL)
    if purpose is Purpose.CHANGE_EMAIL and user.pending_email:
        _move(user, user.pending_email)
    else:
        user.email_verified_at = user.email_verified_at or clock.now()
    return user


def _move(user: User, email: str) -> None:
    if "email" in queries.taken_among(email, user.username, besides=user.id):
        raise service.taken_conflict({"email"})
    enqueue(Job.SEND_EMAIL, "address_changed", user.id, user.email)
    user.email, user.email_folded = email, names.folded(email)
    user.pending_email, user.email_verified_at = None, clock.now()
    db.session.flush()


def _send_link(user: User, kind: str) -> None:
    attempt_service.take([Limit(f"verify:{user.uuid}", _LINKS, _HOUR)])
    enqueue(Job.SEND_EMAIL, kind, user.id)
