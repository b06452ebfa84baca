"""All background jobs in one table, and how each of them reaches a worker.

Jobs that a write asks for wait in an outbox in the database and are never lost (`enqueue`); jobs
that a GET starts are handed to Redis or dropped (`offer`). Runs no job but the outbox's delivery.
"""

import datetime as dt
import hashlib
from collections.abc import Iterable, Sequence
from enum import StrEnum
from functools import partial
from typing import NamedTuple

import structlog
from redis import Redis
from redis.exceptions import RedisError
from rq import Queue, Retry
from rq.exceptions import DuplicateJobError, NoSuchJobError
from rq.job import Job as RQJob
from rq.job import JobStatus
from rq.serializers import JSONSerializer
from sqlalchemy import delete, insert, select, update

from moviesite import clock
from moviesite.extensions import db, redis_connection
from moviesite.models import OutboxEntry
from moviesite.transactions import after_commit, transactional

QUEUES = ("high", "default", "low")

_BATCH = 500
_DELIVERED_KEPT = dt.timedelta(days=7)

log = structlog.get_logger(__name__)


class Job(StrEnum):
    """Background jobs by import path."""

    REMEMBER = "moviesite.catalogue.jobs.remember"
    SYNC_TMDB_MOVIE = "moviesite.catalogue.jobs.sync_tmdb_movie"
    ENRICH_MOVIE = "moviesite.catalogue.jobs.enrich_movie"
    WARM_CATALOGUE = "moviesite.catalogue.jobs.warm_catalogue"
    PURGE_EXPIRED = "moviesite.catalogue.jobs.purge_expired"
    SEED_DEMO = "moviesite.catalogue.jobs.seed_demo"
    SEED_DEMO_LISTS = "moviesite.lists.jobs.seed_demo"
    DELIVER_OUTBOX = "moviesite.queue.deliver_outbox"
    SEND_EMAIL = "moviesite.accounts.jobs.send_email"
    CLEANUP_MEDIA = "moviesite.accounts.jobs.cleanup_media"
    FORGET_OLD_ACCESS = "moviesite.accounts.jobs.forget_old_access"
    GENERATE_RECOMMENDATIONS = "moviesite.recommendations.jobs.generate_recommendations"
    GENERATE_DAILY_TRENDING = "moviesite.trending.jobs.generate_daily_trending"
    FORGET_OLD_CHANGES = "moviesite.library.jobs.forget_old_changes"
    IMPORT_LIBRARY = "moviesite.transfer.jobs.import_library"
    REFRESH_CHANGED_MOVIES = "moviesite.catalogue.jobs.refresh_changed_movies"
    PURGE_TMDB = "moviesite.catalogue.jobs.purge_tmdb"
    SNAPSHOT_ANALYTICS = "moviesite.ops.jobs.snapshot_analytics"
    WATCH_SOURCES = "moviesite.ops.jobs.watch_sources"
    WARN_OF_SOURCE = "moviesite.ops.jobs.warn_of_source"


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


# A source may be down for hours, and details are never urgent.
_FOR_HOURS = (10, 60, 600, 3600, 14400)
# A mail server may be down for half a day.
_FOR_HALF_A_DAY = (10, 60, 300, 1800, 3600, 14400, 14400)

RULES: dict[Job, Rule] = {
    Job.REMEMBER: Rule(queue="low", timeout=30),
    Job.SYNC_TMDB_MOVIE: Rule(retry_after=_FOR_HOURS),
    Job.ENRICH_MOVIE: Rule(queue="low", retry_after=(60, 3600, 14400)),
    Job.WARM_CATALOGUE: Rule(timeout=120),
    Job.PURGE_EXPIRED: Rule(queue="low", timeout=300),
    Job.SEED_DEMO: Rule(queue="low", timeout=600),
    Job.SEED_DEMO_LISTS: Rule(queue="low", timeout=300),
    Job.DELIVER_OUTBOX: Rule(queue="high"),
    Job.SEND_EMAIL: Rule(queue="high", retry_after=_FOR_HALF_A_DAY),
    Job.CLEANUP_MEDIA: Rule(queue="low", timeout=300),
    Job.FORGET_OLD_ACCESS: Rule(queue="low", timeout=300),
    # Ten thousand movies take half a minute, three times over; a busy machine longer.
    Job.GENERATE_RECOMMENDATIONS: Rule(queue="low", timeout=1800, retry_after=(30, 120, 600)),
    Job.GENERATE_DAILY_TRENDING: Rule(timeout=300),
    Job.FORGET_OLD_CHANGES: Rule(queue="low", timeout=300),
    # A turn of twenty seconds; whoever waits for a source that is silent goes on with it.
    Job.IMPORT_LIBRARY: Rule(queue="low", timeout=180, retry_after=_FOR_HOURS),
    # Two weeks of changes at most, sixty pages a day.
    Job.REFRESH_CHANGED_MOVIES: Rule(queue="low", timeout=900, retry_after=(60, 600, 3600)),
    Job.PURGE_TMDB: Rule(timeout=900),
    Job.SNAPSHOT_ANALYTICS: Rule(queue="low", timeout=300),
    Job.WATCH_SOURCES: Rule(queue="high", timeout=30),
    Job.WARN_OF_SOURCE: Rule(queue="high", retry_after=_FOR_HALF_A_DAY),
}

PERIODIC: tuple[Periodic, ...] = (
    Periodic(Job.WARM_CATALOGUE, 300),
    Periodic(Job.PURGE_EXPIRED, 86400),
    # Runs at the first start; later runs find nothing to do.
    Periodic(Job.SEED_DEMO, 86400),
    Periodic(Job.SEED_DEMO_LISTS, 86400),
    Periodic(Job.DELIVER_OUTBOX, 30),
    Periodic(Job.CLEANUP_MEDIA, 86400),
    Periodic(Job.FORGET_OLD_ACCESS, 86400),
    # Counts the new hours; once a day, by itself, all of them.
    Periodic(Job.GENERATE_DAILY_TRENDING, 600),
    Periodic(Job.FORGET_OLD_CHANGES, 86400),
    # Does nothing but keep lists ready unless 50 opinions came, or a day went by.
    Periodic(Job.GENERATE_RECOMMENDATIONS, 900),
    Periodic(Job.REFRESH_CHANGED_MOVIES, 86400),
    # A row a day; each hour, so that a day is closed soon after it is over.
    Periodic(Job.SNAPSHOT_ANALYTICS, 3600),
    Periodic(Job.WATCH_SOURCES, 60),
)


@transactional
def enqueue(job: Job, *args: str | int) -> None:
    """Have a job done after the present transaction commits, at least once.

    It waits in the outbox until a queue takes it, however long Redis is away, and is rolled back
    with its transaction. A job that waits already is not added again.
    """
    enqueue_each(job, [args])


@transactional
def enqueue_each(job: Job, calls: Iterable[Sequence[str | int]]) -> None:
    """The same for several calls of a job by their arguments, noted and handed over together."""
    rows = [{"job": str(job), "args": list(args)} for args in calls]
    if rows:
        entries = db.session.scalars(insert(OutboxEntry).returning(OutboxEntry), rows).all()
        after_commit(partial(_deliver, entries))


def offer(job: Job, *args: str | int) -> None:
    """Hand a job to the workers, if Redis answers; the same call waits only once.

    Never raises and never waits long: without Redis the job is dropped, which suits work that
    the next visit would start again.
    """
    client = redis_connection.client
    if client is None:
        return
    try:
        _hand_over(client, job, args)
    except RedisError as error:
        log.warning("job not queued", job=job.name, reason=str(error))


def start(job: Job, *args: str | int) -> bool:
    """Hand a job to the workers now; False where the same one is running.

    One that failed, or pauses before its next try, begins anew with all its tries. Raises
    RedisError, also where no Redis is set.
    """
    client = redis_connection.client
    if client is None:
        raise RedisError("no REDIS_URL is set")
    known = _known(client, job, args)
    if known is not None and known.get_status(refresh=False) == JobStatus.SCHEDULED:
        known.delete()
    return _hand_over(client, job, args)


def hurry(job: Job, *args: str | int) -> None:
    """As `start`, but through the outbox while Redis is away."""
    try:
        start(job, *args)
    except RedisError:
        enqueue(job, *args)


def deliver_outbox() -> None:
    """Deliver what no queue has yet, oldest first, and forget what was delivered a week ago."""
    waiting = select(OutboxEntry).where(OutboxEntry.delivered_at.is_(None))
    _deliver(db.session.scalars(waiting.order_by(OutboxEntry.id).limit(_BATCH)).all())
    _forget_delivered()


def _deliver(entries: Sequence[OutboxEntry]) -> None:
    """Hand over as many as possible; raises nothing, since the write itself is committed."""
    client = redis_connection.client
    if client is None:
        return
    delivered: list[int] = []
    try:
        for entry in entries:
            if entry.job not in RULES or _hand_over(client, Job(entry.job), tuple(entry.args)):
                delivered.append(entry.id)
    except RedisError as error:
        log.warning("jobs wait in the outbox", reason=str(error))
    if delivered:
        _note_delivered(delivered)


@transactional
def _note_delivered(ids: Sequence[int]) -> None:
    now = clock.now()
    db.session.execute(update(OutboxEntry).where(OutboxEntry.id.in_(ids)).values(delivered_at=now))


@transactional
def _forget_delivered() -> None:
    oldest = clock.now() - _DELIVERED_KEPT
    db.session.execute(delete(OutboxEntry).where(OutboxEntry.delivered_at < oldest))


def _hand_over(client: Redis, job: Job, args: tuple[str | int, ...]) -> bool:
    """Whether the job is still to begin; False where the same one is running."""
    return _put(client, job, args) or _replace_dead(client, job, args)


def _put(client: Redis, job: Job, args: tuple[str | int, ...]) -> bool:
    """Whether the job was added; False where RQ knows one of the same name."""
    rule = RULES[job]
    try:
        _queue(client, rule.queue).enqueue(
            str(job),
            *args,
            job_id=job_id(job, *args),
            unique=True,
            job_timeout=rule.timeout,
            # A finished job that stayed would block the next one of its name.
            result_ttl=0,
            failure_ttl=rule.failure_ttl,
            retry=Retry(max=len(rule.retry_after), interval=list(rule.retry_after)),
        )
    except DuplicateJobError:
        return False
    return True


def _replace_dead(client: Redis, job: Job, args: tuple[str | int, ...]) -> bool:
    """Replace a job of this name that failed for good, or whose worker died while taking it.

    Returns whether the job, old or new, is still to begin.
    """
    known = _known(client, job, args)
    if known is not None and not _is_dead(client, known):
        return known.get_status(refresh=False) != JobStatus.STARTED
    if known is not None:
        known.delete()
    return _put(client, job, args)


def _known(client: Redis, job: Job, args: tuple[str | int, ...]) -> RQJob | None:
    """The job of this name, in whichever queue: an older release may have used another one."""
    try:
        return RQJob.fetch(job_id(job, *args), connection=client, serializer=JSONSerializer)
    except NoSuchJobError:
        return None


def _is_dead(client: Redis, known: RQJob) -> bool:
    status = known.get_status()
    if status != JobStatus.QUEUED:
        return status in (JobStatus.FAILED, JobStatus.STOPPED, JobStatus.CANCELED)
    # A worker took it out of the queue and was killed before it registered the job as started.
    queue = _queue(client, known.origin)
    return queue.get_job_position(known) is None and known not in queue.started_job_registry


def _queue(client: Redis, name: str) -> Queue:
    return Queue(name, connection=client, serializer=JSONSerializer)


def job_id(job: Job, *args: str | int) -> str:
    """A name that equal calls share, of characters that RQ allows."""
    name = job.name.lower()
    if not args:
        return name
    digest = hashlib.sha256("\x1f".join(map(str, args)).encode()).hexdigest()[:24]
    return f"{name}-{digest}"
