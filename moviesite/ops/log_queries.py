"""Looks through the log lines that all processes share. Changes nothing."""

import heapq
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any, NamedTuple

import redis
from redis.exceptions import RedisError

from moviesite import log_store
from moviesite.extensions import redis_connection
from moviesite.log_store import LINES, MOST, WORK, Entry

PAGE_SIZE = 100

# What can be asked for, with the streams it is in; work is told apart by its own kind.
KINDS = {"all": (LINES, WORK), "problem": (LINES,), "request": (WORK,), "job": (WORK,)}
LEVELS = ("warning", "error", "critical")
# Fields with a place of their own; whatever else a line holds is shown behind them.
_TOLD = {
    *("timestamp", "level", "logger", "event", "exception", "stack", "kind"),
    *("request_id", "job_id", "user_id"),
}


class LogWish(NamedTuple):
    """What of the log is wanted; empty is everything. `id` is that of a request or a job."""

    id: str = ""
    query: str = ""
    kind: str = "all"
    level: str = ""


class Line(NamedTuple):
    """A line for people; `details` are its other fields, by name."""

    place: str
    at: str
    kind: str
    level: str
    words: str
    request_id: str
    job_id: str
    user_id: int | None
    trace: str
    details: dict[str, str]


class Log(NamedTuple):
    """Lines, newest first, and the place from which older ones follow; None at the end.

    Without Redis `available` is false.
    """

    available: bool
    lines: list[Line]
    before: str | None = None


def lines(wish: LogWish, *, before: str = "") -> Log:
    """A page of what fits the wish; every stream is looked through once at most."""
    client = redis_connection.client
    if client is None:
        return Log(False, [])
    try:
        found = list(islice(_fitting(client, wish, before), PAGE_SIZE + 1))
    except RedisError:
        return Log(False, [])
    shown = found[:PAGE_SIZE]
    return Log(
        True, [_line(one) for one in shown], shown[-1].place if len(found) > PAGE_SIZE else None
    )


def _fitting(client: redis.Redis, wish: LogWish, before: str) -> Iterator[Entry]:
    streams = [log_store.entries(client, name, before) for name in KINDS[wish.kind]]
    newest_first = heapq.merge(*streams, key=_order, reverse=True)
    return filter(_test(wish), newest_first)


def _order(entry: Entry) -> tuple[int, int]:
    time, _, number = entry.place.partition("-")
    return int(time), int(number or 0)


def _test(wish: LogWish) -> Callable[[Entry], bool]:
    query = wish.query.casefold()

    def fits(entry: Entry) -> bool:
        fields = entry.fields
        return (
            (not wish.id or wish.id in (fields.get("request_id"), fields.get("job_id")))
            and (not wish.level or fields.get("level") == wish.level)
            and (wish.kind in ("all", "problem") or fields.get("kind") == wish.kind)
            and (not query or query in " ".join(map(str, fields.values())).casefold())
        )

    return fits


def _line(entry: Entry) -> Line:
    fields = entry.fields
    user_id = fields.get("user_id")
    kind = str(fields.get("kind") or "problem") if entry.stream == WORK else "problem"
    return Line(
        place=entry.place,
        at=str(fields.get("timestamp", "")),
        kind=kind,
        level=str(fields.get("level", "info")),
        words=_words(kind, fields),
        request_id=str(fields.get("request_id", "")),
        job_id=str(fields.get("job_id", "")),
        user_id=user_id if isinstance(user_id, int) else None,
        trace=str(fields.get("exception") or fields.get("stack") or ""),
        details=_details(kind, fields),
    )


def _words(kind: str, fields: dict[str, Any]) -> str:
    if kind == "request":
        return f"{fields.get('method')} {fields.get('path')} · {fields.get('status')}"
    if kind == "job":
        return f"{fields.get('job')} · {fields.get('outcome')}"
    return str(fields.get("event", ""))


def _details(kind: str, fields: dict[str, Any]) -> dict[str, str]:
    shown = {"request": {"method", "path", "status"}, "job": {"job", "outcome"}}.get(kind, set())
    return {
        name: str(value)
        for name, value in fields.items()
        if name not in _TOLD | shown and value not in (None, "")
    }


def capacity() -> dict[str, int]:
    """How many lines are kept, by stream."""
    return dict(MOST)
