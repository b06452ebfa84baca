"""What people show before something that cannot be undone: a session alone is not enough. No web.

A session may be a borrowed device or a stolen token.
"""

import datetime as dt
from typing import NamedTuple

from moviesite import clock
from moviesite.accounts import attempt_service, policy, queries, service
from moviesite.accounts.attempt_service import Limit
from moviesite.accounts.client import Client
from moviesite.accounts.single_use_service import Purpose, is_good, issue_token, redeem
from moviesite.errors import Conflict, Forbidden, InvalidInput
from moviesite.models import Session, User
from moviesite.models.accounts import CONFIRMED_FOR
from moviesite.providers.google import Witnessed
from moviesite.queue import Job, enqueue
from moviesite.transactions import transactional

_MAILS = 5
_HOUR = 3600


class Proof(NamedTuple):
    """The account's password or, where it has none, the secret of a confirmation."""

    password: str | None = None
    token: str | None = None


def check(user: User, proof: Proof, client: Client) -> None:
    """Let pass only who shows what the account takes; a confirmation is not used up by this.

    Raises InvalidInput naming what is missing or wrong, QuotaExceeded after too many passwords.
    """
    if user.password_hash is None:
        return _check_confirmation(user, proof.token)
    limits = service.sign_in_limits(user, user.email, client)
    taken_at = attempt_service.take(limits)
    policy.confirm_identity(user, proof.password)
    attempt_service.give_back(limits, taken_at)
    return None


@transactional
def use_up(user: User, proof: Proof) -> None:
    """Use a confirmation up, in the transaction of what it is for; a password stays."""
    if user.password_hash is not None:
        return
    owner, _ = redeem(proof.token or "", Purpose.CONFIRM)
    if owner.id != user.id:
        raise InvalidInput.of("token", "This confirmation belongs to another account.")


@transactional
def mail_confirmation(user: User) -> None:
    """Mail a link that stands in for a password; raises Conflict where there is one."""
    if user.password_hash is not None:
        raise Conflict("This account has a password. Confirm with that instead.")
    attempt_service.take([Limit(f"confirm:{user.uuid}", _MAILS, _HOUR)])
    enqueue(Job.SEND_EMAIL, "confirm_identity", str(user.uuid))


@transactional
def confirm_by_identity(user: User, witnessed: Witnessed) -> str:
    """A confirmation for who was just seen by the provider that opens this account.

    Raises Forbidden where the provider saw somebody else.
    """
    owner = queries.user_by_identity(witnessed.issuer, witnessed.subject)
    if owner is None or owner.id != user.id:
        raise Forbidden("That Google account is not linked to this account.")
    return issue_token(user, Purpose.CONFIRM)


def confirm_session(user: User, session: Session, proof: Proof, client: Client) -> dt.datetime:
    """Let this session do what is dangerous, for a while; returns until when.

    Raises InvalidInput, QuotaExceeded as `check` does.
    """
    check(user, proof, client)
    return _note_confirmed(user, session, proof)


@transactional
def _note_confirmed(user: User, session: Session, proof: Proof) -> dt.datetime:
    use_up(user, proof)
    session.confirmed_at = clock.now()
    return session.confirmed_at + CONFIRMED_FOR


def is_confirmed(user: User, token: str) -> bool:
    """Whether this confirmation is good for this person now."""
    return bool(token) and is_good(token, user, Purpose.CONFIRM)


def _check_confirmation(user: User, token: str | None) -> None:
    if not token:
        raise InvalidInput.of("token", "Please confirm that it is you first.")
    if not is_confirmed(user, token):
        raise InvalidInput.of(
            "token", "This confirmation was already used or has expired. Please confirm again."
        )
