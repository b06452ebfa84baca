"""A real Valkey or Redis server for a test, and the whole site for several."""

import subprocess
import sys

import pytest
import redis

from moviesite.processes import valkey
from tests.processes.running import wait_for

if sys.platform != "linux":
    collect_ignore_glob = ["test_*.py"]


@pytest.fixture
def real_redis(tmp_path):
    """Address of a server of this test's own."""
    program = valkey.find_server()
    if program is None:
        pytest.skip("needs a real Redis or Valkey")
    embedded = valkey.prepare(tmp_path)
    server = subprocess.Popen([program, "-"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
    server.stdin.write(embedded.settings.encode())
    server.stdin.close()
    try:
        wait_for(embedded.answers, 5, "Redis answers")
        yield embedded.url
    finally:
        server.kill()
        server.wait()


@pytest.fixture
def client(real_redis):
    """A client of the real server."""
    with redis.Redis.from_url(real_redis) as connection:
        yield connection
