"""The site on an empty Redis, and those who run it."""

from collections.abc import Callable, Iterator

import pytest
import redis
from flask import Flask
from flask.testing import FlaskClient

from moviesite.models import User
from tests.people import signed_in_browser, signed_in_program

NOBODY_LISTENS = "redis://127.0.0.1:9/0"


@pytest.fixture
def redis_client(redis_url: str) -> Iterator[redis.Redis]:
    """A client of a server with nothing in it."""
    with redis.Redis.from_url(redis_url) as client:
        client.flushall()
        yield client
        client.flushall()


@pytest.fixture
def site(
    site_with: Callable[..., Flask], redis_url: str, redis_client: redis.Redis
) -> Iterator[Flask]:
    """The application with queues, inside its context."""
    made = site_with(REDIS_URL=redis_url)
    with made.app_context():
        yield made


@pytest.fixture
def cut_off(site_with: Callable[..., Flask]) -> Iterator[Flask]:
    """The application while Redis is away, inside its context."""
    made = site_with(REDIS_URL=NOBODY_LISTENS)
    with made.app_context():
        yield made


@pytest.fixture
def running(site: Flask, cleo: User) -> FlaskClient:
    """The program of who runs the site."""
    return signed_in_program(site, cleo)


@pytest.fixture
def browsing(site: Flask, cleo: User) -> FlaskClient:
    """The browser of who runs the site."""
    return signed_in_browser(site, cleo)
