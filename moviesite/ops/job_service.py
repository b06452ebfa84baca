"""Jobs are tried again, taken away and started by hand; each act is in the audit log. No web."""

from enum import StrEnum

import redis
from redis.exceptions import RedisError
from rq.exceptions import NoSuchJobError
from rq.job import Job as RQJob
from rq.job import JobStatus
from rq.serializers import JSONSerializer

from moviesite import audit, job_history
from moviesite.audit import Act, Subject
from moviesite.errors import Conflict, NotFound, Unavailable
from moviesite.extensions import redis_connection
from moviesite.models import User
from moviesite.ops.job_queries import short_name
from moviesite.queue import PERIODIC, Job, hurry, start
from moviesite.transactions import transactional

_AWAY = "Redis, which holds the jobs, is not answering. Nothing was changed."
_OVER = (JobStatus.FAILED, JobStatus.STOPPED, JobStatus.CANCELED)


class State(StrEnum):
    """What became of a job that somebody did something about."""

    QUEUED = "queued"
    RUNNING = "running"
    CANCELLED = "cancelled"
    STOPPING = "stopping"


@transactional
def retry(actor: User, job_id: str) -> State:
    """Let a job that failed, or that pauses before a new try, begin anew with all its tries.

    Raises NotFound, Conflict where it waits or runs anyway, Unavailable without Redis.
    """
    try:
        job = _job(job_id)
        if job.get_status() not in (*_OVER, JobStatus.SCHEDULED):
            raise Conflict("This job is already waiting or running.")
        known = _known(job)
        audit.record(actor, Act.JOB_RETRY, _subject(job))
        job.delete()
        # Should Redis go away just now, the job is not lost.
        hurry(known, *job.args)
    except RedisError as error:
        raise Unavailable(_AWAY) from error
    return State.QUEUED


@transactional
def cancel(actor: User, job_id: str) -> State:
    """Take a job away; one that runs is ended by its worker within some seconds.

    Raises NotFound, Unavailable without Redis.
    """
    try:
        job = _job(job_id)
        audit.record(actor, Act.JOB_CANCEL, _subject(job))
        if job.get_status() == JobStatus.STARTED:
            job_history.ask_to_stop(_client(), job.id)
            return State.STOPPING
        job.delete()
    except RedisError as error:
        raise Unavailable(_AWAY) from error
    return State.CANCELLED


@transactional
def run_now(actor: User, name: str) -> State:
    """Start a periodic job at once; its next time stays as it is.

    Raises NotFound, Unavailable without Redis.
    """
    job = next((one.job for one in PERIODIC if one.job.name.lower() == name), None)
    if job is None:
        raise NotFound("There is no periodic job with this name.")
    audit.record(actor, Act.JOB_RUN, Subject("job", name, short_name(str(job))))
    try:
        return State.QUEUED if start(job) else State.RUNNING
    except RedisError as error:
        raise Unavailable(_AWAY) from error


def _client() -> redis.Redis:
    client = redis_connection.client
    if client is None:
        raise Unavailable(_AWAY)
    return client


def _job(job_id: str) -> RQJob:
    try:
        return RQJob.fetch(job_id, connection=_client(), serializer=JSONSerializer)
    except NoSuchJobError:
        raise NotFound("There is no such job. It may be finished.") from None


def _known(job: RQJob) -> Job:
    try:
        return Job(job.func_name or "")
    except ValueError:
        raise Conflict("This release has no such job. Delete it.") from None


def _subject(job: RQJob) -> Subject:
    return Subject("job", job.id, short_name(job.func_name or ""))
