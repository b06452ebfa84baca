"""A source that misbehaves as it is told, and clients of it."""

import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPResponse

from moviesite.providers.tmdb import TMDb
from tests.providers.scripted import ScriptedServer

KEY = "0123456789abcdef0123456789abcdef"


@pytest.fixture
def source() -> Iterator[ScriptedServer]:
    """The scripted server."""
    server = ScriptedServer()
    yield server
    server.close()


@pytest.fixture
def tmdb(source: ScriptedServer) -> TMDb:
    """A client of the scripted server, in one process without Redis."""
    return TMDb(source.url, KEY, redis=None, threads=8)


class Replay(HTTPAdapter):
    """Answers every request with the same bytes."""

    def __init__(self, body: bytes, status: int = 200) -> None:
        super().__init__()
        self.body, self.status = body, status
        self.asked: list[requests.PreparedRequest] = []

    def send(self, request: requests.PreparedRequest, *_: Any, **__: Any) -> requests.Response:
        """No network: the recorded bytes, read like any others."""
        self.asked.append(request)
        headers = {"Content-Type": "application/json;charset=utf-8"}
        raw = HTTPResponse(io.BytesIO(self.body), headers, self.status, preload_content=False)
        return self.build_response(request, raw)


def replaying(body: bytes, status: int = 200) -> TMDb:
    """A client whose source answers with these bytes, whatever it is asked."""
    adapter = Replay(body, status)
    return TMDb("http://tmdb.invalid/3", KEY, redis=None, threads=8, adapter=adapter, rate=10_000)


@pytest.fixture(scope="session")
def recorded(shared_data: Path) -> Callable[[str], bytes]:
    """The recorded body with this name."""
    return lambda name: (shared_data / "tmdb" / "recorded" / "bodies" / name).read_bytes()
