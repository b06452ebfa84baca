"""Accounts are entered and linked by what Google says of a visitor. No web."""

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from moviesite import clock
from moviesite.accounts import names, queries, service
from moviesite.accounts.client import Client
from moviesite.accounts.linking import Known, Step, decide
from moviesite.config import current_config
from moviesite.errors import Conflict, Forbidden, NotFound, NotSignedIn
from moviesite.extensions import db
from moviesite.models import Identity, User
from moviesite.providers.google import Witnessed
from moviesite.queue import Job, enqueue
from moviesite.transactions import transactional

# Two who arrive at the same moment with the same news: the second finds what the first did.
_TRIES = 3


class PasswordNeeded(Conflict):
    """An address is not enough here; the account's password must be shown before it is linked."""

    title = "Your password is needed"


def enter(witnessed: Witnessed, client: Client) -> User:
    """Whose account opens; it may be a new one.

    Raises PasswordNeeded where the address alone opens nothing, Forbidden for a closed account,
    QuotaExceeded after too many new accounts from one network.
    """
    if not names.is_email(witnessed.email):
        witnessed = witnessed._replace(email="", email_verified=False)
    for left in reversed(range(_TRIES)):
        try:
            return _enter_known(witnessed) or _create(witnessed, client)
        except (IntegrityError, Conflict) as error:
            if isinstance(error, PasswordNeeded) or not left:
                raise
    raise AssertionError("the last try returns or raises")


def enter_by_password(witnessed: Witnessed, identifier: str, password: str, client: Client) -> User:
    """Link an account that was shown to be the visitor's by its password, and open it.

    Raises as `service.sign_in` does, and Conflict where the identity is another account's.
    """
    user = service.sign_in(identifier, password, client)
    link(user, witnessed)
    return user


@transactional
def link(user: User, witnessed: Witnessed) -> None:
    """Let an identity open this account from now on; raises Conflict where it opens another.

    Raises NotSignedIn where the account was closed or its password changed since `user` was
    read: whoever lost it a moment ago must not come back this way.
    """
    password_hash = user.password_hash
    db.session.refresh(user, with_for_update=True)
    if user.password_hash != password_hash or not user.is_active:
        raise NotSignedIn("This account has changed. Sign in again.")
    owner = queries.user_by_identity(witnessed.issuer, witnessed.subject)
    if owner is None:
        _add_identity(user, witnessed)
    elif owner.id != user.id:
        raise Conflict("This Google account is linked to another account here.")


@transactional
def unlink(user: User, identity_id: int) -> None:
    """Take an identity away; raises NotFound, or Conflict where no other way in would be left."""
    mine = select(Identity).where(Identity.user_id == user.id).with_for_update()
    identities = list(db.session.scalars(mine))
    found = next((identity for identity in identities if identity.id == identity_id), None)
    if found is None:
        raise NotFound("This sign-in is not linked to your account.")
    if user.password_hash is None and len(identities) == 1:
        raise Conflict("Set a password first: this is the only way to sign in to your account.")
    db.session.delete(found)


@transactional
def _enter_known(witnessed: Witnessed) -> User | None:
    """The account that is there, changed as the policy says; None where one is to be made."""
    known = Known(
        queries.user_by_identity(witnessed.issuer, witnessed.subject),
        queries.user_by_email(witnessed.email) if witnessed.email_verified else None,
    )
    if known.by_address:
        db.session.refresh(known.by_address, with_for_update=True)
    step = decide(witnessed, known)
    if step is Step.REFUSE:
        raise Forbidden("This account was closed. Please contact the people who run this site.")
    if step is Step.ASK_PASSWORD:
        link_page = f"{current_config().public_url}/auth/google/login"
        raise PasswordNeeded(_why(witnessed), code="password_needed", link=link_page)
    if step is Step.TAKE_OVER and known.by_address:
        _empty(known.by_address)
    if step in (Step.LINK, Step.TAKE_OVER) and known.by_address:
        _add_identity(known.by_address, witnessed)
    return known.by_identity or known.by_address


def _why(witnessed: Witnessed) -> str:
    why = "Google has not confirmed the address"
    if witnessed.email_verified:
        why = "an account here already uses this address"
    return f"Sign in with a password and link Google: {why}."


def _empty(user: User) -> None:
    """Take from a stranger who registered this address all they could come back with."""
    user.password_hash = user.pending_email = None
    user.email_verified_at = clock.now()
    user.bio, user.avatar_path = "", None
    service.throw_out(user)


def _create(witnessed: Witnessed, client: Client) -> User:
    # Should the link be lost on the way, the next visit makes it: the address is confirmed.
    user = service.register(witnessed.email, None, client, verified=True)
    _link_new(user, witnessed)
    return user


@transactional
def _link_new(user: User, witnessed: Witnessed) -> None:
    # The account before the identity, as everywhere here: two orders would be a deadlock.
    db.session.refresh(user, with_for_update=True)
    db.session.add(_identity(user, witnessed))


def _add_identity(user: User, witnessed: Witnessed) -> None:
    db.session.add(_identity(user, witnessed))
    db.session.flush()
    enqueue(Job.SEND_EMAIL, "identity_linked", str(user.uuid))


def _identity(user: User, witnessed: Witnessed) -> Identity:
    return Identity(user_id=user.id, issuer=witnessed.issuer, subject=witnessed.subject)
