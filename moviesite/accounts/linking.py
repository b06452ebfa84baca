"""Whose account a witnessed sign-in opens. Pure policy: no database, no request, no clock."""

from enum import Enum
from typing import NamedTuple

from moviesite.models import User
from moviesite.providers.google import Witnessed


class Step(Enum):
    """What follows from a witnessed sign-in."""

    ENTER = "the account that this identity belongs to"
    LINK = "the account with this address, to which the identity is linked"
    TAKE_OVER = "the account with this address, emptied of what a stranger may have set"
    CREATE = "a new account"
    ASK_PASSWORD = "whatever account the visitor proves by password"  # noqa: S105
    REFUSE = "nothing: the account was deactivated"


class Known(NamedTuple):
    """Our side: whose the identity is, and whose the address is; the same person or not."""

    by_identity: User | None
    by_address: User | None


def decide(witnessed: Witnessed, known: Known) -> Step:
    """The step for this visitor.

    An address alone opens an account only where the provider confirmed it, and then only one
    whose owner confirmed the very same address here. Whoever registered an address without
    confirming it loses the account to the one who did, save an administrator's.
    """
    owner = known.by_identity or known.by_address
    if known.by_identity:
        return Step.ENTER if known.by_identity.is_active else Step.REFUSE
    if not witnessed.email_verified:
        return Step.ASK_PASSWORD
    if owner is None:
        return Step.CREATE
    if not same_address(witnessed.email, owner.email):
        return Step.ASK_PASSWORD
    if not owner.is_active:
        return Step.REFUSE
    if owner.email_verified:
        return Step.LINK
    return Step.ASK_PASSWORD if owner.is_admin else Step.TAKE_OVER


def same_address(one: str, other: str) -> bool:
    """Whether two addresses differ in the case of plain letters at most.

    Looking an account up folds more, `ß` to `ss` for one, which another person may own.
    """
    return _plain_lower(one) == _plain_lower(other)


def _plain_lower(address: str) -> bytes:
    # Of bytes, Python lowers the letters A to Z alone.
    return address.encode().lower()
