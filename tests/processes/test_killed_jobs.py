"""Every job of the table, killed in the middle, comes back and is done; what cannot be done is not.

The processes, the database and the kills are real. That a job is in its middle is known by what
it waits for: a table that somebody else holds, or a source that takes its time.
"""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from wsgiref.types import StartResponse, WSGIEnvironment

import psycopg
import pytest
import redis
from flask import Flask
from flask_migrate import upgrade
from rq import Queue, Worker
from rq.job import Job as RQJob
from rq.job import JobStatus
from rq.serializers import JSONSerializer
from sqlalchemy import select

from moviesite import cache_kinds, clock, job_history
from moviesite.accounts import media
from moviesite.app import create_app
from moviesite.catalogue import live
from moviesite.config import current_config, load_config
from moviesite.extensions import db
from moviesite.job_history import Outcome
from moviesite.models import BreakerOpening, ImportedList, ListItem, User
from moviesite.ops.job_queries import short_name
from moviesite.processes.cron import Feeder
from moviesite.queue import QUEUES, Job, job_id, start
from moviesite.transactions import transactional
from moviesite.transfer import queries as transfer_queries
from moviesite.transfer import service as transfer
from moviesite.transfer.reading import Entry, ListData, Reading
from tests import people
from tests.processes.running import (
    NO_SOURCE,
    ROOT,
    alive,
    descendants,
    end,
    enqueue,
    environment,
    wait_for,
)
from tests.tmdb_server import TmdbServer

pytestmark = [pytest.mark.processes, pytest.mark.redis]

INCEPTION = 27205
# Of a machine that does much else; nothing here is about speed.
PATIENCE = 300
# Asks its source and no table.
OF_THE_SOURCE = Job.WARM_CATALOGUE


@pytest.fixture
def database(postgresql_url: str) -> Iterator[str]:
    """The address of a database of one test's own."""
    with psycopg.connect(postgresql_url, autocommit=True) as connection:
        connection.execute("DROP DATABASE IF EXISTS killed WITH (FORCE)")
        connection.execute("CREATE DATABASE killed")
    yield postgresql_url.replace("/postgres", "/killed")
    with psycopg.connect(postgresql_url, autocommit=True) as connection:
        connection.execute("DROP DATABASE IF EXISTS killed WITH (FORCE)")


@contextmanager
def worker(log: Path, **settings: str) -> Iterator[subprocess.Popen]:
    """A worker of the site with these settings."""
    with log.open("ab") as file:
        process = subprocess.Popen(
            [sys.executable, "rq_worker.py"],
            cwd=ROOT,
            env=environment(**settings),
            stdout=file,
            stderr=file,
        )
    try:
        yield process
    finally:
        end(process)


@contextmanager
def site(settings: dict[str, str]) -> Iterator[Flask]:
    """The application with these settings and all tables, inside its context."""
    app = create_app(load_config(settings))
    with app.app_context():
        upgrade()
        try:
            yield app
        finally:
            db.session.remove()
            db.engine.dispose()


def doing(client: redis.Redis) -> str:
    """Id of the job that the worker does, empty while it does none."""
    return next((found.get_current_job_id() or "" for found in Worker.all(client)), "")


def kill_horse(process: subprocess.Popen) -> None:
    """End the process that does a job, so that it can do nothing about it."""
    for pid in alive(descendants(process.pid)):
        os.kill(pid, signal.SIGKILL)


def let_pauses_pass(client: redis.Redis, app: Flask) -> None:
    """Have what pauses before a new try be due, and a feeder look."""
    for name in QUEUES:
        registry = Queue(name, connection=client, serializer=JSONSerializer).scheduled_job_registry
        ids = client.zrange(registry.key, 0, -1)
        if ids:
            client.zadd(registry.key, dict.fromkeys(ids, time.time() - 1))
    feeder = Feeder(client, table=())
    feeder.tick()
    feeder.resign()
    assert app is not None


class Held:
    """Every table of a database, held so that nobody reads or writes."""

    def __init__(self, looking: psycopg.Connection, holding: psycopg.Connection) -> None:
        self._looking, self._holding = looking, holding
        names = self._holding.execute(
            "SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public'"
        ).fetchall()
        tables = ", ".join(name for (name,) in names)
        self._holding.execute(f"LOCK TABLE {tables} IN ACCESS EXCLUSIVE MODE")  # type: ignore[arg-type]

    def are_waited_for(self) -> bool:
        """Whether somebody waits for a table."""
        found = self._looking.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
        ).fetchone()
        return bool(found and found[0])

    def forget_waiting(self) -> None:
        """End the connections of those who waited and were killed."""
        self._looking.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
        )
        wait_for(lambda: not self.are_waited_for(), PATIENCE, "nobody waits any more")

    def let_go(self) -> None:
        """Let everybody read and write."""
        self._holding.rollback()


@contextmanager
def held(address: str) -> Iterator[Held]:
    """All tables of the database at this address, until they are let go."""
    with (
        psycopg.connect(address, autocommit=True) as looking,
        psycopg.connect(address) as holding,
    ):
        yield Held(looking, holding)


def kill_in_its_middle(
    process: subprocess.Popen, name: str, client: redis.Redis, tables: Held
) -> None:
    """Kill the job with this name, and before it those that others asked for on their way."""

    def killed() -> bool:
        found = doing(client)
        if not found or not tables.are_waited_for():
            return False
        kill_horse(process)
        tables.forget_waiting()
        wait_for(lambda: doing(client) != found, PATIENCE, f"{found} was seen to end")
        return found == name

    wait_for(killed, PATIENCE, f"{name} was killed")


def undone(client: redis.Redis, jobs: Iterable[Job]) -> set[str]:
    """Kinds of jobs whose last run was not their end."""
    last = job_history.last_runs(client)
    names = {short_name(str(job)) for job in jobs}
    return {name for name in names if name not in last or last[name].outcome is not Outcome.DONE}


@transactional
def things_to_do() -> dict[Job, tuple[str | int, ...]]:
    """What the jobs that take something are given."""
    ada, cleo = people.join("ada", email_verified_at=None), people.join("cleo")
    silence = BreakerOpening(provider="TMDb", opened_at=clock.now())
    db.session.add(silence)
    db.session.flush()
    _leave_a_picture()
    return {
        Job.SYNC_TMDB_MOVIE: (INCEPTION,),
        Job.ENRICH_MOVIE: (INCEPTION,),
        Job.SEND_EMAIL: ("verify_email", str(ada.uuid)),
        Job.WARN_OF_SOURCE: (silence.id, str(cleo.uuid)),
        Job.REMEMBER: (_remembered(),),
        Job.IMPORT_LIBRARY: (_imported(ada),),
    }


def _leave_a_picture() -> None:
    """One that nobody shows, and that has lain there long enough."""
    os.utime(current_config().media_path / media.keep(b"a picture"), (0, 0))


def _imported(user: User) -> str:
    noir = ListData("Letterboxd: Noir", "Noir")
    line = Entry("diary.csv, line 2", "Inception", 2010, seen=True, listed_in=noir.origin)
    transfer.begin_reading(user, Reading("Letterboxd", (line,), 0, (), (noir,)))
    found = transfer_queries.of(user.id)
    assert found is not None
    return str(found.uuid)


def _brought() -> list[int]:
    """Films of the list that came along."""
    here = ImportedList.list_id == ListItem.list_id
    return list(db.session.scalars(select(ListItem.movie_id).join(ImportedList, here)))


def _remembered() -> str:
    where = {"page": 1, "language": "en-US", "region": "US"}
    live.listing("popular", 1, "en-US", "US")
    return cache_kinds.LISTING.key({"list": "popular", **where})


def test_every_job_killed_in_its_middle_comes_back_and_is_done(
    database: str, real_redis: str, redis_client: redis.Redis, tmp_path: Path
) -> None:
    settings = {
        "DATABASE_URL": database,
        "REDIS_URL": real_redis,
        "INSTANCE_DIR": str(tmp_path / "instance"),
    }
    jobs = [job for job in Job if job is not OF_THE_SOURCE]
    with site(settings) as app:
        given = things_to_do()
        redis_client.delete(*[f"rq:queue:{name}" for name in QUEUES])
        with held(database) as tables, worker(tmp_path / "log", **settings) as process:
            for job in jobs:
                start(job, *given.get(job, ()))
                name = job_id(job, *given.get(job, ()))
                kill_in_its_middle(process, name, redis_client, tables)
            last = job_history.last_runs(redis_client)
            killed = {name for name, run in last.items() if run.outcome is Outcome.KILLED}
            assert killed == {short_name(str(job)) for job in jobs}
            tables.let_go()

            def all_done() -> bool:
                let_pauses_pass(redis_client, app)
                return not undone(redis_client, jobs)

            wait_for(all_done, PATIENCE, "all are done")
            assert _brought() == [INCEPTION]
    assert "Traceback" not in (tmp_path / "log").read_text()


class SlowServer(TmdbServer):
    """A source that answers nobody until it may."""

    def __init__(self) -> None:
        self.may_answer = threading.Event()
        super().__init__()

    def _hear(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        answer = super()._hear(environ, start_response)
        self.may_answer.wait(PATIENCE)
        return answer


@pytest.fixture
def slow_source() -> Iterator[SlowServer]:
    """A source that takes its time."""
    server = SlowServer()
    yield server
    server.may_answer.set()
    server.stop()


def test_a_job_killed_while_it_waits_for_the_source_comes_back(
    slow_source: SlowServer,
    database: str,
    real_redis: str,
    redis_client: redis.Redis,
    tmp_path: Path,
) -> None:
    settings = {
        "DATABASE_URL": database,
        "REDIS_URL": real_redis,
        "INSTANCE_DIR": str(tmp_path / "instance"),
        "TMDB_BASE_URL": slow_source.url,
    }
    with site(settings) as app, worker(tmp_path / "log", **settings) as process:
        start(OF_THE_SOURCE)
        wait_for(lambda: slow_source.heard, PATIENCE, "the source was asked")
        kill_horse(process)
        slow_source.may_answer.set()

        def done() -> bool:
            let_pauses_pass(redis_client, app)
            return not undone(redis_client, [OF_THE_SOURCE])

        wait_for(done, PATIENCE, "it is done")


def test_a_job_that_cannot_be_done_is_set_aside_and_the_rest_goes_on(
    real_redis: str, redis_client: redis.Redis, tmp_path: Path
) -> None:
    settings = {"REDIS_URL": real_redis, "INSTANCE_DIR": str(tmp_path / "instance"), **NO_SOURCE}
    app = create_app(load_config(settings))
    tries, notes = tmp_path / "tries", tmp_path / "notes"
    enqueue(redis_client, "poison", str(tries), job_id="poison")
    enqueue(redis_client, "note", str(notes), job_id="sound")
    queue = Queue("default", connection=redis_client, serializer=JSONSerializer)

    def set_aside() -> bool:
        let_pauses_pass(redis_client, app)
        return "poison" in queue.failed_job_registry.get_job_ids(cleanup=False)

    with app.app_context(), worker(tmp_path / "log", **settings):
        wait_for(set_aside, PATIENCE, "it is set aside")
        wait_for(notes.exists, PATIENCE, "the other is done")
        enqueue(redis_client, "note", str(notes), "again", job_id="later")
        wait_for(lambda: "again" in notes.read_text(), PATIENCE, "later ones are done")
    assert tries.read_text().splitlines() == ["tried"] * 4
    job = RQJob.fetch("poison", connection=redis_client, serializer=JSONSerializer)
    assert job.meta[job_history.REASON] == "ValueError: nothing can be done with this"


def test_a_running_job_ends_when_somebody_wishes(
    real_redis: str, redis_client: redis.Redis, tmp_path: Path
) -> None:
    settings = {"REDIS_URL": real_redis, "INSTANCE_DIR": str(tmp_path / "instance"), **NO_SOURCE}
    notes = tmp_path / "notes"
    with worker(tmp_path / "log", **settings) as process:
        enqueue(redis_client, "slow", str(notes), 600.0)
        wait_for(notes.exists, PATIENCE, "the job began")
        horse = descendants(process.pid)
        job_history.ask_to_stop(redis_client, "job")
        wait_for(lambda: not alive(horse), PATIENCE, "its process ended")
        job = RQJob.fetch("job", connection=redis_client, serializer=JSONSerializer)
        wait_for(lambda: job.get_status() == JobStatus.STOPPED, PATIENCE, "it counts as stopped")
        enqueue(redis_client, "note", str(notes), "next", job_id="next")
        wait_for(lambda: "next" in notes.read_text(), PATIENCE, "the worker goes on")
