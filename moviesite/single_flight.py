"""One load for many callers, across threads and processes. Knows nothing of what is loaded."""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from typing import Any, TypeVar

import redis
from redis.lock import Lock

from moviesite import budget, log_context
from moviesite.errors import Unavailable

T = TypeVar("T")

# The name of threads that renew something while no visitor waits for it.
REFRESH = "refresh"

LOCK_SECONDS = 1.0  # when the lock of a dead holder expires; a living one keeps extending it
EXTEND_EVERY = 0.3
WAIT_SECONDS = 3.0
LOOK_EVERY = 0.04
LONGEST_LOAD = 30.0
# So long after its start any caller may wait for a load: most are over by then.
BOARDING_SECONDS = 0.5


class _Flight(Future[Any]):
    """A load in progress."""

    def __init__(self) -> None:
        super().__init__()
        self.began = time.monotonic()

    def boarding(self) -> float:
        """For how many more seconds callers without a seat may join."""
        return self.began + BOARDING_SECONDS - time.monotonic()


class SingleFlight:
    """Lets half of the request threads wait for loads; the others get Unavailable at once.

    Except that callers may join a load that has only just begun, for a moment: so a crowd that
    opens a new title gets it, while a slow source still cannot hold every thread.
    """

    def __init__(self, redis_client: redis.Redis | None, threads: int) -> None:
        self._redis = redis_client
        self._seats = threading.BoundedSemaphore(max(1, threads // 2))
        self._background = threading.BoundedSemaphore(max(1, threads // 4))
        self._guard = threading.Lock()
        self._flying: dict[str, _Flight] = {}
        self._refreshing: set[str] = set()

    def fly(self, key: str, look: Callable[[], T | None], load: Callable[[], T]) -> T:
        """What `look` finds, or what the `load` of one caller returns; raises as `load` does.

        Raises Unavailable, at once or after a moment, where too many wait already.
        """
        if not self._seats.acquire(blocking=False):
            found: T = self._join(key)
            return found
        try:
            with self._guard:
                flight = self._flying.get(key)
                if flight is None:
                    mine = self._flying[key] = _Flight()
            if flight is None:
                return self._lead(key, mine, look, load)
            followed: T = self._follow(flight)
            return followed
        finally:
            self._seats.release()

    def _join(self, key: str) -> Any:
        with self._guard:
            flight = self._flying.get(key)
        left = flight.boarding() if flight else 0.0
        if flight is None or left <= 0:
            raise Unavailable("Too many requests are waiting for an answer.")
        return self._follow(flight, left)

    def _lead(
        self, key: str, flight: _Flight, look: Callable[[], T | None], load: Callable[[], T]
    ) -> T:
        try:
            found = self._alone(key, look, load)
        except BaseException as error:
            flight.set_exception(error)
            raise
        else:
            flight.set_result(found)
            return found
        finally:
            with self._guard:
                del self._flying[key]

    def _follow(self, flight: Future[T], most: float = WAIT_SECONDS) -> T:
        try:
            with budget.waiting(most) as seconds:
                return flight.result(seconds)
        except TimeoutError:
            raise Unavailable("The answer is still on its way.") from None

    def _alone(self, key: str, look: Callable[[], T | None], load: Callable[[], T]) -> T:
        """Load under a lock that all processes share, or find what another one loaded."""
        if self._redis is None:
            return load()
        lock = self._redis.lock(f"lock:{key}", timeout=LOCK_SECONDS, thread_local=False)
        until = time.monotonic() + budget.left(WAIT_SECONDS)
        while time.monotonic() < until:
            try:
                taken = lock.acquire(blocking=False)
            except redis.RedisError:
                return load()
            if taken:
                with _held(lock):
                    found = look()
                    return load() if found is None else found
            with budget.waiting(WAIT_SECONDS):
                time.sleep(LOOK_EVERY)
            found = look()
            if found is not None:
                return found
        raise Unavailable("The answer is still on its way.")

    def later(self, key: str, work: Callable[[], None]) -> None:
        """Do the work in a thread, unless that is being done or too much of it is going on."""
        with self._guard:
            if key in self._refreshing or not self._background.acquire(blocking=False):
                return
            self._refreshing.add(key)

        def end() -> None:
            with self._guard:
                self._refreshing.discard(key)
            self._background.release()

        def run() -> None:
            try:
                work()
            finally:
                end()

        try:
            threading.Thread(target=log_context.carrying(run), name=REFRESH, daemon=True).start()
        except RuntimeError:  # no thread is left; the next visitor starts it again
            end()


@contextmanager
def _held(lock: Lock) -> Iterator[None]:
    done = threading.Event()
    keeper = threading.Thread(target=_keep, args=(lock, done), name="lock-keeper", daemon=True)
    keeper.start()
    try:
        yield
    finally:
        done.set()
        keeper.join()
        with suppress(redis.RedisError):
            lock.release()


def _keep(lock: Lock, done: threading.Event) -> None:
    """Extend the lock while the load lasts; gives up in the end, since a load may be stuck."""
    until = time.monotonic() + LONGEST_LOAD
    with suppress(redis.RedisError):
        while not done.wait(EXTEND_EVERY) and time.monotonic() < until:
            lock.reacquire()
