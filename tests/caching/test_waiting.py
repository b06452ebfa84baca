"""Who waits for another's load has its answer, or hears in time that there is none yet."""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import pytest
import redis

from moviesite.errors import Unavailable
from moviesite.extensions import connect_redis
from moviesite.single_flight import SingleFlight

pytestmark = pytest.mark.redis


@pytest.fixture
def client(clean_redis: str) -> Iterator[redis.Redis]:
    """An empty Redis."""
    connection = connect_redis(clean_redis)
    yield connection
    connection.close()


@pytest.fixture
def crowd() -> Iterator[ThreadPoolExecutor]:
    """Threads to ask in."""
    with ThreadPoolExecutor(8) as pool:
        yield pool


def test_what_another_process_loads_is_found(
    client: redis.Redis, crowd: ThreadPoolExecutor
) -> None:
    # Two of them share nothing but Redis, as two processes do.
    one, other, found = SingleFlight(client, 8), SingleFlight(client, 8), list[str]()
    loading = threading.Event()

    def look() -> str | None:
        return found[0] if found else None

    def load() -> str:
        loading.set()
        time.sleep(0.3)
        found.append("loaded")
        return "loaded"

    first = crowd.submit(one.fly, "key", look, load)
    assert loading.wait(2)
    second = crowd.submit(other.fly, "key", look, never)
    assert (first.result(3), second.result(3)) == ("loaded", "loaded")
    assert client.keys("lock:*") == [], "no lock is left behind"


def never() -> str:
    raise AssertionError("somebody else is loading")


def test_who_waits_in_vain_is_told_to_come_back(
    client: redis.Redis, crowd: ThreadPoolExecutor
) -> None:
    one, other = SingleFlight(client, 8), SingleFlight(client, 8)
    loading, over = threading.Event(), threading.Event()

    def load() -> str:
        loading.set()
        over.wait(10)
        return "late"

    def nothing() -> str | None:
        return None

    leader = crowd.submit(one.fly, "key", nothing, load)
    assert loading.wait(2)
    started = time.monotonic()
    waiting = [crowd.submit(flight.fly, "key", nothing, never) for flight in (one, other)]
    for follower in waiting:
        assert retry_after(follower) == 1
    assert 2.5 < time.monotonic() - started < 8
    over.set()
    assert leader.result(2) == "late"


def crowd_of_eight(
    crowd: ThreadPoolExecutor, flight: SingleFlight, seconds: float
) -> list[Future[str]]:
    """Seven who come while the first one's load takes so many seconds."""
    loading = threading.Event()

    def load() -> str:
        loading.set()
        time.sleep(seconds)
        return "loaded"

    first = crowd.submit(flight.fly, "key", lambda: None, load)
    assert loading.wait(2)
    return [first, *(crowd.submit(flight.fly, "key", lambda: None, never) for _ in range(7))]


def test_a_crowd_before_something_new_gets_it(crowd: ThreadPoolExecutor) -> None:
    everybody = crowd_of_eight(crowd, SingleFlight(None, 4), 0.2)
    assert {one.result(2) for one in everybody} == {"loaded"}


def test_a_slow_source_holds_half_of_the_threads_at_most(crowd: ThreadPoolExecutor) -> None:
    flight, started = SingleFlight(None, 4), time.monotonic()
    first, *others = crowd_of_eight(crowd, flight, 1.5)
    told = [one for one in others if isinstance(one.exception(3), Unavailable)]
    assert len(told) == 6, "two seats: the first one's and one more"
    assert 1.4 < time.monotonic() - started < 5
    assert first.result(1) == "loaded"


def test_those_without_a_seat_hear_so_after_a_moment_and_later_ones_at_once(
    crowd: ThreadPoolExecutor,
) -> None:
    flight = SingleFlight(None, 2)
    started = time.monotonic()
    _, *others = crowd_of_eight(crowd, flight, 1.2)
    for one in others:
        assert retry_after(one) == 1
    assert time.monotonic() - started < 0.9
    again = time.monotonic()
    with pytest.raises(Unavailable):
        flight.fly("key", lambda: None, never)
    assert time.monotonic() - again < 0.4


def retry_after(future: Future[str]) -> int | None:
    with pytest.raises(Unavailable) as caught:
        future.result(5)
    return caught.value.retry_after


@pytest.mark.parametrize("error", [Unavailable("no"), ZeroDivisionError()])
def test_a_failure_reaches_all_who_wait_and_frees_the_lock(
    client: redis.Redis, crowd: ThreadPoolExecutor, error: Exception
) -> None:
    flight, loading = SingleFlight(client, 8), threading.Event()

    def load() -> str:
        loading.set()
        time.sleep(0.2)
        raise error

    asking: list[Callable[[], str]] = [load, never]
    futures = []
    for ask in asking:
        futures.append(crowd.submit(flight.fly, "key", lambda: None, ask))
        assert loading.wait(2)
    for future in futures:
        with pytest.raises(type(error)):
            future.result(3)
    assert flight.fly("key", lambda: None, lambda: "again") == "again"


def test_background_work_is_done_once_and_not_too_much_of_it_at_a_time() -> None:
    flight, over, done = SingleFlight(None, 8), threading.Event(), list[str]()

    def work(key: str) -> Callable[[], None]:
        def do() -> None:
            over.wait(3)
            done.append(key)

        return do

    for key in ("a", "a", "b", "c"):
        flight.later(key, work(key))
    over.set()
    for thread in threading.enumerate():
        if thread.name == "refresh":
            thread.join(3)
    assert sorted(done) == ["a", "b"], "a quarter of eight threads"


def test_background_work_for_which_there_is_no_thread_can_be_done_later() -> None:
    flight, done = SingleFlight(None, 4), threading.Event()
    usual = threading.stack_size(2**47)
    try:
        flight.later("a", done.set)
    finally:
        threading.stack_size(usual)
    flight.later("a", done.set)
    assert done.wait(3)
