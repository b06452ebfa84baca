"""The gate closes when a source fails, lets one try, and opens again; its rate holds."""

import os
import threading
import time
from collections.abc import Iterator

import pytest
import redis

from moviesite.errors import Unavailable
from moviesite.extensions import connect_redis
from moviesite.providers.gate import TRIP_AFTER, Gate
from tests.servers import free_port


@pytest.fixture(params=["shared", "local", "redis is away"])
def client(request: pytest.FixtureRequest) -> Iterator[redis.Redis | None]:
    """Redis, none, or one that does not answer: the gate works with each."""
    if request.param == "local":
        yield None
        return
    away = f"redis://127.0.0.1:{free_port()}/0"
    url = request.getfixturevalue("redis_url") if request.param == "shared" else away
    connection = connect_redis(url)
    if request.param == "shared":
        connection.flushdb()
    yield connection
    connection.close()


def fail(gate: Gate, times: int) -> None:
    for _ in range(times):
        gate.admit()
        gate.failed(counts=True)


def test_it_closes_after_failures_in_a_row(client: redis.Redis | None) -> None:
    gate = Gate("TMDb", client, 8)
    fail(gate, TRIP_AFTER - 1)
    gate.admit()
    gate.passed()
    fail(gate, TRIP_AFTER - 1)
    gate.admit()
    gate.failed(counts=True)
    with pytest.raises(Unavailable):
        gate.admit()
    assert not gate.answering


def test_one_caller_tries_when_the_pause_is_over(client: redis.Redis | None) -> None:
    gate = Gate("TMDb", client, 8, open_seconds=1)
    fail(gate, TRIP_AFTER)
    time.sleep(1.1)
    gate.admit()
    with pytest.raises(Unavailable):
        gate.admit()
    gate.passed()
    gate.admit()
    assert gate.answering


def test_a_try_that_fails_closes_it_again(client: redis.Redis | None) -> None:
    gate = Gate("TMDb", client, 8, open_seconds=1)
    fail(gate, TRIP_AFTER)
    time.sleep(1.1)
    fail(gate, 1)
    with pytest.raises(Unavailable):
        gate.admit()


def test_refusals_do_not_close_it(client: redis.Redis | None) -> None:
    gate = Gate("TMDb", client, 8)
    for _ in range(3 * TRIP_AFTER):
        gate.admit()
        gate.failed(counts=False)
    gate.admit()


def test_the_rate_holds(client: redis.Redis | None) -> None:
    gate = Gate("TMDb", client, 8, rate=20)
    end = time.monotonic() + 0.4
    taken = sum(gate.take(end) for _ in range(25))
    assert taken == 20
    assert gate.take(time.monotonic() + 2)


def test_processes_share_the_breaker_and_the_rate(redis_url: str) -> None:
    one, other = connect_redis(redis_url), connect_redis(redis_url)
    one.flushdb()
    first, second = Gate("TMDb", one, 8, rate=10), Gate("TMDb", other, 8, rate=10)
    now = time.monotonic()
    assert sum(gate.take(now) for gate in (first, second) * 10) == 10
    fail(first, TRIP_AFTER)
    assert not second.answering
    with pytest.raises(Unavailable):
        second.admit()
    one.close()
    other.close()


def test_a_name_of_several_words_makes_sound_keys(redis_url: str) -> None:
    client = connect_redis(redis_url)
    client.flushdb()
    Gate("Demo catalog", client, 8).failed(counts=True)
    assert client.keys() == [b"gate:demo-catalog:failures"]
    client.close()


def test_calls_run_at_the_same_time_and_are_left_at_the_deadline() -> None:
    gate, both = Gate("TMDb", None, 4), threading.Barrier(2, timeout=2)
    results: list[int] = []
    callers = [
        threading.Thread(target=lambda: results.append(gate.run(both.wait, 2))) for _ in range(2)
    ]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()
    assert sorted(results) == [0, 1]
    with pytest.raises(TimeoutError):
        gate.run(lambda: time.sleep(0.3), 0.05)


def test_a_forked_process_has_threads_and_connections_of_its_own() -> None:
    gate = Gate("TMDb", None, 4)
    assert gate.run(lambda: 1, 1) == 1
    child = os.fork()
    if child == 0:
        try:
            code = 0 if gate.run(lambda: 2, 1) == 2 else 1
        except BaseException:
            code = 2
        os._exit(code)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
