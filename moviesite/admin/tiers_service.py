"""Tiers of accounts, made and changed with an entry in the audit log. No web."""

from typing import Any

from moviesite import audit, idempotency
from moviesite.assistant import tier_service
from moviesite.assistant.tier_service import ListedTier
from moviesite.audit import Act, Subject
from moviesite.errors import NotFound
from moviesite.idempotency import Once
from moviesite.models import User
from moviesite.transactions import transactional


def listing() -> list[ListedTier]:
    """Every tier, the smallest first: two statements."""
    return tier_service.listing()


def one(code: str) -> ListedTier:
    """The tier of this code; raises NotFound. Two statements."""
    for tier in listing():
        if tier.code == code:
            return tier
    raise NotFound("There is no such tier.")


def create(
    actor: User,
    code: str,
    name: str,
    daily_limit: int,
    *,
    is_default: bool,
    once: Once | None = None,
) -> None:
    """A new tier; a request repeated under the same `once` does nothing more.

    Raises InvalidInput, Conflict where the code is taken, Forbidden.
    """

    @transactional
    def make() -> None:
        tier_service.create(code, name, daily_limit, is_default)
        audit.record(actor, Act.TIER_ADD, _subject(code, name), after=_state(one(code)))
        if once:
            idempotency.remember(once, code)

    idempotency.done_once(once, make, lambda _: None)


@transactional
def edit(actor: User, code: str, changes: dict[str, Any]) -> None:
    """Change some of `name`, `daily_limit` and `is_default`.

    Raises NotFound, InvalidInput, Conflict where there would be no default, Forbidden.
    """
    before = one(code)
    tier_service.edit(code, **changes)
    after = one(code)
    if after != before:
        subject = _subject(code, after.name)
        audit.record(actor, Act.TIER_EDIT, subject, before=_state(before), after=_state(after))


@transactional
def remove(actor: User, code: str, successor: str | None = None) -> None:
    """Delete a tier; its people get the `successor`, or whatever the default is.

    Raises NotFound where either is unknown, Conflict for the default, Forbidden.
    """
    before = one(code)
    tier_service.remove(code, successor)
    gone = {**_state(before), "people": before.people}
    audit.record(
        actor,
        Act.TIER_DELETE,
        _subject(code, before.name),
        before=gone,
        after={"successor": successor},
    )


def _subject(code: str, name: str) -> Subject:
    return Subject("tier", code, name)


def _state(tier: ListedTier) -> dict[str, Any]:
    names = ("name", "daily_limit", "is_default")
    return {name: getattr(tier, name) for name in names}
