"""Real Redis for a test, the whole site, and a real browser."""

import shutil
import sys
from collections.abc import Iterator

import pytest
import redis
from playwright.sync_api import Browser, sync_playwright

from tests.conftest import absent
from tests.processes.running import RunningSite, running_site

# Children are looked up below /proc.
if sys.platform != "linux":
    collect_ignore_glob = ["test_*.py"]

QUIET = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)


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


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A real Chromium that asks nobody but the site."""
    path = shutil.which("chromium") or shutil.which("google-chrome")
    if path is None:
        absent("chromium", "apt install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(QUIET))
        yield browser
        browser.close()
