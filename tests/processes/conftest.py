"""Real Redis for a test, and the whole site."""

import sys
from collections.abc import Iterator

import pytest
import redis

from tests.processes.running import RunningSite, running_site

# Children are looked up below /proc.
if sys.platform != "linux":
    collect_ignore_glob = ["test_*.py"]


@pytest.fixture
def real_redis(redis_url: str) -> str:
    """Address of a server with nothing in it."""
    with redis.Redis.from_url(redis_url) as client:
        client.flushall()
    return redis_url


@pytest.fixture
def redis_client(real_redis: str) -> Iterator[redis.Redis]:
    """A client of that server."""
    with redis.Redis.from_url(real_redis) as client:
        yield client


@pytest.fixture(scope="session")
def shared_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSite]:
    """A started site for tests that leave it as it is, or that it recovers from."""
    with running_site(tmp_path_factory.mktemp("site") / "instance", demo=True) as site:
        yield site
