"""The site over a TMDb that answers over HTTP and remembers what it was asked."""

from collections.abc import Callable, Iterator

import pytest
import redis
from flask import Flask
from flask.testing import FlaskClient

from moviesite.models import User
from tests.people import signed_in_browser
from tests.tmdb_server import TmdbServer


@pytest.fixture
def tmdb() -> Iterator[TmdbServer]:
    """A TMDb of this test's own."""
    server = TmdbServer()
    yield server
    server.stop()


@pytest.fixture
def live_site(tmdb: TmdbServer, site_with: Callable[..., Flask], redis_url: str) -> Flask:
    """The application over it, with a real Redis that is empty."""
    client = redis.Redis.from_url(redis_url)
    client.flushdb()
    client.close()
    site = site_with(
        TMDB_BASE_URL=tmdb.url, TMDB_API_KEY="operators-own-token", REDIS_URL=redis_url
    )
    site.testing = True
    return site


@pytest.fixture
def browser(live_site: Flask, ada: User) -> FlaskClient:
    """Ada's browser."""
    with live_site.app_context():
        return signed_in_browser(live_site, ada)
