"""Load balancers and watchers learn which part of the site is well."""

from pathlib import Path

import pytest
import redis
from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade
from rq import Worker
from sqlalchemy import text

from moviesite.app import create_app
from moviesite.config import load_config
from moviesite.extensions import db
from tests.sites import let_go


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


@pytest.mark.parametrize(("present", "status"), [("0001", 503), ("9999", 200)])
def test_a_machine_serves_on_newer_tables_and_not_on_older_ones(
    tmp_path: Path, present: str, status: int
) -> None:
    """Tables get a new release first, while the machines still have the one before it."""
    old = create_app(load_config({"INSTANCE_DIR": str(tmp_path)}))
    with old.app_context():
        upgrade()
        with db.engine.begin() as connection:
            connection.execute(
                text("UPDATE alembic_version SET version_num = :now"), {"now": present}
            )
    found, _, named = parts(old)
    assert (found, named["migrations"]) == (status, "ok" if status == 200 else "failed")
    let_go(old)
