"""Jobs survive the death of their worker; a second feeder does no harm and takes over."""

import datetime as dt
import shutil
import signal
import subprocess
import sys
import time

import pytest
import redis
from rq import Queue, Worker
from rq.job import Job as RQJob
from rq.job import JobStatus
from rq.serializers import JSONSerializer

from moviesite import clock
from moviesite.app import create_app
from moviesite.config import load_config
from moviesite.processes import valkey
from moviesite.processes.background import wait_for_redis
from moviesite.processes.cron import LAST_KEY, LEASE_KEY, Feeder
from moviesite.queue import PERIODIC, RULES, Job, job_id, offer
from tests import servers
from tests.processes.running import (
    NO_SOURCE,
    PATIENCE,
    ROOT,
    alive,
    descendants,
    end,
    environment,
    wait_for,
)
from tests.processes.running import enqueue as enqueue_ours

pytestmark = [pytest.mark.processes, pytest.mark.redis]


@pytest.fixture
def start(real_redis, tmp_path):
    """Start background programs; none outlives the test."""
    started = []

    def program(*arguments):
        with (tmp_path / "programs.log").open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "rq_worker.py", *arguments],
                cwd=ROOT,
                env=environment(
                    REDIS_URL=real_redis, INSTANCE_DIR=str(tmp_path / "instance"), **NO_SOURCE
                ),
                stdout=log,
                stderr=log,
            )
        started.append(process)
        return process

    yield program
    for process in started:
        end(process)


@pytest.fixture
def app(real_redis, tmp_path):
    settings = {"REDIS_URL": real_redis, "INSTANCE_DIR": str(tmp_path / "instance")}
    return create_app(load_config(settings))


def waiting(redis_client, job=None):
    """Ids of the jobs that wait, in any queue or in that of one job."""
    names = {RULES[job].queue} if job else {"high", "default", "low"}
    queues = [Queue(name, connection=redis_client, serializer=JSONSerializer) for name in names]
    return sorted(name for queue in queues for name in queue.job_ids)


def test_a_killed_workers_job_is_done_again_within_ninety_seconds(start, redis_client, tmp_path):
    notes = tmp_path / "notes"
    start("cron")
    first = start()
    enqueue_ours(redis_client, "slow_once", str(notes), 120.0)
    wait_for(notes.exists, PATIENCE, "the job began")
    horse = descendants(first.pid)
    first.kill()
    killed = time.monotonic()
    wait_for(lambda: not alive(horse), 3, "the horse died with its worker")
    start()
    wait_for(lambda: notes.read_text().endswith("done\n"), 90, "the job is done")
    assert time.monotonic() - killed < 90
    wait_for(lambda: not RQJob.exists("job", redis_client), 10, "and counts as done")
    assert notes.read_text().count("done") == 1


def test_one_of_two_feeders_feeds_and_the_other_takes_over_within_thirty_seconds(
    start, redis_client
):
    first = start("cron")
    wait_for(lambda: redis_client.get(LEASE_KEY), PATIENCE, "the first holds the lease")
    wait_for(lambda: len(waiting(redis_client)) == len(PERIODIC), 5, "the periodic jobs wait")
    lease = redis_client.get(LEASE_KEY)
    start("cron")
    time.sleep(5)
    assert redis_client.get(LEASE_KEY) == lease
    assert len(waiting(redis_client)) == len(PERIODIC)
    first.kill()
    wait_for(lambda: redis_client.get(LEASE_KEY) not in (None, lease), 30, "the second took over")


def test_a_feeder_that_is_asked_to_stop_leaves_the_lease_to_the_next(start, redis_client):
    first = start("cron")
    wait_for(lambda: redis_client.get(LEASE_KEY), PATIENCE, "it holds the lease")
    first.send_signal(signal.SIGTERM)
    assert first.wait(timeout=20) == 0
    assert redis_client.get(LEASE_KEY) is None


def test_a_feeder_goes_on_where_the_last_one_stopped(app, redis_client):
    with app.app_context():
        first = Feeder(redis_client)
        assert first.tick()
        moments = redis_client.hgetall(LAST_KEY)
        redis_client.delete(*(f"rq:queue:{name}" for name in ("high", "default", "low")))
        first.resign()
        assert Feeder(redis_client).tick()
    assert redis_client.hgetall(LAST_KEY) == moments
    assert waiting(redis_client) == []


def test_a_feeder_that_could_not_learn_where_the_last_one_stopped_feeds_nothing(app, redis_client):
    with app.app_context():
        redis_client.set(LAST_KEY, "what cannot be read as a hash")
        feeder = Feeder(redis_client)
        for _ in range(2):
            with pytest.raises(redis.ResponseError):
                feeder.tick()
        assert waiting(redis_client) == []
        redis_client.delete(LAST_KEY)
        assert feeder.tick(), "and nobody else is kept away meanwhile"


def test_a_clock_that_was_ahead_keeps_no_job_away(app, redis_client):
    ahead = (clock.now() + dt.timedelta(days=400)).isoformat()
    names = [one.job.name.lower() for one in PERIODIC]
    with app.app_context():
        redis_client.hset(LAST_KEY, mapping=dict.fromkeys(names, ahead))
        assert Feeder(redis_client).tick()
    assert set(waiting(redis_client)) == set(names)


def test_only_the_holder_of_the_lease_feeds(app, redis_client):
    with app.app_context():
        first, second = Feeder(redis_client), Feeder(redis_client)
        assert first.tick()
        assert not second.tick()
        redis_client.delete(LEASE_KEY)
        assert second.tick()
        assert not first.tick()


def test_a_job_whose_pause_is_over_is_tried_again_from_its_own_queue(app, redis_client, tmp_path):
    queue = Queue("low", connection=redis_client, serializer=JSONSerializer)
    queue.enqueue_in(
        dt.timedelta(seconds=0),
        "tests.processes.jobs.note",
        str(tmp_path / "notes"),
        job_id="due",
    )
    with app.app_context():
        Feeder(redis_client, table=()).tick()
    assert waiting(redis_client) == ["due"]


def test_a_worker_that_is_asked_to_stop_finishes_its_job_first(start, redis_client, tmp_path):
    notes = tmp_path / "notes"
    worker = start()
    enqueue_ours(redis_client, "slow", str(notes), 2.0)
    wait_for(notes.exists, PATIENCE, "the job began")
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(timeout=20) == 0
    assert notes.read_text().endswith("done\n")


def test_background_programs_wait_calmly_for_a_redis_that_comes_later(tmp_path):
    embedded = valkey.prepare(tmp_path)
    log = tmp_path / "log"
    env = environment(REDIS_URL=embedded.url, INSTANCE_DIR=str(tmp_path / "instance"))
    command = [sys.executable, "rq_worker.py"]
    with log.open("wb") as file:
        worker = subprocess.Popen(command, cwd=ROOT, env=env, stdout=file, stderr=file)
    try:
        wait_for(lambda: "waiting for it" in log.read_text(), PATIENCE, "it says that it waits")
        time.sleep(1)
        assert len(log.read_text().splitlines()) == 1
        program = [valkey.find_server(), "-"]
        server = subprocess.Popen(program, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
        server.stdin.write(embedded.settings.encode())
        server.stdin.close()
        try:
            notes = tmp_path / "notes"
            wait_for(embedded.answers, PATIENCE, "Redis answers")
            enqueue_ours(redis.Redis.from_url(embedded.url), "note", str(notes))
            wait_for(notes.exists, PATIENCE, "the job is done")
        finally:
            server.kill()
            server.wait()
    finally:
        end(worker)


@pytest.mark.parametrize("status", [JobStatus.FAILED, JobStatus.QUEUED], ids=["failed", "lost"])
def test_a_dead_job_does_not_keep_the_next_of_its_name_away(app, redis_client, status):
    name = job_id(Job.WARM_CATALOGUE)
    with app.app_context():
        offer(Job.WARM_CATALOGUE)
        redis_client.delete(f"rq:queue:{RULES[Job.WARM_CATALOGUE].queue}")
        RQJob.fetch(name, connection=redis_client, serializer=JSONSerializer).set_status(status)
        offer(Job.WARM_CATALOGUE)
    assert waiting(redis_client) == [name]


def test_equal_jobs_wait_once(app, redis_client):
    with app.app_context():
        offer(Job.WARM_CATALOGUE)
        offer(Job.WARM_CATALOGUE)
    assert waiting(redis_client) == [job_id(Job.WARM_CATALOGUE)]


@pytest.mark.parametrize(
    ("arguments", "settings", "sentence"),
    [
        (("dance",), {}, "usage:"),
        ((), {}, "REDIS_URL must name"),
        (("cron",), {"PORT": "many"}, "PORT is not valid"),
    ],
)
def test_a_wrong_start_is_said_in_a_sentence(tmp_path, arguments, settings, sentence):
    result = subprocess.run(
        [sys.executable, "rq_worker.py", *arguments],
        cwd=ROOT,
        env=environment(INSTANCE_DIR=str(tmp_path), **settings),
        capture_output=True,
        text=True,
        timeout=20,
    )
    assert result.returncode == 2
    assert sentence in result.stderr
    assert "Traceback" not in result.stderr


def test_waiting_for_a_redis_that_is_there_takes_no_time(redis_client):
    began = time.monotonic()
    wait_for_redis(redis_client)
    assert time.monotonic() - began < 0.9


def test_a_worker_says_why_redis_cannot_be_used_and_works_once_it_can(tmp_path):
    """One whose disk takes nothing answers, and refuses."""
    folder, told = tmp_path / "full", tmp_path / "log"
    folder.mkdir()
    with servers.redis_server(folder) as url, redis.Redis.from_url(url) as client:
        client.config_set("save", "3600 1")
        shutil.rmtree(folder)
        client.bgsave()
        wait_for(lambda: client.info("persistence")["rdb_last_bgsave_status"] == "err", 20, "full")
        env = environment(REDIS_URL=url, INSTANCE_DIR=str(tmp_path / "instance"))
        with told.open("wb") as log:
            worker = subprocess.Popen(
                [sys.executable, "rq_worker.py"], cwd=ROOT, env=env, stdout=log, stderr=log
            )
        try:
            wait_for(lambda: "MISCONF" in told.read_text(), PATIENCE, "it says what is wrong")
            assert "Traceback" not in told.read_text()
            client.config_set("stop-writes-on-bgsave-error", "no")
            wait_for(lambda: Worker.all(connection=client), PATIENCE, "it works")
            assert worker.poll() is None
        finally:
            end(worker)
            # It would rather not end than lose what it cannot save.
            client.config_set("save", "")


def test_a_feeder_lives_through_a_restart_of_redis(tmp_path):
    port = servers.free_port()
    env = environment(
        REDIS_URL=f"redis://127.0.0.1:{port}/0", INSTANCE_DIR=str(tmp_path / "instance")
    )
    with (tmp_path / "log").open("wb") as log:
        feeder = subprocess.Popen(
            [sys.executable, "rq_worker.py", "cron"], cwd=ROOT, env=env, stdout=log, stderr=log
        )
    try:
        for _ in range(2):
            with (
                servers.redis_server(tmp_path, port) as url,
                redis.Redis.from_url(url) as client,
            ):
                wait_for(lambda: client.get(LEASE_KEY), PATIENCE, "it holds the lease")
        assert feeder.poll() is None
        assert "Traceback" not in (tmp_path / "log").read_text()
    finally:
        end(feeder)


def test_a_worker_is_known_again_after_redis_forgot_it(start, redis_client):
    start()
    wait_for(lambda: Worker.count(connection=redis_client), PATIENCE, "the worker is known")
    redis_client.flushdb()
    wait_for(lambda: Worker.all(connection=redis_client), PATIENCE, "the worker is known again")
    [worker] = Worker.all(connection=redis_client)
    assert worker.birth_date
    assert worker.hostname


def test_a_worker_that_loses_redis_under_a_job_ends_for_a_fresh_start(tmp_path):
    port, notes = servers.free_port(), tmp_path / "notes"
    url = f"redis://127.0.0.1:{port}/0"
    env = environment(REDIS_URL=url, INSTANCE_DIR=str(tmp_path / "instance"))
    with (tmp_path / "log").open("wb") as log:
        worker = subprocess.Popen(
            [sys.executable, "rq_worker.py"], cwd=ROOT, env=env, stdout=log, stderr=log
        )
    try:
        with servers.redis_server(tmp_path, port), redis.Redis.from_url(url) as client:
            enqueue_ours(client, "slow", str(notes), 3.0)
            wait_for(notes.exists, PATIENCE, "the job began")
            below = descendants(worker.pid)
        assert worker.wait(timeout=30) == 1
        wait_for(lambda: not alive(below), 3, "the horse ended with it")
    finally:
        end(worker)
