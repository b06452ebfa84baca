"""A Redis that is away costs a page one time-out, not one for each command."""

import os
import signal
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
