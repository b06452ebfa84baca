"""The application with its store of whole answers, over Redis and without it."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from moviesite.extensions import cache
from tests.sites import own_site


@pytest.fixture(scope="session", params=["redis", "no redis"])
def started_app(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Flask]:
    """The demo site as shipped."""
    address = request.getfixturevalue("redis_url") if request.param == "redis" else ""
    settings = {
        "INSTANCE_DIR": str(tmp_path_factory.mktemp("storing")),
        "REDIS_URL": address,
        "LOG_LEVEL": "ERROR",
    }
    with own_site(settings) as app:
        yield app


@pytest.fixture
def storing_app(started_app: Flask) -> Iterator[Flask]:
    """The same with nothing kept yet."""
    store = started_app.extensions["cache"][cache]
    for key in list(store.keys("answer:")):
        store.delete(key)
    started_app.extensions["response_cache"].near.clear()
    with started_app.app_context():
        yield started_app


@pytest.fixture
def visitor(storing_app: Flask) -> FlaskClient:
    """Somebody without cookies, as each of them must be who is given a kept answer."""
    return storing_app.test_client(use_cookies=False)
