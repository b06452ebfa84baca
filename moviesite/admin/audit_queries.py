"""Reads of the audit log, newest first, by keyset: it grows without end. Changes nothing."""

import base64
import binascii
import datetime as dt
from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import ColumnElement, or_, select

from moviesite.accounts.names import folded
from moviesite.errors import InvalidInput
from moviesite.extensions import db
from moviesite.models import AuditEntry, User

PAGE_SIZE = 50
_BAD_CURSOR = "Not the cursor of a page that was shown."


class AuditWish(NamedTuple):
    """What of the log is wanted; empty is everything. `since` and `until` are days in UTC."""

    actor: str = ""
    act: str = ""
    kind: str = ""
    subject: str = ""
    request_id: str = ""
    since: dt.date | None = None
    until: dt.date | None = None


class AuditPage(NamedTuple):
    """Entries, and what asks for those before them; None at the end."""

    rows: Sequence[AuditEntry]
    cursor: str | None


def entries(wish: AuditWish, *, cursor: str | None = None, page_size: int = PAGE_SIZE) -> AuditPage:
    """A page of what fits the wish: one statement. Raises InvalidInput for no cursor of ours."""
    wanted = select(AuditEntry).where(*_conditions(wish))
    if cursor:
        wanted = wanted.where(AuditEntry.id < _read(cursor))
    newest = wanted.order_by(AuditEntry.id.desc()).limit(page_size + 1)
    found = db.session.scalars(newest).all()
    more = len(found) > page_size
    return AuditPage(found[:page_size], _cursor(found[page_size - 1].id) if more else None)


def _conditions(wish: AuditWish) -> list[ColumnElement[bool]]:
    same = {
        AuditEntry.act: wish.act,
        AuditEntry.subject_kind: wish.kind,
        AuditEntry.subject_id: wish.subject,
        AuditEntry.request_id: wish.request_id,
    }
    found = [column == value for column, value in same.items() if value]
    if wish.actor:
        present = select(User.id).where(User.username_folded == folded(wish.actor))
        found.append(or_(AuditEntry.actor_id.in_(present), AuditEntry.actor_name == wish.actor))
    if wish.since:
        found.append(AuditEntry.at >= _midnight(wish.since))
    if wish.until:
        found.append(AuditEntry.at < _midnight(wish.until) + dt.timedelta(days=1))
    return found


def _midnight(day: dt.date) -> dt.datetime:
    return dt.datetime(day.year, day.month, day.day, tzinfo=dt.UTC)


def _cursor(entry_id: int) -> str:
    return base64.urlsafe_b64encode(str(entry_id).encode()).decode().rstrip("=")


def _read(cursor: str) -> int:
    try:
        told = base64.urlsafe_b64decode(cursor.encode() + b"=" * (-len(cursor) % 4)).decode()
        number = int(told)
        if not 0 <= number < 2**63:
            raise ValueError(_BAD_CURSOR)
    except (ValueError, binascii.Error) as error:
        raise InvalidInput({"query": {"cursor": [_BAD_CURSOR]}}, _BAD_CURSOR) from error
    return number
