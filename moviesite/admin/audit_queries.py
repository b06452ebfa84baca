"""Reads of the audit log, newest first, by keyset: it grows without end. Changes nothing."""

import datetime as dt
from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import ColumnElement, or_, select

from moviesite.accounts.names import folded
from moviesite.bounds import ADMIN_PAGE_SIZE
from moviesite.cursors import cursor_of, place_of
from moviesite.extensions import db
from moviesite.models import AuditEntry, User


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


def entries(
    wish: AuditWish, *, cursor: str | None = None, page_size: int = ADMIN_PAGE_SIZE
) -> AuditPage:
    """A page of what fits the wish: one statement. Raises InvalidInput for no cursor of ours."""
    wanted = select(AuditEntry).where(*_conditions(wish))
    if cursor:
        wanted = wanted.where(AuditEntry.id < place_of(cursor, _row_id))
    newest = wanted.order_by(AuditEntry.id.desc()).limit(page_size + 1)
    found = db.session.scalars(newest).all()
    more = len(found) > page_size
    return AuditPage(found[:page_size], cursor_of(str(found[page_size - 1].id)) if more else None)


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


def _row_id(place: str) -> int:
    number = int(place)
    if not 0 <= number < 2**63:
        raise ValueError(place)
    return number
