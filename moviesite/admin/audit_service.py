"""Writes down what those who run the site do, in the transaction in which it is done. No web."""

import datetime as dt
import re
from collections.abc import Mapping
from enum import Enum
from typing import Any, NamedTuple
from uuid import UUID

import structlog

from moviesite import clock
from moviesite.accounts import policy
from moviesite.admin.acts import Act
from moviesite.extensions import db
from moviesite.models import AuditEntry, User
from moviesite.models.audit import MAX_SUBJECT_ID, MAX_SUBJECT_NAME
from moviesite.transactions import transactional

COMMAND_LINE = "command line"

_SECRET = re.compile(r"password|secret|token|hash|api_key|grant", re.IGNORECASE)
_HIDDEN = "(not kept)"
_LONGEST_VALUE = 2000


class Subject(NamedTuple):
    """What was acted on: its kind, its id as others see it, and what it is called."""

    kind: str
    id: str | int | UUID
    name: str = ""


@transactional
def record(
    actor: User | None,
    act: Act,
    subject: Subject,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    """Note an act in the present transaction; `actor` is None for the command line.

    Of `before` and `after` only what differs is kept, secrets and long texts in no case whole.
    Raises Forbidden where the actor does not run the site, which undoes the act.
    """
    if actor is not None:
        policy.check_admin(actor)
    was, is_now = differing(before or {}, after or {})
    db.session.add(
        AuditEntry(
            actor_id=actor.id if actor else None,
            actor_name=actor.username if actor else COMMAND_LINE,
            act=str(act),
            subject_kind=subject.kind,
            subject_id=str(subject.id)[:MAX_SUBJECT_ID],
            subject_name=subject.name[:MAX_SUBJECT_NAME],
            before=was,
            after=is_now,
            request_id=str(structlog.contextvars.get_contextvars().get("request_id", ""))[:64],
        )
    )


def differing(
    before: Mapping[str, Any], after: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """What differs of two states, as JSON holds it; a field that one of them lacks differs."""
    names = [name for name in {**before, **after} if not _same(before, after, name)]
    return _kept(before, names), _kept(after, names)


def _same(before: Mapping[str, Any], after: Mapping[str, Any], name: str) -> bool:
    return name in before and name in after and before[name] == after[name]


def _kept(state: Mapping[str, Any], names: list[str]) -> dict[str, Any]:
    return {
        name: _HIDDEN if _SECRET.search(name) else _plain(state[name])
        for name in names
        if name in state
    }


def _plain(value: Any) -> Any:
    """The value as JSON holds it."""
    match value:
        case Enum():
            return _plain(value.value)
        case bool() | int() | float() | None:
            return value
        case str():
            return value if len(value) <= _LONGEST_VALUE else f"{value[:_LONGEST_VALUE]} …"
        case dt.datetime():
            return clock.rfc3339(value)
        case Mapping():
            return _kept(value, list(value))
        case list() | tuple() | set() | frozenset():
            return [_plain(one) for one in value]
    return str(value)
