"""Feeds the PERIODIC table into the queues, one feeder at a time. Runs no job itself."""

import datetime as dt
from collections.abc import Iterable

import redis
import structlog
from redis.exceptions import LockNotOwnedError
from redis.lock import Lock
from rq.cron import CronJob
from rq.scheduler import RQScheduler
from rq.serializers import JSONSerializer
from rq.utils import as_text

from moviesite import clock, job_history
from moviesite.queue import PERIODIC, QUEUES, RULES, Periodic, offer

LEASE_KEY = "moviesite:cron:lease"
LAST_KEY = job_history.FED_KEY
# Renewed every few seconds; after a kill the next feeder takes over within their sum.
LEASE_SECONDS = 15
TICK_SECONDS = 3.0

log = structlog.get_logger(__name__)


class PeriodicJob(CronJob):
    """A row of the table with RQ's arithmetic of when it is due next.

    RQ's own `enqueue` would use another serializer than the workers and add to a queue twice
    what still waits there.
    """

    def __init__(self, periodic: Periodic) -> None:
        super().__init__(
            queue_name=RULES[periodic.job].queue,
            func_name=str(periodic.job),
            interval=periodic.seconds,
            name=periodic.job.name.lower(),
        )
        self.job = periodic.job

    def should_run(self) -> bool:
        """Whether it is due, as it is too where its last run seems to be in the future: then the
        clock was ahead, and the job would not run until the right time gets there.
        """
        last = self.latest_enqueue_time
        return super().should_run() or (last is not None and last > clock.now())

    def hand_over(self, connection: redis.Redis) -> None:
        """Hand the job to the workers and store when, for the next feeder."""
        moment = clock.now()
        offer(self.job)
        connection.hset(LAST_KEY, self.name, moment.isoformat())
        self.set_enqueue_time(moment)


class Feeder:
    """Feeds the queues while it holds the lease; a second one waits and takes over."""

    def __init__(self, client: redis.Redis, table: Iterable[Periodic] = PERIODIC) -> None:
        self._client = client
        self._jobs = [PeriodicJob(periodic) for periodic in table]
        self._lease = Lock(client, LEASE_KEY, timeout=LEASE_SECONDS, thread_local=False)
        self._retries = RQScheduler(QUEUES, connection=client, serializer=JSONSerializer)

    def tick(self) -> bool:
        """Enqueue what is due, if this feeder holds the lease; returns whether it does.

        Raises RedisError when Redis is away.
        """
        if not self._holds_lease():
            return False
        self._release_retries()
        for job in self._jobs:
            if job.should_run():
                job.hand_over(self._client)
        return True

    def resign(self) -> None:
        """Release the lease, so that the next feeder can take over at once."""
        if self._lease.local.token is not None:
            try:
                self._lease.release()
            except (LockNotOwnedError, redis.RedisError):
                log.debug("lease was gone")

    def _holds_lease(self) -> bool:
        if self._lease.local.token is not None:
            try:
                return bool(self._lease.reacquire())
            except LockNotOwnedError:
                # The process slept too long; another one may have fed meanwhile.
                self._lease.local.token = None
        if not self._lease.acquire(blocking=False):
            return False
        try:
            self._recall()
        except redis.RedisError:
            # Without these moments every job would seem to be due.
            self.resign()
            raise
        log.info("feeding the periodic jobs")
        return True

    def _recall(self) -> None:
        """Go on where the last feeder stopped: a restart must not run a daily job again."""
        for job in self._jobs:
            if moment := self._client.hget(LAST_KEY, job.name):
                job.set_enqueue_time(dt.datetime.fromisoformat(as_text(moment)))

    def _release_retries(self) -> None:
        """Put jobs whose pause before a new try is over back into their queues."""
        self._retries.prepare_registries(QUEUES)
        self._retries.enqueue_scheduled_jobs()  # type: ignore[no-untyped-call]
