"""Every background job, named and timed in one table, and how it reaches a worker. Runs none."""

import hashlib
from enum import StrEnum
from typing import NamedTuple

import structlog
from redis.exceptions import RedisError
from rq import Queue, Retry
from rq.exceptions import DuplicateJobError
from rq.serializers import JSONSerializer

from moviesite.extensions import redis_connection

QUEUES = ("high", "default", "low")

log = structlog.get_logger(__name__)


class Job(StrEnum):
    """Background jobs by import path."""

    REMEMBER = "moviesite.catalogue.jobs.remember"
    WARM_CATALOGUE = "moviesite.catalogue.jobs.warm_catalogue"
    PURGE_EXPIRED = "moviesite.catalogue.jobs.purge_expired"


class Rule(NamedTuple):
    """How a job is run: seconds are wall-clock, `retry_after` the pause before each new try."""

    queue: str = "default"
    timeout: int = 60
    retry_after: tuple[int, ...] = (5, 15, 30)
    failure_ttl: int = 7 * 86400


class Periodic(NamedTuple):
    """A job that is due every so many seconds."""

    job: Job
    seconds: int


RULES: dict[Job, Rule] = {
    Job.REMEMBER: Rule(queue="low", timeout=30),
    Job.WARM_CATALOGUE: Rule(timeout=120),
    Job.PURGE_EXPIRED: Rule(queue="low", timeout=300),
}

PERIODIC: tuple[Periodic, ...] = (
    Periodic(Job.WARM_CATALOGUE, 300),
    Periodic(Job.PURGE_EXPIRED, 86400),
)


def enqueue(job: Job, *args: str | int) -> None:
    """Hand a job to the workers and forget it; the same job with the same arguments waits once.

    Never raises and never waits long: without Redis the job is not run, which suits work that
    the next visit would start again.
    """
    client = redis_connection.client
    if client is None:
        return
    rule = RULES[job]
    try:
        Queue(rule.queue, connection=client, serializer=JSONSerializer).enqueue(
            str(job),
            *args,
            job_id=job_id(job, *args),
            unique=True,
            job_timeout=rule.timeout,
            # A finished job that stayed would keep the next one with its name away.
            result_ttl=0,
            failure_ttl=rule.failure_ttl,
            retry=Retry(max=len(rule.retry_after), interval=list(rule.retry_after)),
        )
    except DuplicateJobError:
        return
    except RedisError as error:
        log.warning("job not queued", job=job.name, reason=type(error).__name__)


def job_id(job: Job, *args: str | int) -> str:
    """A name that equal calls share, of characters that RQ allows."""
    name = job.name.lower()
    if not args:
        return name
    digest = hashlib.sha256("\x1f".join(map(str, args)).encode()).hexdigest()[:24]
    return f"{name}-{digest}"
