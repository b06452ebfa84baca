"""A killed training leaves the old model, and the next one clears it away; never two at once.

The site, the workers and the kills are real.
"""

import datetime as dt
import os
import random
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import redis
from flask import Flask
from flask_migrate import upgrade
from rq import Queue
from rq.serializers import JSONSerializer
from sqlalchemy import insert, select, update

from moviesite import clock
from moviesite.app import create_app
from moviesite.config import load_config
from moviesite.extensions import db
from moviesite.models import Favorite, RecommenderRun
from moviesite.models.recommendations import FAILED, IN_SERVICE, REPLACED, RUNNING
from moviesite.queue import Job
from moviesite.recommendations import in_service, queries, training_service
from moviesite.transactions import transactional
from tests.processes.running import NO_SOURCE, ROOT, alive, descendants, end, environment, wait_for
from tests.trending import crowd

pytestmark = [pytest.mark.processes, pytest.mark.redis]

PATIENCE = 120
FILMS = range(1_000_001, 1_001_501)
Start = Callable[[], "subprocess.Popen[bytes]"]


@pytest.fixture
def site(real_redis: str, tmp_path: Path) -> Iterator[Flask]:
    """A town large enough that learning takes a while; its model was learnt yesterday."""
    app = create_app(load_config(_settings(real_redis, tmp_path)))
    with app.app_context():
        upgrade()
        crowd.films(FILMS)
        _keep(crowd.accounts(300, clock.now() - dt.timedelta(days=90)))
        training_service.train()
        _grow_old()
        yield app
        db.session.remove()
        db.engine.dispose()


def _settings(redis_url: str, folder: Path) -> dict[str, str]:
    return {"REDIS_URL": redis_url, "INSTANCE_DIR": str(folder / "instance"), **NO_SOURCE}


@transactional
def _keep(everybody: list[int]) -> None:
    chance, now = random.Random(3), clock.now()
    rows = [
        {"user_id": one, "movie_id": film, "added_at": now}
        for one in everybody
        for film in chance.sample(FILMS, 30)
    ]
    db.session.execute(insert(Favorite), rows)


@transactional
def _grow_old() -> None:
    yesterday = clock.now() - dt.timedelta(hours=25)
    db.session.execute(update(RecommenderRun).values(started_at=yesterday))


@pytest.fixture
def start(site: Flask, real_redis: str, tmp_path: Path) -> Iterator[Start]:
    """Start workers; none outlives the test."""
    started: list[subprocess.Popen[bytes]] = []

    def worker() -> "subprocess.Popen[bytes]":
        with (tmp_path / "workers.log").open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "rq_worker.py"],
                cwd=ROOT,
                env=environment(**_settings(real_redis, tmp_path)),
                stdout=log,
                stderr=log,
            )
        started.append(process)
        return process

    yield worker
    for process in started:
        end(process)


def ask_for_training(client: redis.Redis, name: str) -> None:
    """The job as the table of periodic ones would queue it, but under another name each time."""
    queue = Queue("low", connection=client, serializer=JSONSerializer)
    queue.enqueue(str(Job.GENERATE_RECOMMENDATIONS), job_id=name, job_timeout=600)


def runs() -> list[tuple[str, str]]:
    """Version and state of every training, oldest first."""
    db.session.rollback()
    rows = db.session.execute(
        select(RecommenderRun.version, RecommenderRun.status).order_by(RecommenderRun.id)
    )
    return [(version, status) for version, status in rows]


def states() -> list[str]:
    return [status for _, status in runs()]


def kill_horse(worker: "subprocess.Popen[bytes]") -> None:
    for pid in descendants(worker.pid):
        os.kill(pid, signal.SIGKILL)


def kill_worker(worker: "subprocess.Popen[bytes]") -> None:
    worker.kill()
    worker.wait()


@pytest.mark.parametrize("kill", [kill_horse, kill_worker])
def test_a_killed_training_leaves_the_old_model_and_the_next_one_trains(
    site: Flask,
    start: Start,
    redis_client: redis.Redis,
    kill: Callable[["subprocess.Popen[bytes]"], None],
) -> None:
    [(old, _)] = runs()
    worker = start()
    ask_for_training(redis_client, "first")
    wait_for(lambda: states() == [IN_SERVICE, RUNNING], PATIENCE, "a training runs")
    below = descendants(worker.pid)
    kill(worker)
    wait_for(lambda: not alive(below), 30, "the training process is gone")
    assert states() == [IN_SERVICE, RUNNING], "nobody was left to write down how it ended"
    assert queries.version_in_service() == old
    in_service.look_again()
    serving = in_service.current()
    assert serving is not None
    assert serving.version == old, "and it can be read"
    if worker.poll() is not None:
        start()
    ask_for_training(redis_client, "second")
    wait_for(lambda: states() == [REPLACED, FAILED, IN_SERVICE], PATIENCE, "the next one trained")
    db.session.rollback()
    left = queries.run_of(runs()[1][0])
    assert left is not None
    assert left.reason == "Its worker was stopped."
    assert left.finished_at is not None


def test_two_workers_never_train_at_once(
    site: Flask, start: Start, redis_client: redis.Redis
) -> None:
    workers = [start(), start()]
    wait_for(lambda: redis_client.scard("rq:workers") == 2, PATIENCE, "both workers are there")
    for name in ("first", "second", "third"):
        ask_for_training(redis_client, name)
    most = 0

    def done() -> bool:
        nonlocal most
        most = max(most, states().count(RUNNING))
        return not redis_client.exists("rq:job:first", "rq:job:second", "rq:job:third")

    wait_for(lambda: RUNNING in states(), PATIENCE, "a training runs")
    wait_for(lambda: done() or states()[-1] == IN_SERVICE, PATIENCE, "it is done")
    assert [worker.poll() for worker in workers] == [None, None]
    assert most <= 1
    queue = Queue("low", connection=redis_client, serializer=JSONSerializer)
    wait_for(lambda: not queue.job_ids, PATIENCE, "the other jobs found nothing to do")
    assert states() == [REPLACED, IN_SERVICE]
