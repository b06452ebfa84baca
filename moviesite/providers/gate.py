"""Whether a call may leave: breaker, rate and bulkhead. Sends nothing itself."""

import math
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

import redis
from flask import current_app
from limits import RateLimitItemPerSecond
from limits.storage import MemoryStorage, RedisStorage
from limits.strategies import MovingWindowRateLimiter

from moviesite import log_context, metrics, request_costs
from moviesite.errors import Unavailable

T = TypeVar("T")

RATE = 20  # calls a second over all processes
TRIP_AFTER = 5  # failures in a row
OPEN_SECONDS = 10  # then nobody calls
PROBE_SECONDS = 4  # longer than one call may take: one caller tries, the others wait for it
REMEMBER_SECONDS = 60
# A source that fell silent counts as silent until it answers, however seldom it is asked.
SILENT_SECONDS = 86400
# The breaker's keys: failures in a row, a mark while nobody may call, one until the next answer.
FAILURES, CLOSED, SILENT = "failures", "closed", "silent"


class Gate:
    """Breaker and rate are shared through Redis, or kept in this process while it is away."""

    def __init__(
        self,
        name: str,
        redis_client: redis.Redis | None,
        threads: int,
        *,
        rate: int = RATE,
        open_seconds: int = OPEN_SECONDS,
    ) -> None:
        """`threads` is the number of request threads; calls may occupy half of them."""
        self.name = name
        self.stats: Counter[str] = Counter()
        self._slots = threading.BoundedSemaphore(max(1, threads // 2))
        self._rate = RateLimitItemPerSecond(rate)
        self._open_seconds = open_seconds
        prefix = "gate:" + "-".join(name.lower().split())
        self._local = MemoryStorage()
        self._shared = None
        if redis_client is not None:
            pool = redis_client.connection_pool
            self._shared = RedisStorage("redis://", connection_pool=pool, key_prefix=prefix)
        self._had_failures = False
        self._failed_at = -math.inf
        self._seen_closed = (-math.inf, False)

    def note(self, event: str) -> None:
        """Count something that happened here."""
        self.stats[event] += 1
        metrics.UPSTREAM.labels(self.name, event).inc()

    def _store(self, act: Callable[[MemoryStorage | RedisStorage], T]) -> T:
        if self._shared is not None:
            try:
                return act(self._shared)
            except redis.RedisError:
                self.note("redis_away")
        return act(self._local)

    # The breaker: a count of failures and a mark that stands while nobody may call.

    def admit(self) -> None:
        """Let this caller through or raise Unavailable; after a pause exactly one may try."""
        failures = self._store(lambda store: store.get(FAILURES))
        silent = failures == 0 and self.silent
        self._had_failures = self._had_failures or failures > 0 or silent
        if self.shut or (failures >= TRIP_AFTER and not self._is_first()):
            self.note("refused")
            raise Unavailable(f"{self.name} is not answering.")

    def _is_first(self) -> bool:
        return self._store(lambda store: store.incr(CLOSED, PROBE_SECONDS)) == 1

    def passed(self) -> None:
        """An answer came."""
        self.note("answers")
        self._failed_at = -math.inf
        if self._had_failures:
            self._had_failures = False
            self._store(lambda store: store.clear(FAILURES))
            self._store(lambda store: store.clear(CLOSED))
            self._store(lambda store: store.clear(SILENT))
            self._seen_closed = (-math.inf, False)

    def failed(self, *, counts: bool) -> None:
        """No answer came; failures that count close the gate once there are enough in a row."""
        self.note("failures")
        self._failed_at = time.monotonic()
        if not counts:
            return
        self._had_failures = True
        failures = self._store(lambda store: store.incr(FAILURES, REMEMBER_SECONDS))
        if failures >= TRIP_AFTER:
            self._store(lambda store: store.clear(FAILURES))
            self._store(lambda store: store.incr(FAILURES, REMEMBER_SECONDS, failures))
            self._store(lambda store: store.incr(SILENT, SILENT_SECONDS))
            self.pause(self._open_seconds)

    def pause(self, seconds: float) -> None:
        """Nobody calls for so long: the source asked for it, or is down."""
        self._store(lambda store: store.clear(CLOSED))
        self._store(lambda store: store.incr(CLOSED, max(1, math.ceil(seconds))))

    @property
    def answering(self) -> bool:
        """False while nobody may call, or when the last call of this process failed lately."""
        now = time.monotonic()
        if now - self._failed_at < REMEMBER_SECONDS:
            return False
        seen_at, closed = self._seen_closed
        if now - seen_at > 1:
            closed = self.shut
            self._seen_closed = (now, closed)
        return not closed

    @property
    def shut(self) -> bool:
        """Whether nobody may call at this moment, in any process."""
        return self._store(lambda store: store.get(CLOSED)) > 0

    @property
    def silent(self) -> bool:
        """Whether the breaker opened, in any process, and no answer has come since."""
        return self._store(lambda store: store.get(SILENT)) > 0

    # The rate, and the bulkhead.

    def take(self, until: float) -> bool:
        """Wait for a turn, at most until that moment of the monotonic clock."""
        while not self._store(lambda store: MovingWindowRateLimiter(store).hit(self._rate)):
            if time.monotonic() + 0.05 > until:
                return False
            time.sleep(0.05)
        return True

    def run(self, call: Callable[[], T], seconds: float) -> T:
        """The call's result, or TimeoutError at the deadline, whatever the call is waiting for.

        A thread for each call and no executor: an executor joins its threads at exit, and an
        answer that drips would keep a stopping process alive. No thread lives through a fork.
        """
        if not self._slots.acquire(blocking=False):
            self.note("busy")
            raise Unavailable(f"Too many calls to {self.name} at once.")
        future: Future[T] = Future()

        def work() -> None:
            try:
                future.set_result(call())
            except BaseException as error:
                future.set_exception(error)
            finally:
                self._slots.release()

        try:
            threading.Thread(
                target=log_context.carrying(work), name=f"{self.name}-call", daemon=True
            ).start()
        except RuntimeError:
            self._slots.release()
            raise Unavailable(f"No thread left for a call to {self.name}.") from None
        began = time.perf_counter()
        try:
            return future.result(seconds)
        finally:
            took = time.perf_counter() - began
            metrics.UPSTREAM_SECONDS.labels(self.name).observe(took)
            request_costs.note_upstream(took)


def current_gates() -> list[Gate]:
    """The gates of every source that the current application may ask."""
    gates: list[Gate] = current_app.extensions["gates"]
    return gates
