"""A bounded memory of log lines in Redis, which all processes share. Never fails its caller.

Two streams, so that what is usual cannot push out what is not: `lines` holds warnings and errors,
`work` a summary of each request and job. A process that serves people hands its lines to a thread
and goes on; when they come faster than they can be sent, they are counted and dropped. The
programs in the background write at once: they fork, and want no thread.
"""

import contextlib
import json
import logging
import os
import threading
import time
from collections.abc import Iterator, Mapping, MutableMapping
from queue import Empty, Full, Queue
from typing import Any, NamedTuple

import redis

from moviesite.extensions import connect_redis

LINES, WORK = "lines", "work"
KEYS = {LINES: "moviesite:log", WORK: "moviesite:log:work"}
# Lines of each stream: a few megabytes of Redis' memory when both are full.
MOST = {LINES: 2_000, WORK: 5_000}
LONGEST_LINE = 8_000
_LONGEST_TRACE, _LONGEST_VALUE = 3_000, 500
KEPT_SECONDS = 14 * 86400
_WAITING = 1_000
_BATCH = 200
# Lines gather for so long before they are sent together.
_GATHER_SECONDS = 0.05
# No reader waits for this; a machine under load may take a second to connect.
_TIMEOUT = 3.0
# What is on its way when a process ends is waited for so long.
_END_SECONDS = 1.0
_CHUNK = 500


class Entry(NamedTuple):
    """A line as it was stored: its place in its stream, and its fields."""

    place: str
    stream: str
    fields: dict[str, Any]


class Store(logging.Handler):
    """Hands log records, and summaries of work, to Redis."""

    def __init__(self, url: str) -> None:
        super().__init__(logging.WARNING)
        self._client = connect_redis(url, timeout=_TIMEOUT)
        self._inside = threading.local()
        self._direct = False
        self._begin_anew()

    def write_directly(self) -> None:
        """Send each line at once from now on; for programs that nobody waits for."""
        self._direct = True

    def emit(self, record: logging.LogRecord) -> None:
        """Store one record, unless it speaks of storing one."""
        if getattr(self._inside, "storing", False):
            return
        try:
            self._put(LINES, self.format(record))
        except Exception:
            self.handleError(record)

    def note_work(self, **fields: Any) -> None:
        """Store a summary of a piece of work. Values are ours or were masked by the caller."""
        self._put(WORK, json.dumps(fields, default=str))

    def flush(self) -> None:
        """Wait a moment for what is on its way, as a process must that is about to end."""
        until = time.monotonic() + _END_SECONDS
        while not self.idle and time.monotonic() < until:
            time.sleep(0.01)

    @property
    def idle(self) -> bool:
        """Whether nothing is on its way."""
        return not self._queue.unfinished_tasks

    def close(self) -> None:
        """Let the thread end."""
        if self._thread is not None:
            with contextlib.suppress(Full):
                self._queue.put(None, timeout=_END_SECONDS)
        super().close()

    def _begin_anew(self) -> None:
        """Of the process that this one was forked from neither thread nor lock is any use."""
        self._pid = os.getpid()
        self._queue: Queue[tuple[str, str] | None] = Queue(_WAITING)
        self._thread: threading.Thread | None = None
        self._starting = threading.Lock()
        self.dropped = 0

    def _put(self, stream: str, line: str) -> None:
        if self._direct:
            self._send([(stream, line)])
            return
        if self._pid != os.getpid():
            self._begin_anew()
        try:
            self._queue.put_nowait((stream, line))
        except Full:
            self.dropped += 1
        if self._thread is None:
            self._start()

    def _start(self) -> None:
        with self._starting:
            if self._thread is None:
                self._thread = threading.Thread(target=self._carry, name="log-store", daemon=True)
                self._thread.start()

    def _carry(self) -> None:
        queue, ending = self._queue, False
        while not ending:
            batch = _taken(queue)
            ending = None in batch
            self._send([line for line in batch if line is not None])
            for _ in batch:
                queue.task_done()

    def _send(self, batch: list[tuple[str, str]]) -> None:
        self._inside.storing = True
        try:
            with self._client.pipeline(transaction=False) as pipeline:
                for stream, line in batch:
                    fields: Any = {"line": line[:LONGEST_LINE].encode("utf-8", "replace")}
                    pipeline.xadd(KEYS[stream], fields, maxlen=MOST[stream], approximate=True)
                pipeline.execute()
        except (redis.RedisError, OSError):
            # The line was written to standard error as well; Redis is not waited for.
            self.dropped += len(batch)
        finally:
            self._inside.storing = False


def _taken(queue: Queue[tuple[str, str] | None]) -> list[tuple[str, str] | None]:
    """The next that comes, and what comes with it."""
    batch = [queue.get()]
    time.sleep(_GATHER_SECONDS)
    with contextlib.suppress(Empty):
        while len(batch) < _BATCH:
            batch.append(queue.get_nowait())
    return batch


def bounded(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> dict[str, Any]:
    """A record whose values are no longer than they may be; of a trace the end says most."""
    return {name: _cut(name, value) for name, value in event.items()}


def _cut(name: str, value: Any) -> Any:
    if name in ("exception", "stack"):
        return str(value)[-_LONGEST_TRACE:]
    text = value if isinstance(value, str) else json.dumps(value, default=str)
    return value if len(text) <= _LONGEST_VALUE else f"{text[:_LONGEST_VALUE]}…"


def current() -> Store | None:
    """Where this process stores its lines; None without Redis."""
    handlers = logging.getLogger().handlers
    return next((handler for handler in handlers if isinstance(handler, Store)), None)


def write_directly() -> None:
    """Have this program send each line at once, where there is a store."""
    store = current()
    if store is not None:
        store.write_directly()


def note_work(**fields: Any) -> None:
    """Store a summary of a piece of work, where there is a store."""
    store = current()
    if store is not None:
        store.note_work(**fields)


def entries(client: redis.Redis, stream: str, before: str = "") -> Iterator[Entry]:
    """What a stream holds, newest first, in bounded steps, from before a place on.

    Raises RedisError.
    """
    last = f"({before}" if before else "+"
    for _ in range(MOST[stream] // _CHUNK + 2):
        found: Any = client.xrevrange(KEYS[stream], max=last, count=_CHUNK)
        for place, fields in found:
            yield Entry(place.decode(), stream, _read(fields))
        if len(found) < _CHUNK:
            return
        last = "(" + found[-1][0].decode()


def forget_old(client: redis.Redis) -> int:
    """Delete lines older than two weeks; says how many. Raises RedisError."""
    oldest = int((time.time() - KEPT_SECONDS) * 1000)
    return sum(
        int(client.xtrim(key, minid=str(oldest), approximate=False)) for key in KEYS.values()
    )


def _read(fields: Mapping[bytes, bytes]) -> dict[str, Any]:
    text = fields.get(b"line", b"").decode("utf-8", "replace")
    try:
        read = json.loads(text)
    except ValueError:
        # A line that was cut off still says most of what it had to.
        return {"event": text}
    return read if isinstance(read, dict) else {"event": text}
