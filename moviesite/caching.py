"""What is cached, under which name, for how long, and how it is loaded. Asks no source itself.

An entry is JSON bytes with the time at which it was fetched. Entries outlive their freshness:
an old answer, labelled as old, is better than none.
"""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from functools import lru_cache, partial
from typing import Annotated, Any, Generic, NamedTuple, TypeVar, cast
from uuid import UUID

import msgspec
import structlog
from flask import current_app

from moviesite import clock, freshness, metrics, request_cache
from moviesite.cache_backends import ANSWERS, ByteCache
from moviesite.cache_kinds import LONGEST_KEPT, PREFIXES, Kind, kind_of, prefixes_of
from moviesite.config import current_config
from moviesite.errors import MovieSiteError, NotFound, Unavailable
from moviesite.extensions import cache, db, redis_connection
from moviesite.models.snapshots import TmdbSnapshot
from moviesite.queue import Job, offer
from moviesite.single_flight import SingleFlight

T = TypeVar("T")

ABSENT_SECONDS = 60

_loading: ContextVar[bool] = ContextVar("loading", default=False)

log = structlog.get_logger(__name__)


class Answer(NamedTuple, Generic[T]):
    """A value, when its source gave it, and whether it is older than it should be."""

    value: T
    fetched_at: dt.datetime
    stale: bool


class Latest(NamedTuple, Generic[T]):
    """What was loaded last, and whether it is time to load it anew."""

    value: T | None
    due: bool


class Entry(msgspec.Struct, Generic[T], rename={"fetched_at": "at", "value": "v"}):
    """What the cache holds under a key. No value means that the source knows no such thing."""

    fetched_at: Annotated[dt.datetime, msgspec.Meta(tz=True)]
    value: T | None = None


def get_or_load(kind: Kind[T], params: Mapping[str, Any], load: Callable[[], T]) -> Answer[T]:
    """The cached answer, or a loaded one; `load` asks the source and may take its time.

    An answer that is no longer fresh is given at once, labelled, and refreshed afterwards.
    Raises NotFound where the source knows no such thing, Unavailable where there is no answer,
    old or new. What `load` needs from the request must be in its arguments: it may run later.
    """
    key = kind.key(params)
    if kind.repeated:
        return request_cache.answer(key, partial(_get_or_load, kind, key, load))
    return _get_or_load(kind, key, load)


def _get_or_load(kind: Kind[T], key: str, load: Callable[[], T]) -> Answer[T]:
    entry = _cached(kind, key)
    if entry is None:
        _note(kind, "miss")
        return _loaded(kind, key, load)
    _note(kind, "stale" if _seconds_left(kind, entry) <= 0 else "fresh")
    answer = _answer(kind, entry)
    if answer.stale:
        _refresh_later(kind, key, partial(_load, kind, key, load))
    return answer


def renew(kind: Kind[T], params: Mapping[str, Any], load: Callable[[], T]) -> Answer[T]:
    """Load although there may be a fresh answer, as workers do before anybody asks.

    Raises NotFound or Unavailable; the answer that was there then stays.
    """
    return _answer(kind, _load(kind, kind.key(params), load))


def latest(kind: Kind[T], params: Mapping[str, Any]) -> Latest[T]:
    """What was loaded last, old or new, without asking anybody.

    The value is None while nothing was loaded, and where the source said that there is nothing.
    """
    entry = _cached(kind, kind.key(params))
    if entry is None:
        _note(kind, "miss")
        return Latest(None, due=True)
    old = _seconds_left(kind, entry) <= 0
    _note(kind, "stale" if old else "fresh")
    return Latest(entry.value, old)


def load_later(
    kind: Kind[T], params: Mapping[str, Any], load: Callable[[], T], version: Callable[[], object]
) -> None:
    """Load in a background thread, unless one is loading; failures leave the entry as it is.

    What was loaded while `version` changed is not kept: it would overwrite what whoever changed it
    has since amended or forgotten.
    """
    key = kind.key(params)
    _refresh_later(kind, key, partial(_load_settled, kind, key, load, version))


def amend(kind: Kind[T], params: Mapping[str, Any], change: Callable[[T], T]) -> None:
    """Change the entry, where there is one, as its source was just told to.

    Safe where several do so at once, for which `change` may be called more than once.
    """
    _bytes().change(kind.key(params), partial(_amended, kind, change), kind.seconds_kept)


def _amended(kind: Kind[T], change: Callable[[T], T], body: bytes) -> bytes | None:
    entry = decode(kind, body)
    if entry is None or entry.value is None:
        return None
    return encode(change(entry.value), entry.fetched_at)


def forget(kind: Kind[Any], params: Mapping[str, Any]) -> None:
    """Keep an answer no longer."""
    _bytes().delete(kind.key(params))


def note_each(kind: Kind[T], values: Mapping[int, T]) -> None:
    """Keep values that came as a part of another answer, each under its own id."""
    now = clock.now()
    entries = {kind.key({"id": key}): encode(value, now) for key, value in values.items()}
    _bytes().put_each(entries, kind.seconds_kept)


def remembered(
    kind: Kind[T],
    params: Mapping[str, Any],
    load: Callable[[], T],
    edition: Callable[[], object] = lambda: None,
) -> T:
    """What `load` reads from the database, or what it read before, while that is fresh.

    In Redis alone, which all processes share: without one it is read each time. What was read while
    `edition` moved is not kept.
    """
    if redis_connection.client is None:
        return load()
    key = kind.key(params)
    entry = _fresh(kind, key)
    if entry is not None and entry.value is not None:
        _note(kind, "fresh")
        return entry.value
    _note(kind, "miss")
    with settled(key, edition, edition()):
        value = load()
        _bytes().set(key, encode(value, clock.now()), timeout=kind.seconds)
    return value


@contextmanager
def settled(key: str, edition: Callable[[], object], before: object) -> Iterator[None]:
    """Have what is kept under a key meanwhile stay only if `edition` is the same as `before`.

    Whoever changes what it is made of moves the edition, and then forgets what is kept: what was
    read before that and kept after it would stay. So the edition is looked at once it is kept.
    """
    yield
    if edition() != before:
        _bytes().delete(key)


def loading() -> bool:
    """Whether a shared answer is being loaded: personal data must not be looked at meanwhile."""
    return _loading.get()


class Recalled(NamedTuple):
    """An entry with its kind: what a job needs to keep it for longer."""

    kind: Kind[Any]
    value: Any
    fetched_at: dt.datetime
    body: bytes


def recall(key: str) -> Recalled | None:
    """The entry under a key, unless it is gone, does not fit, or says that there is nothing."""
    kind, body = kind_of(key), peek(key)
    if kind is None or body is None:
        return None
    entry = decode(kind, body)
    if entry is None or entry.value is None:
        return None
    return Recalled(kind, entry.value, entry.fetched_at, body)


def peek(key: str) -> bytes | None:
    """The bytes under a key."""
    return _bytes().get(key)


def keep(key: str, body: bytes, seconds: int) -> None:
    """Keep bytes that did not come from a source, for so long at most."""
    _bytes().set(key, body, timeout=seconds)


def purge(kind: Kind[Any] | None = None) -> int:
    """Forget everything that came from TMDb, or one kind of entries; says how many."""
    if kind is None:
        return _bytes().delete_all(*PREFIXES)
    return sum(_bytes().delete(key) for key in list(_bytes().keys(kind.prefix)) if kind.owns(key))


def purge_answers() -> int:
    """Forget whole pages as they were drawn for visitors; says how many.

    Other web processes may show theirs for a few seconds more.
    """
    near: ByteCache | None = getattr(current_app.extensions.get("response_cache"), "near", None)
    if near is not None:
        near.clear()
    return _bytes().delete_all(ANSWERS)


def forget_person(user_id: int, public_id: UUID) -> None:
    """Forget all that is somebody's alone, so that it goes with the account."""
    _bytes().delete_all(*prefixes_of(user_id, public_id))


def encode(value: Any, fetched_at: dt.datetime) -> bytes:
    """An entry as bytes."""
    return msgspec.json.encode(Entry(fetched_at=fetched_at, value=value))


def decode(kind: Kind[T], body: bytes) -> Entry[T] | None:
    """An entry; None for bytes that are no entry of this kind, such as one of an older shape."""
    try:
        entry: Entry[T] = _decoder(kind).decode(body)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return None
    return entry if clock.now() - entry.fetched_at < LONGEST_KEPT else None


def _note(kind: Kind[Any], outcome: str) -> None:
    metrics.CACHE.labels(kind.pattern, outcome).inc()


def _cached(kind: Kind[T], key: str) -> Entry[T] | None:
    body = peek(key)
    return decode(kind, body) if body is not None else None


def _fresh(kind: Kind[T], key: str) -> Entry[T] | None:
    entry = _cached(kind, key)
    return None if entry is None or _seconds_left(kind, entry) <= 0 else entry


def _answer(kind: Kind[T], entry: Entry[T]) -> Answer[T]:
    left = _seconds_left(kind, entry)
    freshness.note(left)
    if entry.value is None:
        raise NotFound
    return Answer(entry.value, entry.fetched_at, stale=left <= 0)


def _seconds_left(kind: Kind[T], entry: Entry[T]) -> float:
    """None are left of what is too old, or was written by a clock that is as far ahead."""
    return kind.seconds - abs((clock.now() - entry.fetched_at).total_seconds())


def _loaded(kind: Kind[T], key: str, load: Callable[[], T]) -> Answer[T]:
    try:
        entry = _flights().fly(key, partial(_cached, kind, key), partial(_load, kind, key, load))
    except Unavailable:
        freshness.note(0)
        kept = _snapshot(kind, key)
        if kept is None:
            raise
        return _answer(kind, kept)._replace(stale=True)
    return _answer(kind, entry)


def _load(kind: Kind[T], key: str, load: Callable[[], T]) -> Entry[T]:
    """Load and keep. That there is no such thing is kept as well, for a short while."""
    token = _loading.set(True)
    try:
        entry: Entry[T] = Entry(fetched_at=clock.now(), value=load())
    except NotFound:
        entry = Entry(fetched_at=clock.now())
    finally:
        _loading.reset(token)
    timeout = ABSENT_SECONDS if entry.value is None else kind.seconds_kept
    _bytes().set(key, msgspec.json.encode(entry), timeout=timeout)
    if kind.kept and entry.value is not None:
        offer(Job.REMEMBER, key)
    return entry


def _load_settled(
    kind: Kind[T], key: str, load: Callable[[], T], version: Callable[[], object]
) -> Entry[T]:
    """Load, and once more where the version changed meanwhile.

    It is compared after the entry was written: otherwise a change could still come in between.
    """
    for _ in range(2):
        before = version()
        entry = _load(kind, key, load)
        if version() == before:
            return entry
        _bytes().delete(key)
    return entry


def _snapshot(kind: Kind[T], key: str) -> Entry[T] | None:
    """The last good answer of the database, back in the cache so that the next one is quick."""
    row = db.session.get(TmdbSnapshot, key) if kind.kept else None
    entry = decode(kind, row.body) if row else None
    if row and entry:
        _bytes().set(key, row.body, timeout=kind.seconds_kept)
    return entry


def _refresh_later(kind: Kind[T], key: str, fetch: Callable[[], Entry[T]]) -> None:
    context = current_app.app_context()
    _flights().later(key, partial(_refresh, context, kind, key, fetch))


def _refresh(
    context: AbstractContextManager[object], kind: Kind[T], key: str, fetch: Callable[[], Entry[T]]
) -> None:
    """Runs in a thread of its own, so in an application context of its own."""
    with context:
        try:
            _flights().fly(key, partial(_fresh, kind, key), fetch)
        except MovieSiteError as error:
            log.info("not refreshed", key=key, problem=str(error))
        except Exception:
            # Nobody waits for it: Python would print it past the log.
            log.exception("refresh failed", key=key)


def _bytes() -> ByteCache:
    return cast(ByteCache, cache.cache)


def _flights() -> SingleFlight:
    flights: SingleFlight | None = current_app.extensions.get("single_flight")
    if flights is None:
        made = SingleFlight(redis_connection.client, current_config().web_threads)
        # Two threads may come here first; both go on with the same one.
        flights = current_app.extensions.setdefault("single_flight", made)
    return flights


@lru_cache(maxsize=64)
def _decoder(kind: Kind[Any]) -> msgspec.json.Decoder[Any]:
    return msgspec.json.Decoder(Entry[kind.type])  # type: ignore[name-defined]
