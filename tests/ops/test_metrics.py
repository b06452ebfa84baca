"""Figures are right over all processes of a web server, and are not for everybody."""

import http.client
import os
import re
import signal
from collections.abc import Callable, Iterator

import pytest
import redis
from flask import Flask
from flask.testing import FlaskClient
from rq import Queue
from rq.serializers import JSONSerializer

from moviesite.providers.gate import current_gates
from moviesite.queue import Job, enqueue
from moviesite.transactions import transactional
from tests.processes.running import RunningSite, running_site, wait_for

TOKEN = "a token for figures, long enough for production"


def figures(body: str) -> dict[str, float]:
    """The samples by name and labels, as they are written."""
    pairs = (line.rsplit(" ", 1) for line in body.splitlines() if not line.startswith("#"))
    return {ordered(name): float(value) for name, value in pairs}


def ordered(name: str) -> str:
    """A sample's name with its labels by the alphabet."""
    bare, _, labels = name.partition("{")
    pairs = sorted(re.findall(r'\w+="[^"]*"', labels))
    return f"{bare}{{{','.join(pairs)}}}" if pairs else bare


def scrape(client: FlaskClient) -> dict[str, float]:
    """What a scraper on this machine reads."""
    answer = client.get("/metrics")
    assert answer.status_code == 200
    return figures(answer.text)


def requests(found: dict[str, float], route: str) -> float:
    """How many requests of a route were counted, whatever came of them."""
    name = re.compile(rf'moviesite_requests_total{{.*route="{re.escape(route)}".*}}')
    return sum(value for key, value in found.items() if name.fullmatch(key))


def ask(port: int, path: str) -> tuple[int, str]:
    """A request on a connection of its own, so that any process may take it."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request("GET", path)
    answer = connection.getresponse()
    body = answer.read().decode("utf-8", "replace")
    connection.close()
    return answer.status, body


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSite]:
    """A started site with two web processes and a worker."""
    with running_site(tmp_path_factory.mktemp("metrics") / "instance", demo=True) as site:
        yield site


@pytest.mark.processes
@pytest.mark.redis
class TestServedByTwoProcesses:
    def test_every_request_is_counted_once_whoever_answered(self, served: RunningSite) -> None:
        before = figures(ask(served.port, "/metrics")[1])
        for _ in range(120):
            assert ask(served.port, "/health/live")[0] == 200
            assert ask(served.port, "/")[0] == 200
            assert ask(served.port, "/nowhere")[0] == 404
        after = [figures(ask(served.port, "/metrics")[1]) for _ in range(6)]
        for found in after:
            for route in ("ops.live", "catalogue.home", "none"):
                assert requests(found, route) - requests(before, route) == 120
        stored = [key for key in after[0] if 'source="stored"' in key and "catalogue.home" in key]
        assert sum(after[0][key] for key in stored) > 100, "a kept page is counted, too"

    def test_counts_outlive_a_process_that_dies(self, served: RunningSite) -> None:
        ask(served.port, "/health/live")
        before = requests(figures(ask(served.port, "/metrics")[1]), "ops.live")
        first, *workers = served.pids_of("wsgi:app")
        for pid in workers:
            os.kill(pid, signal.SIGKILL)
        others = {first, *workers}
        wait_for(lambda: len(set(served.pids_of("wsgi:app")) - others) == 2, 20, "new ones")
        wait_for(lambda: served.status("/health/live") == 200, 20, "it answers again")
        assert requests(figures(ask(served.port, "/metrics")[1]), "ops.live") >= before

    def test_jobs_and_what_they_asked_are_counted(self, served: RunningSite) -> None:
        def jobs() -> dict[str, float]:
            return figures(ask(served.port, "/metrics")[1])

        done = 'moviesite_worker_jobs_total{job="catalogue.jobs.warm_catalogue",outcome="done"}'
        wait_for(lambda: jobs().get(done, 0) >= 1, 60, "the job is counted")
        found = jobs()
        calls = 'moviesite_worker_upstream_events_total{event="calls",provider="Demo catalog"}'
        assert found[calls] > 0
        assert found["moviesite_workers"] == 1
        beats = [found[key] for key in found if key.startswith("moviesite_worker_heartbeat_age")]
        assert len(beats) == 1
        assert beats[0] < 60


def test_requests_durations_and_errors_are_told_by_route(app: Flask, client: FlaskClient) -> None:
    before = scrape(client)
    client.get("/movie/27205-inception")
    client.get("/movie/99999999-nothing")
    after = scrape(client)
    for status in (200, 404):
        name = (
            'moviesite_requests_total{method="GET",route="catalogue.movie",'
            f'source="made",status="{status}"}}'
        )
        assert after[name] - before.get(name, 0) == 1
    timed = 'moviesite_request_seconds_count{route="catalogue.movie"}'
    assert after[timed] - before.get(timed, 0) == 2
    assert not any("27205" in name for name in after), "routes, never addresses"


def test_an_invented_method_makes_no_label_of_its_own(client: FlaskClient) -> None:
    client.open("/", method="BREW")
    found = scrape(client)
    assert any('method="other"' in name for name in found)
    assert not any("BREW" in name for name in found)


def test_cache_and_source_are_counted(client: FlaskClient) -> None:
    before = scrape(client)
    for _ in range(3):
        client.get("/api/v1/movies/popular")
    after = scrape(client)

    def gained(name: str) -> float:
        return after.get(name, 0) - before.get(name, 0)

    assert gained('moviesite_cache_lookups_total{kind="tmdb:{list}",outcome="miss"}') == 1
    assert gained('moviesite_cache_lookups_total{kind="tmdb:{list}",outcome="fresh"}') == 2
    assert gained('moviesite_upstream_events_total{event="calls",provider="Demo catalog"}') >= 1
    assert gained('moviesite_upstream_seconds_count{provider="Demo catalog"}') >= 1


def test_a_breaker_that_opened_is_seen(app: Flask, client: FlaskClient) -> None:
    [gate] = current_gates()
    assert scrape(client)['moviesite_breaker_open{provider="Demo catalog"}'] == 0
    gate.pause(2)
    assert scrape(client)['moviesite_breaker_open{provider="Demo catalog"}'] == 1
    gate._local.clear("closed")


@transactional
def write() -> None:
    """A write with a consequence, which waits in the outbox: there is no Redis here."""
    enqueue(Job.SEND_EMAIL, "verify_email", 7)


def test_jobs_that_no_queue_took_are_seen(app: Flask, client: FlaskClient) -> None:
    write()
    assert scrape(client)["moviesite_outbox_jobs"] == 1


@pytest.mark.redis
def test_queues_tell_their_depth_and_age(site_with: Callable[..., Flask], redis_url: str) -> None:
    with redis.Redis.from_url(redis_url) as connection:
        connection.flushall()
        queue = Queue("low", connection=connection, serializer=JSONSerializer)
        queue.enqueue("some.job")
        queue.enqueue("some.other")
    found = scrape(site_with(REDIS_URL=redis_url).test_client())
    assert found['moviesite_queue_jobs{queue="low"}'] == 2
    assert 0 <= found['moviesite_queue_oldest_seconds{queue="low"}'] < 60
    assert found["moviesite_redis_up"] == 1
    assert found["moviesite_workers"] == 0


def test_figures_are_there_while_redis_is_away(site_with: Callable[..., Flask]) -> None:
    found = scrape(site_with(REDIS_URL="redis://127.0.0.1:9/0").test_client())
    assert found["moviesite_redis_up"] == 0
    assert found["moviesite_database_up"] == 1
    assert not any(name.startswith("moviesite_queue") for name in found)


@pytest.mark.parametrize(
    ("changes", "sent", "address", "status"),
    [
        ({}, "", "127.0.0.1", 200),
        ({}, "", "192.0.2.7", 404),
        ({"METRICS_TOKEN": TOKEN}, f"Bearer {TOKEN}", "192.0.2.7", 200),
        ({"METRICS_TOKEN": TOKEN}, "Bearer something else", "127.0.0.1", 404),
        ({"METRICS_TOKEN": TOKEN}, "Bearer é", "127.0.0.1", 404),
        ({"METRICS_TOKEN": TOKEN}, "", "127.0.0.1", 404),
    ],
)
def test_figures_are_not_for_everybody(
    site_with: Callable[..., Flask], changes: dict[str, str], sent: str, address: str, status: int
) -> None:
    client = site_with(**changes).test_client()
    answer = client.get(
        "/metrics",
        headers={"Authorization": sent} if sent else {},
        environ_base={"REMOTE_ADDR": address},
    )
    assert answer.status_code == status


def test_production_shows_nobody_figures_without_a_token(
    site_with: Callable[..., Flask],
) -> None:
    production = {
        "MOVIESITE_ENV": "production",
        "BASE_URL": "https://films.example",
        "REDIS_URL": "redis://127.0.0.1:9/0",
        "THROTTLE_PROFILE": "household",
    }
    client = site_with(**production).test_client()
    assert client.get("/metrics", environ_base={"REMOTE_ADDR": "127.0.0.1"}).status_code == 404


def test_those_who_run_the_site_are_told_where_time_went(cleo_browsing: FlaskClient) -> None:
    told = cleo_browsing.get("/account").headers["Server-Timing"]
    assert re.fullmatch(
        r'total;dur=[\d.]+, db;dur=[\d.]+;desc="[1-9]\d* statements", upstream;dur=[\d.]+', told
    )


def test_others_are_told_nothing_of_it(ada_browsing: FlaskClient, client: FlaskClient) -> None:
    for browser in (ada_browsing, client):
        assert "Server-Timing" not in browser.get("/").headers


def test_a_developer_sees_the_statements_of_a_request_without_values(
    site_with: Callable[..., Flask], capsys: pytest.CaptureFixture[str]
) -> None:
    site = site_with(LOG_SQL="true", LOG_LEVEL="INFO", LOG_FORMAT="json")
    site.test_client().get("/lists")
    said = [line for line in capsys.readouterr().err.splitlines() if '"statements"' in line]
    assert any("SELECT" in line and "list_pages.lists" in line for line in said)
