"""One client may ask so often, whatever it writes into its headers."""

import random
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import limits
import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade

from moviesite.app import create_app
from moviesite.config import load_config
from moviesite.extensions import db, limiter
from moviesite.web.throttle import PROFILES
from tests import people, servers

SEARCH = "/api/v1/movies/search?query=heat"


@contextmanager
def throttled(folder: Path, **settings: str) -> Iterator[Flask]:
    """The application with nothing counted yet."""
    usual = {"INSTANCE_DIR": str(folder), "THROTTLE_PROFILE": "strict", "LOG_LEVEL": "ERROR"}
    app = create_app(load_config({**usual, **settings}))
    with app.app_context():
        upgrade()
        limiter.reset()
        # All applications of this process share it. Of a Redis that was away in a test before, it
        # would learn in the middle of this one that storage is back, and would count anew.
        limiter._storage_dead = False
        yield app
        limiter.reset()
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def strict(tmp_path: Path) -> Iterator[Flask]:
    with throttled(tmp_path) as app:
        yield app


def from_address(client: FlaskClient, address: str, path: str = SEARCH) -> int:
    return client.get(path, environ_overrides={"REMOTE_ADDR": address}).status_code


def test_the_eleventh_search_of_a_day_is_refused_in_the_shape_of_the_api(strict: Flask) -> None:
    client = strict.test_client()
    answers = [client.get(SEARCH) for _ in range(11)]
    assert [answer.status_code for answer in answers] == [200] * 10 + [429]
    assert not any("Retry-After" in answer.headers for answer in answers[:-1])
    refused = answers[-1]
    assert refused.content_type == "application/problem+json"
    assert int(refused.headers["Retry-After"]) > 0
    assert refused.headers["RateLimit-Limit"] == "10"
    assert refused.headers["RateLimit-Remaining"] == "0"
    assert refused.headers.getlist("RateLimit-Reset") == [refused.headers["RateLimit-Reset"]]
    assert 0 < int(refused.headers["RateLimit-Reset"]) < 90_000, "seconds, and no moment"
    most, again = "At most 10 of these requests are answered a day", "Try again in"
    assert re.fullmatch(
        rf"{most}\. {again} \d+ (hours|minutes|seconds)\.", refused.get_json()["detail"]
    )
    assert answers[0].headers["RateLimit-Limit"] == "10"
    assert answers[0].headers["RateLimit-Remaining"] == "9"


def test_only_who_has_to_wait_is_told_to_and_for_no_longer_than_needed(strict: Flask) -> None:
    client = strict.test_client()
    assert "Retry-After" not in client.get("/api/v1/movies/99999999").headers
    assert "Retry-After" not in client.get("/api/v1/me").headers
    assert "Retry-After" not in client.get("/api/v1/movies/popular?page=0").headers
    client.get("/api/v1/movies/popular")
    strict.extensions["tmdb"].gate.pause(60)
    silent = client.get("/api/v1/movies/603")
    assert silent.status_code == 503
    assert int(silent.headers["Retry-After"]) < 10, "the source's wait, not the limiter's"


def test_pages_and_calls_count_together_and_pages_say_it_on_a_page(strict: Flask) -> None:
    client = strict.test_client()
    for _ in range(10):
        client.get("/api/v1/movies/search?query=heat")
    page = client.get("/search?query=heat")
    assert page.status_code == 429
    assert "<html" in page.text
    assert re.search(r"<p>Try again in \d+ hours\.</p>", page.text)
    assert int(page.headers["Retry-After"]) > 3_600
    part = client.get("/search?query=heat", headers={"HX-Request": "true"})
    assert part.status_code == 429
    assert "<html" not in part.text
    assert re.search(r"<p>Try again in \d+ hours\.</p>", part.text)
    assert client.get("/").status_code == 200, "browsing has an allowance of its own"


def forged_address(dice: random.Random) -> str:
    return ".".join(str(dice.randrange(256)) for _ in range(4))


def test_five_hundred_forged_forwarded_addresses_pass_as_often_as_one_client(
    strict: Flask,
) -> None:
    client, dice = strict.test_client(), random.Random(7)
    passed = 0
    for _ in range(500):
        forged = forged_address(dice)
        headers = {"X-Forwarded-For": forged, "X-Real-IP": forged, "Forwarded": f"for={forged}"}
        passed += client.get(SEARCH, headers=headers).status_code == 200
    assert passed == 10


def test_behind_a_proxy_its_word_counts_and_what_clients_wrote_before_it_does_not(
    tmp_path: Path,
) -> None:
    dice = random.Random(7)
    with throttled(tmp_path, TRUSTED_PROXIES="1") as app:
        client = app.test_client()

        def passed(address: str, times: int) -> int:
            said = (f"{forged_address(dice)}, {address}" for _ in range(times))
            answers = [client.get(SEARCH, headers={"X-Forwarded-For": hops}) for hops in said]
            return [answer.status_code for answer in answers].count(200)

        assert passed("192.0.2.7", 500) == 10
        assert passed("192.0.2.8", 12) == 10


@pytest.mark.parametrize(
    ("addresses", "passed"),
    [
        (["2001:db8::1", "2001:db8::2"], 10),
        (["2001:db8:0:1::1", "2001:db8:0:2::1"], 12),
        (["10.0.0.1", "10.0.0.2"], 12),
        (["::ffff:10.0.0.1", "10.0.0.1"], 10),
        # As some proxies write them.
        (["10.0.0.1:50001", "10.0.0.1:50002", "10.0.0.1"], 10),
        (["[2001:db8::1]:50001", "[2001:db8::2]", "2001:db8::3"], 10),
    ],
)
def test_clients_are_told_apart_by_address_and_ipv6_ones_by_their_network(
    strict: Flask, addresses: list[str], passed: int
) -> None:
    client = strict.test_client()
    statuses = [from_address(client, addresses[turn % 2]) for turn in range(12)]
    assert statuses.count(200) == passed


def test_health_is_never_refused(strict: Flask) -> None:
    client = strict.test_client()
    assert {client.get("/health/live").status_code for _ in range(130)} == {200}


def test_who_is_signed_in_is_counted_as_a_person_wherever_they_are(strict: Flask) -> None:
    program = people.signed_in_program(strict, people.join("ada"))
    statuses = [from_address(program, f"192.0.2.{place}") for place in range(12)]
    assert statuses.count(200) == 10


def test_people_who_share_an_address_share_its_allowance(strict: Flask) -> None:
    programs = [people.signed_in_program(strict, people.join(name)) for name in people.CAST]
    statuses = [from_address(program, "192.0.2.1") for program in programs for _ in range(9)]
    assert statuses == [200] * 20 + [429] * 7


def test_a_refused_client_takes_nothing_from_those_at_its_address(strict: Flask) -> None:
    greedy = people.signed_in_program(strict, people.join("ada"))
    assert [from_address(greedy, "192.0.2.1") for _ in range(40)].count(200) == 10
    modest = people.signed_in_program(strict, people.join("ben"))
    assert [from_address(modest, "192.0.2.1") for _ in range(10)].count(200) == 10


@pytest.mark.parametrize(
    "path", [SEARCH, "/api/v1/search/suggest?q=heat", "/api/v1/movies/popular"]
)
@pytest.mark.parametrize("agent", [None, "", "  "])
def test_a_program_that_does_not_say_what_it_is_is_refused(
    strict: Flask, path: str, agent: str | None
) -> None:
    client = strict.test_client()
    client.environ_base.pop("HTTP_USER_AGENT", None)
    refused = client.get(path, headers={} if agent is None else {"User-Agent": agent})
    assert refused.status_code == 400
    assert refused.content_type == "application/problem+json"
    assert "User-Agent" in refused.get_json()["detail"]
    assert client.get(path, headers={"User-Agent": "curl/8"}).status_code == 200


def test_pages_ask_nobody_what_they_are(strict: Flask) -> None:
    client = strict.test_client()
    client.environ_base.pop("HTTP_USER_AGENT", None)
    assert client.get("/search?query=heat", headers={}).status_code == 200
    assert client.get("/health/live", headers={}).status_code == 200


def test_wishes_are_counted_by_the_day_and_pages_without_one_are_not(strict: Flask) -> None:
    client = strict.test_client()
    assert {client.get("/ask").status_code for _ in range(5)} == {200}
    statuses = [client.get("/ask?q=comedies").status_code for _ in range(4)]
    assert statuses == [200, 200, 429, 429]
    sent = client.post("/api/v1/assistant/search", json={"prompt": "comedies"})
    assert sent.status_code == 429
    assert sent.headers["RateLimit-Limit"] == "2"


def test_what_profiles_allow_is_what_is_promised() -> None:
    def of(profile: str, kind: str) -> tuple[str, str]:
        return PROFILES[profile][kind][:2]

    assert of("household", "search")[0] == "60 per minute"
    assert of("household", "suggest")[0] == "300 per minute"
    assert of("household", "assistant") == ("40 per day", "100 per day")
    assert of("strict", "search") == ("10 per day", "20 per day")
    assert of("strict", "assistant") == ("2 per day", "6 per day")
    assert PROFILES["household"].keys() == PROFILES["strict"].keys()


def test_all_clients_together_have_an_allowance_too(strict: Flask) -> None:
    overall = limits.parse(PROFILES["strict"]["search"].overall)
    limiter.limiter.hit(overall, "everybody", "search-overall", cost=overall.amount - 15)
    client = strict.test_client()
    statuses = [from_address(client, f"192.0.2.{place}") for place in range(20)]
    assert statuses.count(200) == 15


def test_a_redis_on_a_path_of_this_machine_counts_too(tmp_path: Path) -> None:
    # A path of a socket may be no longer than a hundred bytes.
    with (
        TemporaryDirectory(prefix="redis-") as place,
        servers.redis_server(tmp_path, socket_path=Path(place) / "redis.sock"),
        throttled(tmp_path, REDIS_URL=f"unix://{place}/redis.sock?db=1") as app,
    ):
        answers = [app.test_client().get(SEARCH) for _ in range(11)]
        assert [answer.status_code for answer in answers] == [200] * 10 + [429]
        kept = app.extensions["redis_client"]
        assert any(key.startswith(b"LIMITS:") for key in kept.scan_iter()), "in Redis itself"


def test_who_has_the_number_of_somebody_who_is_gone_has_an_allowance_of_their_own(
    strict: Flask,
) -> None:
    ada = people.join("ada")
    program = people.signed_in_program(strict, ada)
    assert [from_address(program, "192.0.2.7") for _ in range(11)][9:] == [200, 429]
    program = people.signed_in_program(strict, people.succeed(ada, "ben"))
    assert from_address(program, "192.0.2.7") == 200
