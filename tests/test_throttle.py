"""One client may ask so often, whatever it writes into its headers."""

import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask_migrate import upgrade

from moviesite.app import create_app
from moviesite.config import load_config
from moviesite.extensions import db, limiter


@pytest.fixture
def strict(tmp_path: Path) -> Iterator[Flask]:
    settings = {"INSTANCE_DIR": str(tmp_path), "THROTTLE_PROFILE": "strict", "LOG_LEVEL": "ERROR"}
    app = create_app(load_config(settings))
    with app.app_context():
        upgrade()
        limiter.reset()
        yield app
        limiter.reset()
        db.session.remove()
        db.engine.dispose()


def test_the_eleventh_search_of_a_day_is_refused_in_the_shape_of_the_api(strict: Flask) -> None:
    client = strict.test_client()
    answers = [client.get("/api/v1/movies/search?query=heat") for _ in range(11)]
    assert [answer.status_code for answer in answers] == [200] * 10 + [429]
    assert not any("Retry-After" in answer.headers for answer in answers[:-1])
    refused = answers[-1]
    assert refused.content_type == "application/problem+json"
    assert int(refused.headers["Retry-After"]) > 0
    assert refused.headers["RateLimit-Limit"] == "10"
    assert refused.headers["RateLimit-Remaining"] == "0"
    assert int(refused.headers["RateLimit-Reset"]) > 0


def test_pages_and_calls_count_together_and_pages_say_it_on_a_page(strict: Flask) -> None:
    client = strict.test_client()
    for _ in range(10):
        client.get("/api/v1/movies/search?query=heat")
    page = client.get("/search?query=heat")
    assert page.status_code == 429
    assert "<html" in page.text
    assert client.get("/").status_code == 200, "browsing has an allowance of its own"


def test_forged_forwarded_addresses_buy_nothing(strict: Flask) -> None:
    client, dice = strict.test_client(), random.Random(7)
    passed = 0
    for _ in range(50):
        forged = ".".join(str(dice.randrange(256)) for _ in range(4))
        headers = {"X-Forwarded-For": forged, "X-Real-IP": forged, "Forwarded": f"for={forged}"}
        answer = client.get("/api/v1/movies/search?query=heat", headers=headers)
        passed += answer.status_code == 200
    assert passed == 10


@pytest.mark.parametrize(
    ("addresses", "passed"),
    [
        (["2001:db8::1", "2001:db8::2"], 10),
        (["2001:db8:0:1::1", "2001:db8:0:2::1"], 12),
        (["10.0.0.1", "10.0.0.2"], 12),
        (["::ffff:10.0.0.1", "10.0.0.1"], 10),
    ],
)
def test_clients_are_told_apart_by_address_and_ipv6_ones_by_their_network(
    strict: Flask, addresses: list[str], passed: int
) -> None:
    client = strict.test_client()
    statuses = [
        client.get(
            "/api/v1/movies/search?query=heat",
            environ_overrides={"REMOTE_ADDR": addresses[turn % 2]},
        ).status_code
        for turn in range(12)
    ]
    assert statuses.count(200) == passed


def test_health_is_never_refused(strict: Flask) -> None:
    client = strict.test_client()
    assert {client.get("/health/live").status_code for _ in range(130)} == {200}
