"""Load balancers and watchers learn which part of the site is well."""

import pytest
import redis
from flask import Flask
from flask.testing import FlaskClient
from rq import Worker


def parts(site: Flask) -> tuple[int, str, dict[str, str]]:
    """Status, and the word for the whole and for each part."""
    answer = site.test_client().get("/health/ready")
    return answer.status_code, answer.json["status"], answer.json["parts"]


def test_a_worker_counts_while_it_gives_signs_of_life(
    site: Flask, redis_client: redis.Redis
) -> None:
    worker = Worker(["low"], connection=redis_client)
    worker.register_birth()
    assert parts(site)[2]["worker"] == "ok"
    # A worker that was killed cannot sign off; its row expires, and nobody else is there to tidy.
    redis_client.delete(worker.key)
    status, whole, found = parts(site)
    assert (status, whole, found["worker"], found["redis"]) == (200, "degraded", "degraded", "ok")


@pytest.mark.parametrize("address", ["/health/ready", "/metrics", "/admin/jobs"])
def test_looking_at_workers_leaves_time_limits_as_they_are(
    site: Flask, redis_client: redis.Redis, browsing: FlaskClient, address: str
) -> None:
    worker = Worker(["low"], connection=redis_client)
    worker.register_birth()
    pool = site.extensions["redis_client"].connection_pool
    before = dict(pool.connection_kwargs)
    assert browsing.get(address).status_code == 200
    assert pool.connection_kwargs == before, "or a Redis that hangs would hold requests for minutes"


def test_the_site_is_ready_without_redis_and_says_so(cut_off: Flask) -> None:
    status, whole, found = parts(cut_off)
    assert (status, whole) == (200, "degraded")
    assert (found["redis"], found["worker"], found["database"]) == ("degraded", "degraded", "ok")
