"""A Redis that is away costs a page one time-out, not one for each command."""

import os
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from moviesite.redis_pool import AWAY_SECONDS, QuickPool
from tests.servers import free_port, redis_server


def connect(url: str) -> redis.Redis:
    pool = QuickPool.from_url(
        url, socket_timeout=0.25, socket_connect_timeout=0.25, retry=Retry(NoBackoff(), 0)
    )
    return redis.Redis.from_pool(pool)


class Frozen(NamedTuple):
    """A Redis that accepts connections and says nothing until it is continued."""

    client: redis.Redis
    process: int


@pytest.fixture
def frozen(tmp_path: Path) -> Iterator[Frozen]:
    """One of this test's own."""
    with redis_server(tmp_path) as url:
        client = connect(url)
        process = int(client.info("server")["process_id"])
        client.set("a", "1")
        os.kill(process, signal.SIGSTOP)
        try:
            yield Frozen(client, process)
        finally:
            os.kill(process, signal.SIGCONT)
            client.close()


def pool_of(client: redis.Redis) -> QuickPool:
    pool = client.connection_pool
    assert isinstance(pool, QuickPool)
    return pool


def failing(client: redis.Redis, times: int) -> float:
    """Seconds that so many commands take to fail."""
    started = time.monotonic()
    for _ in range(times):
        with pytest.raises((redis.ConnectionError, redis.TimeoutError)):
            client.get("a")
    return time.monotonic() - started


@pytest.mark.redis
def test_a_frozen_redis_is_left_alone_for_a_while(frozen: Frozen) -> None:
    # The connection in hand, then a new one; after that nobody waits.
    assert failing(frozen.client, 2) < 0.8
    assert failing(frozen.client, 50) < 2


@pytest.mark.redis
def test_it_is_used_again_when_it_is_back(frozen: Frozen) -> None:
    failing(frozen.client, 3)
    os.kill(frozen.process, signal.SIGCONT)
    time.sleep(AWAY_SECONDS + 0.05)
    assert frozen.client.get("a") == b"1"


def test_a_refused_connection_is_remembered() -> None:
    client = connect(f"redis://127.0.0.1:{free_port()}/0")
    failing(client, 1)
    with pytest.raises(redis.ConnectionError, match="a moment ago"):
        client.get("a")
    client.close()


@pytest.fixture
def client(clean_redis: str) -> Iterator[redis.Redis]:
    """A Redis that knows `a`."""
    with connect(clean_redis) as client:
        client.set("a", b"1")
        yield client


@pytest.mark.redis
def test_each_thread_reads_over_a_connection_of_its_own(client: redis.Redis) -> None:
    pool, known = pool_of(client), len(client.client_list())
    found: list[object] = []

    def read() -> None:
        found.extend([pool.read("a"), pool.read("nothing"), pool.read("a")])
        found.append(len(client.client_list()))

    thread = threading.Thread(target=read)
    thread.start()
    thread.join()
    assert found == [b"1", None, b"1", known + 1]


@pytest.mark.redis
def test_a_connection_that_broke_is_made_anew(client: redis.Redis) -> None:
    pool = pool_of(client)
    assert pool.read("a") == b"1"
    client.client_kill_filter(_type="normal", skipme=True)
    with pytest.raises(redis.ConnectionError):
        pool.read("a")
    assert pool.read("a") == b"1"


@pytest.mark.redis
def test_a_forked_process_does_not_share_it(client: redis.Redis) -> None:
    pool = pool_of(client)
    assert pool.read("a") == b"1"
    child = os.fork()
    if child == 0:
        client.set("b", b"2")
        right = all(pool.read("b") == b"2" for _ in range(200))
        os._exit(0 if right else 1)
    assert all(pool.read("a") == b"1" for _ in range(200))
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


@pytest.mark.redis
def test_a_frozen_redis_is_left_alone_by_readers_too(frozen: Frozen) -> None:
    pool = pool_of(frozen.client)
    started = time.monotonic()
    for _ in range(50):
        with pytest.raises((redis.ConnectionError, redis.TimeoutError)):
            pool.read("a")
    assert time.monotonic() - started < 2
    os.kill(frozen.process, signal.SIGCONT)
    time.sleep(AWAY_SECONDS + 0.05)
    assert pool.read("a") == b"1"
