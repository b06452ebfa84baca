"""Writes down what those who run the site do, in the transaction in which it is done. No web.

Whatever feature an act belongs to, it is noted here; the log is read by `admin` alone.
"""

import datetime as dt
import re
from collections.abc import Mapping
from enum import Enum, StrEnum
from typing import Any, NamedTuple
from uuid import UUID

import structlog

from moviesite import clock
from moviesite.errors import NotAdmin
from moviesite.extensions import db
from moviesite.models import AuditEntry, User
from moviesite.models.audit import MAX_SUBJECT_ID, MAX_SUBJECT_NAME
from moviesite.transactions import transactional

COMMAND_LINE = "command line"

_SECRET = re.compile(r"password|secret|token|hash|api_key|grant", re.IGNORECASE)
_HIDDEN = "(not kept)"
_LONGEST_VALUE = 2000


class Act(StrEnum):
    """An act: on what, and which."""

    MOVIE_ADD = "movie.add"
    MOVIE_EDIT = "movie.edit"
    MOVIE_RESET = "movie.reset"
    MOVIE_SYNC = "movie.sync"
    MOVIE_DELETE = "movie.delete"
    MOVIE_RESTORE = "movie.restore"
    GENRE_ADD = "genre.add"
    GENRE_EDIT = "genre.edit"
    GENRE_RESET = "genre.reset"
    GENRE_DELETE = "genre.delete"
    GENRE_RESTORE = "genre.restore"
    KEYWORD_ADD = "keyword.add"
    KEYWORD_EDIT = "keyword.edit"
    KEYWORD_RESET = "keyword.reset"
    KEYWORD_DELETE = "keyword.delete"
    KEYWORD_RESTORE = "keyword.restore"
    CACHE_REFRESH = "cache.refresh"
    USER_EDIT = "user.edit"
    USER_END_SESSIONS = "user.end-sessions"
    TIER_ADD = "tier.add"
    TIER_EDIT = "tier.edit"
    TIER_DELETE = "tier.delete"
    LIST_CURATE = "list.curate"
    LIST_DELETE = "list.delete"
    REVIEW_DISMISS = "review.dismiss"
    REVIEW_REMOVE = "review.remove"
    JOB_RETRY = "job.retry"
    JOB_CANCEL = "job.cancel"
    JOB_RUN = "job.run"
    TMDB_PURGE = "tmdb.purge"
    MODEL_ROLL_BACK = "model.roll-back"


WORDS: dict[str, str] = {
    Act.MOVIE_ADD: "Film added",
    Act.MOVIE_EDIT: "Film edited",
    Act.MOVIE_RESET: "Film reset",
    Act.MOVIE_SYNC: "Film refreshed",
    Act.MOVIE_DELETE: "Film removed",
    Act.MOVIE_RESTORE: "Film restored",
    Act.GENRE_ADD: "Genre added",
    Act.GENRE_EDIT: "Genre edited",
    Act.GENRE_RESET: "Genre reset",
    Act.GENRE_DELETE: "Genre removed",
    Act.GENRE_RESTORE: "Genre restored",
    Act.KEYWORD_ADD: "Keyword added",
    Act.KEYWORD_EDIT: "Keyword edited",
    Act.KEYWORD_RESET: "Keyword reset",
    Act.KEYWORD_DELETE: "Keyword removed",
    Act.KEYWORD_RESTORE: "Keyword restored",
    Act.CACHE_REFRESH: "Cache refreshed",
    Act.USER_EDIT: "Account edited",
    Act.USER_END_SESSIONS: "Signed out everywhere",
    Act.TIER_ADD: "Tier added",
    Act.TIER_EDIT: "Tier edited",
    Act.TIER_DELETE: "Tier deleted",
    Act.LIST_CURATE: "List featured or unfeatured",
    Act.LIST_DELETE: "List deleted",
    Act.REVIEW_DISMISS: "Reports dismissed",
    Act.REVIEW_REMOVE: "Review removed",
    Act.JOB_RETRY: "Job retried",
    Act.JOB_CANCEL: "Job canceled",
    Act.JOB_RUN: "Job started",
    Act.TMDB_PURGE: "TMDb data purged",
    Act.MODEL_ROLL_BACK: "Model rolled back",
}


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
    if actor is not None and not actor.is_admin:
        raise NotAdmin
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
