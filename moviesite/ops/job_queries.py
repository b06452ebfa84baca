"""How the jobs stand: what waits, runs, is to be tried again and has failed. Changes nothing.

RQ's registries tidy up when they are asked in the usual way, which belongs to workers: here they
are read as they are. Every list has an end.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import redis
from redis.exceptions import RedisError
from rq import Queue, Worker
from rq.job import Job as RQJob
from rq.registry import BaseRegistry
from rq.serializers import JSONSerializer
from rq.worker import BaseWorker
from sqlalchemy import func, select

from moviesite import clock, job_history
from moviesite.extensions import db, redis_connection
from moviesite.job_history import Run
from moviesite.models import OutboxEntry
from moviesite.queue import PERIODIC, QUEUES, RULES, Job, Periodic

MOST = 50
_LONGEST_ARGUMENT = 60


class _Seen(Worker):
    """A worker as others see it."""

    def _set_connection(self, connection: redis.Redis) -> redis.Redis:
        """As it is: RQ would give every later connection of a web process seven minutes to answer,
        and a Redis that hangs would hold each request as long.
        """
        return connection


class QueueState(NamedTuple):
    """A queue by numbers; the age is that of the job that is next."""

    name: str
    waiting: int
    oldest_seconds: float
    running: int
    delayed: int
    failed: int


class JobLine(NamedTuple):
    """One job. `at` is when it began to wait, began, is tried again, or failed."""

    id: str
    job: str
    arguments: tuple[str, ...]
    queue: str
    at: dt.datetime | None
    reason: str
    tries_left: int | None


class PeriodicLine(NamedTuple):
    """A job that comes again; `next_at` is None until it came once."""

    name: str
    job: str
    every_seconds: int
    started_at: dt.datetime | None
    next_at: dt.datetime | None
    last: Run | None


class WorkerLine(NamedTuple):
    """A worker that gave a sign of life lately."""

    name: str
    host: str
    state: str
    silent_seconds: float
    doing: str
    done: int
    failed: int
    since: dt.datetime | None


class Outbox(NamedTuple):
    """Jobs that a write asked for and that no queue has yet."""

    waiting: int
    oldest_at: dt.datetime | None


class RuleLine(NamedTuple):
    """How a kind of job is run, from the table that all of them are in."""

    job: str
    queue: str
    timeout: int
    retry_after: tuple[int, ...]
    failure_ttl: int
    last: Run | None


class Jobs(NamedTuple):
    """All of it; without Redis `available` is false and only the outbox and the table are known."""

    available: bool
    outbox: Outbox
    queues: Sequence[QueueState] = ()
    running: Sequence[JobLine] = ()
    waiting: Sequence[JobLine] = ()
    delayed: Sequence[JobLine] = ()
    failed: Sequence[JobLine] = ()
    workers: Sequence[WorkerLine] = ()
    periodic: Sequence[PeriodicLine] = ()
    rules: Sequence[RuleLine] = ()


def jobs() -> Jobs:
    """Everything: one statement, and a bounded number of questions to Redis."""
    waiting = outbox()
    client = redis_connection.client
    try:
        if client is not None:
            return _told_by_redis(client, waiting)
    except RedisError:
        pass
    return Jobs(False, waiting, periodic=_periodic({}, {}), rules=_rules({}))


def _told_by_redis(client: redis.Redis, waiting: Outbox) -> Jobs:
    queues = _queues(client)
    last = job_history.last_runs(client)
    return Jobs(
        True,
        waiting,
        queues=[_state(queue) for queue in queues],
        running=_running(client, queues),
        waiting=_waiting(client, queues),
        delayed=_delayed(client, queues),
        failed=_failed(client, queues),
        workers=_workers(client),
        periodic=_periodic(job_history.fed_at(client), last),
        rules=_rules(last),
    )


def outbox() -> Outbox:
    """Jobs that no queue has yet: one statement."""
    rows = select(func.count(), func.min(OutboxEntry.created_at))
    return Outbox(*db.session.execute(rows.where(OutboxEntry.delivered_at.is_(None))).one())


def queue_states(client: redis.Redis) -> list[QueueState]:
    """Every queue by numbers; raises RedisError."""
    return [_state(queue) for queue in _queues(client)]


def _queues(client: redis.Redis) -> list[Queue]:
    return [Queue(name, connection=client, serializer=JSONSerializer) for name in QUEUES]


def _state(queue: Queue) -> QueueState:
    ids = queue.get_job_ids(0, 1)
    first = queue.fetch_job(ids[0]) if ids else None
    return QueueState(
        name=queue.name,
        waiting=queue.count,
        oldest_seconds=seconds_since(first.enqueued_at) if first else 0.0,
        running=queue.started_job_registry.get_job_count(cleanup=False),
        delayed=queue.scheduled_job_registry.get_job_count(cleanup=False),
        failed=queue.failed_job_registry.get_job_count(cleanup=False),
    )


def _running(client: redis.Redis, queues: Iterable[Queue]) -> list[JobLine]:
    registries = [queue.started_job_registry for queue in queues]
    return [_line(job, job.started_at) for job in _held_in(client, registries)]


def _failed(client: redis.Redis, queues: Iterable[Queue]) -> list[JobLine]:
    registries = [queue.failed_job_registry for queue in queues]
    lines = [_line(job, job.ended_at or job.started_at) for job in _held_in(client, registries)]
    oldest = dt.datetime.min.replace(tzinfo=dt.UTC)
    return sorted(lines, key=lambda line: line.at or oldest, reverse=True)


def _held_in(client: redis.Redis, registries: Iterable[BaseRegistry]) -> list[RQJob]:
    ids: list[str] = []
    for kept in registries:
        ids += kept.get_job_ids(0, MOST - 1, desc=True, cleanup=False)
    return _fetched(client, ids[:MOST])


def _waiting(client: redis.Redis, queues: Iterable[Queue]) -> list[JobLine]:
    ids = [job_id for queue in queues for job_id in queue.get_job_ids(0, MOST)]
    return [_line(job, job.enqueued_at) for job in _fetched(client, ids[:MOST])]


def _delayed(client: redis.Redis, queues: Iterable[Queue]) -> list[JobLine]:
    """Jobs that pause before a new try, the next first."""
    due: dict[str, float] = {}
    for queue in queues:
        key = queue.scheduled_job_registry.key
        found: Any = client.zrange(key, 0, MOST - 1, withscores=True)
        due |= {name.decode(): score for name, score in found}
    ids = sorted(due, key=lambda job_id: due[job_id])[:MOST]
    return [
        _line(job, dt.datetime.fromtimestamp(due[job.id], dt.UTC)) for job in _fetched(client, ids)
    ]


def _fetched(client: redis.Redis, ids: Sequence[str]) -> list[RQJob]:
    found = RQJob.fetch_many(ids, connection=client, serializer=JSONSerializer)
    return [job for job in found if job is not None]


def _line(job: RQJob, at: dt.datetime | None) -> JobLine:
    return JobLine(
        id=job.id,
        job=short_name(job.func_name or ""),
        arguments=tuple(map(_argument, job.args or ())),
        queue=job.origin,
        at=_aware(at),
        reason=str((job.meta or {}).get(job_history.REASON, "")),
        tries_left=job.retries_left,
    )


def short_name(path: str) -> str:
    """A job's import path without what all of them begin with."""
    return path.removeprefix("moviesite.")


def _argument(value: Any) -> str:
    """What a job was given, but for addresses: those are nobody's business here."""
    text = str(value)
    return "an address" if "@" in text else text[:_LONGEST_ARGUMENT]


def workers(client: redis.Redis) -> list[BaseWorker]:
    """Every worker that gave a sign of life lately; raises RedisError.

    They are counted one by one: the number of names includes those who were killed and are gone.
    """
    return _Seen.all(connection=client)


def _workers(client: redis.Redis) -> list[WorkerLine]:
    return [
        WorkerLine(
            name=worker.name,
            host=worker.hostname or "",
            state=str(worker.get_state()),
            silent_seconds=seconds_since(worker.last_heartbeat),
            doing=worker.get_current_job_id() or "",
            done=worker.successful_job_count,
            failed=worker.failed_job_count,
            since=_aware(worker.birth_date),
        )
        for worker in sorted(workers(client), key=lambda one: one.name)[:MOST]
    ]


def _periodic(fed: dict[str, dt.datetime], last: dict[str, Run]) -> list[PeriodicLine]:
    return [_periodic_line(one, fed, last) for one in PERIODIC]


def _periodic_line(
    periodic: Periodic, fed: dict[str, dt.datetime], last: dict[str, Run]
) -> PeriodicLine:
    name, job = periodic.job.name.lower(), short_name(str(periodic.job))
    started = fed.get(name)
    following = started + dt.timedelta(seconds=periodic.seconds) if started else None
    return PeriodicLine(name, job, periodic.seconds, started, following, last.get(job))


def _rules(last: dict[str, Run]) -> list[RuleLine]:
    return [_rule_line(job, last) for job in Job]


def _rule_line(job: Job, last: dict[str, Run]) -> RuleLine:
    rule, name = RULES[job], short_name(str(job))
    return RuleLine(
        name, rule.queue, rule.timeout, rule.retry_after, rule.failure_ttl, last.get(name)
    )


def _aware(moment: dt.datetime | None) -> dt.datetime | None:
    if moment is None:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)


def seconds_since(moment: dt.datetime | None) -> float:
    """Of a moment as RQ tells it, which may lack a zone and is UTC then; 0 for None."""
    known = _aware(moment)
    return max(0.0, (clock.now() - known).total_seconds()) if known else 0.0
