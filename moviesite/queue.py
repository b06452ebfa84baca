"""Every background job, named and timed in one table, and how it reaches a worker. Runs none."""

import hashlib
from enum import StrEnum
from typing import NamedTuple

import structlog
from redis.exceptions import RedisError
from rq import Queue, Retry
from rq.exceptions import DuplicateJobError
from rq.job import Job as RQJob
from rq.job import JobStatus
from rq.serializers import JSONSerializer

from moviesite.extensions import redis_connection

QUEUES = ("high", "default", "low")

log = structlog.get_logger(__name__)


class Job(StrEnum):
    """Background jobs by import path."""

    REMEMBER = "moviesite.catalogue.jobs.remember"
    WARM_CATALOGUE = "moviesite.catalogue.jobs.warm_catalogue"
    PURGE_EXPIRED = "moviesite.catalogue.jobs.purge_expired"
    SEED_DEMO = "moviesite.catalogue.jobs.seed_demo"


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
    Job.SEED_DEMO: Rule(queue="low", timeout=600),
}

PERIODIC: tuple[Periodic, ...] = (
    Periodic(Job.WARM_CATALOGUE, 300),
    Periodic(Job.PURGE_EXPIRED, 86400),
    # Runs at the first start; later runs find nothing to do.
    Periodic(Job.SEED_DEMO, 86400),
)


def enqueue(job: Job, *args: str | int) -> None:
    """Hand a job to the workers and forget it; the same job with the same arguments waits once.

    Never raises and never waits long: without Redis the job is not run, which suits work that
    the next visit would start again.
    """
    client = redis_connection.client
    if client is None:
        return
    queue = Queue(RULES[job].queue, connection=client, serializer=JSONSerializer)
    try:
        if not _put(queue, job, args):
            _replace_dead(queue, job, args)
    except RedisError as error:
        log.warning("job not queued", job=job.name, reason=type(error).__name__)


def _put(queue: Queue, job: Job, args: tuple[str | int, ...]) -> bool:
    """Whether the job was added; it is not where one of its name is known to RQ."""
    rule = RULES[job]
    try:
        queue.enqueue(
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
        return False
    return True


def _replace_dead(queue: Queue, job: Job, args: tuple[str | int, ...]) -> None:
    """A job that failed for good, or that died with its worker on the way, blocks its name."""
    known = queue.fetch_job(job_id(job, *args))
    if known is not None and not _is_dead(queue, known):
        return
    if known is not None:
        known.delete()
    _put(queue, job, args)


def _is_dead(queue: Queue, known: RQJob) -> bool:
    status = known.get_status()
    if status != JobStatus.QUEUED:
        return status in (JobStatus.FAILED, JobStatus.STOPPED, JobStatus.CANCELED)
    # Taken out of the queue by a worker that was killed before it wrote down that it began.
    return queue.get_job_position(known) is None and known not in queue.started_job_registry


def job_id(job: Job, *args: str | int) -> str:
    """A name that equal calls share, of characters that RQ allows."""
    name = job.name.lower()
    if not args:
        return name
    digest = hashlib.sha256("\x1f".join(map(str, args)).encode()).hexdigest()[:24]
    return f"{name}-{digest}"
