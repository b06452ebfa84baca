"""The README's walk by curl does what it says over the demo, run as it is written."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from moviesite.app import create_app
from moviesite.config import load_config
from tests.browsing import serving
from tests.readme import answers_of
from tests.servers import free_port
from tests.sites import let_go


@pytest.fixture
def api(app: Flask, settings: dict[str, str]) -> Iterator[str]:
    """Where the API of a seeded demo listens."""
    seeded = app.test_cli_runner().invoke(args=["seed", "--demo"])
    assert seeded.exit_code == 0, seeded.output
    assert "lists created" in seeded.output
    port = free_port()
    site = create_app(load_config({**settings, "PORT": str(port)}))
    with serving(site, port) as address:
        yield f"{address}/api/v1"
    let_go(site)


def test_the_walk_ends_with_a_shared_favorite(api: str, client: FlaskClient) -> None:
    account, trending, kept, favorites, recommended, link, shown = answers_of(
        "### A walk by curl", api
    )
    assert account["user"]["username"] == "reader"
    assert len(trending["results"]) == 5
    assert favorites["results"][0]["movie"]["id"] == kept["movie"]["id"]
    assert recommended["results"]
    assert link["source"] == "favorites"
    assert shown["results"][0]["movie"]["id"] == kept["movie"]["id"]
