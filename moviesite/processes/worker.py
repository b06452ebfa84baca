"""RQ's worker adapted to this site: application context, intervals, JSON, no orphaned children."""

import contextlib
import logging
import os
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import redis
from rq import Queue as RQQueue
from rq import Worker as RQWorker
from rq.serializers import JSONSerializer
from structlog.contextvars import bind_contextvars

from moviesite import clock, job_history, log_store, logs, metrics
from moviesite.extensions import db
from moviesite.job_history import Outcome, Run
from moviesite.processes.children import die_with_parent
from moviesite.queue import QUEUES

# Opens an application context, in which jobs find database and settings.
Context = Callable[[], AbstractContextManager[Any]]

MONITORING_SECONDS = 10
MAINTENANCE_SECONDS = 10
# A job whose worker is silent for so long is taken for abandoned and done again.
SILENCE_SECONDS = 3 * MONITORING_SECONDS
# RQ looks for abandoned jobs between two waits for work; a wait lasts 15 s less than this.
WORKER_TTL_SECONDS = 25


class Queue(RQQueue):
    """A queue whose maintenance is not blocked for long by a worker that was killed during it."""

    def acquire_maintenance_lock(self) -> bool:
        """Whether this worker may look for abandoned jobs now; RQ's own lock lasts 15 minutes."""
        key = self.registry_cleaning_key
        return bool(self.connection.set(key, 1, nx=True, ex=MAINTENANCE_SECONDS))


class Worker(RQWorker):
    """Works all queues; each job runs in a forked horse with an application context of its own."""

    queue_class = Queue
    max_connection_wait_time = 10.0

    def __init__(self, connection: redis.Redis, context: Context) -> None:
        super().__init__(
            QUEUES,
            connection=connection,
            serializer=JSONSerializer,
            job_monitoring_interval=MONITORING_SECONDS,
            maintenance_interval=MAINTENANCE_SECONDS,
            worker_ttl=WORKER_TTL_SECONDS,
        )
        self._context = context
        self._worker_pid = os.getpid()

    @property
    def was_asked_to_stop(self) -> bool:
        """Whether a signal was the reason to end."""
        return self._shutdown_requested_date is not None

    def subscribe(self) -> None:
        """Take no commands over Redis: they need a thread, and a fork wants a process without."""

    def heartbeat(self, timeout: int | None = None, pipeline: Any = None) -> None:
        """Say that this worker lives, and who it is where Redis was away and forgot it."""
        if pipeline is None and not self.connection.hexists(self.key, "birth"):
            self.connection.delete(self.key)
            self.register_birth()  # type: ignore[no-untyped-call]
        super().heartbeat(timeout, pipeline)

    def get_heartbeat_ttl(self, job: Any) -> int:  # noqa: ARG002
        """Seconds until a silent worker's job counts as abandoned; RQ's own are 70."""
        return SILENCE_SECONDS

    def prepare_execution(self, job: Any) -> Any:
        """Begin a try of the job, and forget those whose workers were killed.

        RQ keeps such a try's name for a minute longer than what it says. Looking for that, it would
        fail at the end of this try, take the job for one that failed, and have it done once more.
        """
        self.connection.delete(job.execution_registry.key)
        return super().prepare_execution(job)

    def main_work_horse(self, job: Any, queue: Any) -> None:
        """Do one job; never comes back."""
        try:
            die_with_parent(self._worker_pid)
            with self._context():
                # Connections belong to the process that opened them, which goes on using them.
                for engine in db.engines.values():
                    engine.dispose(close=False)
                bind_contextvars(job_id=job.id, job=job.func_name.removeprefix("moviesite."))
                super().main_work_horse(job, queue)
        finally:
            # An error here must not escape: a forked copy would go on as a second worker.
            os._exit(1)

    def perform_job(self, job: Any, queue: Any) -> bool:
        """Do the job itself, and leave behind what it counted: this process ends with it."""
        began = time.perf_counter()
        done = bool(super().perform_job(job, queue))
        seconds = time.perf_counter() - began
        name = _name_of(job)
        metrics.JOBS.labels(name, "done" if done else "failed").inc()
        metrics.JOB_SECONDS.labels(name).inc(seconds)
        with contextlib.suppress(redis.RedisError):
            metrics.spill(self.connection)
        self._note(job, Outcome.DONE if done else Outcome.FAILED, seconds)
        for handler in logging.getLogger().handlers:
            handler.flush()
        return done

    def handle_exception(self, job: Any, *exc_info: Any) -> Any:
        """Have the job say why it failed, whether it is tried again or not."""
        self._say_why(job, f"{exc_info[0].__name__}: {exc_info[1]}")
        return super().handle_exception(job, *exc_info)

    def execute_job(self, job: Any, queue: Any) -> None:
        """Run the job in a work horse, RQ's child process; an earlier request to stop is void."""
        job_history.begin(self.connection, job.id)
        super().execute_job(job, queue)

    def maintain_heartbeats(self, job: Any) -> None:
        """Say that this worker lives, and end the horse whose job is to stop."""
        super().maintain_heartbeats(job)
        if job_history.is_asked_to_stop(self.connection, job.id):
            self._stopped_job_id = job.id
            self._say_why(job, "Stopped by an admin.")
            self.kill_horse()
            self._note(job, Outcome.STOPPED)

    def handle_work_horse_killed(self, job: Any, *result: Any) -> None:
        """Note the end of a horse that could not do so itself."""
        super().handle_work_horse_killed(job, *result)  # type: ignore[no-untyped-call]
        self._say_why(job, "Its process ended before the job was done.")
        self._note(job, Outcome.KILLED)

    def _say_why(self, job: Any, reason: str) -> None:
        job.meta[job_history.REASON] = logs.masked(reason)[: job_history.LONGEST_REASON]
        with contextlib.suppress(redis.RedisError):
            job.save_meta()

    def _note(self, job: Any, outcome: Outcome, seconds: float | None = None) -> None:
        """Remember how it went, for those who run the site."""
        reason = "" if outcome is Outcome.DONE else str(job.meta.get(job_history.REASON, ""))
        run = Run(clock.now(), outcome, seconds and round(seconds, 3), reason)
        with contextlib.suppress(redis.RedisError):
            job_history.note(self.connection, _name_of(job), run)
        log_store.note_work(
            kind="job",
            timestamp=clock.rfc3339(run.ended_at),
            job_id=job.id,
            job=_name_of(job),
            outcome=str(outcome),
            seconds=run.seconds,
            reason=reason,
        )


def _name_of(job: Any) -> str:
    name: str = job.func_name.removeprefix("moviesite.")
    return name
