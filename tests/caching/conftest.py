"""The cache in a small application, with Redis and without it."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask

from moviesite.extensions import connect_redis, db
from tests.caching import house


@pytest.fixture
def clean_redis(redis_url: str) -> str:
    """The address of an empty Redis."""
    client = connect_redis(redis_url)
    client.flushdb()
    client.close()
    return redis_url


@pytest.fixture
def built(tmp_path: Path) -> Iterator[Callable[[str], Flask]]:
    """Builds the application; its connections are closed afterwards."""
    apps: list[Flask] = []

    def build(redis_url: str) -> Flask:
        app = house.build(tmp_path, redis_url)
        apps.append(app)
        with app.app_context():
            db.create_all()
        return app

    yield build
    for thread in threading.enumerate():
        if thread.name == "refresh":
            thread.join(5)
    for app in apps:
        with app.app_context():
            db.session.remove()
            db.engine.dispose()
        if app.extensions["redis_client"]:
            app.extensions["redis_client"].close()


@pytest.fixture(params=["redis", "local"])
def site(request: pytest.FixtureRequest, built: Callable[[str], Flask]) -> Iterator[Flask]:
    """Inside the application's context, with an empty cache in Redis or in the process."""
    shared = request.param == "redis"
    app = built(request.getfixturevalue("clean_redis") if shared else "")
    with app.app_context():
        yield app


@pytest.fixture
def site_on_redis(clean_redis: str, built: Callable[[str], Flask]) -> Iterator[Flask]:
    """Inside the context of one that uses Redis."""
    app = built(clean_redis)
    with app.app_context():
        yield app
