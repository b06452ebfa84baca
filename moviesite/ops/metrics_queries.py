"""What /metrics shows: what all processes of this web server counted, and how things stand now."""

import os
from collections.abc import Callable, Iterable, Iterator

import redis
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from redis.exceptions import RedisError
from sqlalchemy.exc import SQLAlchemyError

from moviesite import metrics
from moviesite.extensions import redis_connection
from moviesite.ops import job_queries
from moviesite.ops.job_queries import seconds_since
from moviesite.providers.gate import current_gates

FOLDER_VARIABLE = "PROMETHEUS_MULTIPROC_DIR"


class _Present:
    """Asked at each scrape; what is away is left out and said to be away."""

    def collect(self) -> Iterator[Metric]:
        """The families."""
        yield _breakers()
        yield from _attempt("database", _outbox, SQLAlchemyError)
        client = redis_connection.client
        if client is not None:
            yield from _attempt("redis", lambda: _of_redis(client), RedisError)


def exposition() -> bytes:
    """All of it in the text format of Prometheus 0.0.4."""
    now = CollectorRegistry(auto_describe=False)
    now.register(_Present())
    return generate_latest(counted()) + generate_latest(now)


def counted() -> CollectorRegistry:
    """What all processes of this web server counted; of this one alone where it is alone."""
    if not os.environ.get(FOLDER_VARIABLE):
        return metrics.REGISTRY
    shared = CollectorRegistry()
    MultiProcessCollector(shared)  # type: ignore[no-untyped-call]
    return shared


def _attempt(
    name: str, look: Callable[[], Iterable[Metric]], failure: type[Exception]
) -> Iterator[Metric]:
    try:
        yield from list(look())
        up = 1
    except failure:
        up = 0
    yield _gauge(f"moviesite_{name}_up", "Whether it answers.", up)


def _gauge(name: str, words: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, words, value=value)


def _by(name: str, words: str, label: str, values: dict[str, float]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, words, labels=[label])
    for key, value in values.items():
        family.add_metric([key], value)
    return family


def _breakers() -> Metric:
    states = {gate.name: float(gate.shut) for gate in current_gates()}
    words = "1 while nobody may call that source."
    return _by("moviesite_breaker_open", words, "provider", states)


def _outbox() -> Iterator[Metric]:
    waiting, oldest_at = job_queries.outbox()
    yield _gauge("moviesite_outbox_jobs", "Jobs that wait for a queue to take them.", waiting)
    age = seconds_since(oldest_at)
    yield _gauge("moviesite_outbox_oldest_seconds", "Age of the oldest of them.", age)


def _of_redis(client: redis.Redis) -> Iterator[Metric]:
    yield from _queues(client)
    yield from _workers(client)
    yield from metrics.spilled(client)


def _queues(client: redis.Redis) -> Iterator[Metric]:
    queues = job_queries.queue_states(client)
    waiting = {queue.name: float(queue.waiting) for queue in queues}
    yield _by("moviesite_queue_jobs", "Jobs that wait.", "queue", waiting)
    oldest = {queue.name: queue.oldest_seconds for queue in queues}
    words = "For how long the job that is next has waited."
    yield _by("moviesite_queue_oldest_seconds", words, "queue", oldest)
    failed = {queue.name: float(queue.failed) for queue in queues}
    yield _by("moviesite_queue_failed_jobs", "Jobs that were given up.", "queue", failed)


def _workers(client: redis.Redis) -> Iterator[Metric]:
    workers = job_queries.workers(client)
    beats = {worker.name: seconds_since(worker.last_heartbeat) for worker in workers}
    yield _gauge("moviesite_workers", "Workers that gave a sign of life lately.", len(beats))
    words = "For how long a worker has given no sign of life."
    yield _by("moviesite_worker_heartbeat_age_seconds", words, "worker", beats)
