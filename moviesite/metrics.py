"""What is counted for operators, by name. Imports nothing of ours and decides nothing.

A web server of several processes sets PROMETHEUS_MULTIPROC_DIR before this module is loaded:
counts then lie in files that all of its processes share. Background jobs run in processes of
their own, each for one job, and add what they counted to Redis.
"""

import json
from collections.abc import Iterable, Iterator
from functools import lru_cache

import redis
from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.metrics_core import CounterMetricFamily

# Ours alone: the library's own registry would add what it knows of one process among several.
REGISTRY = CollectorRegistry()
SPILLED_KEY = "moviesite:metrics"
NO_ROUTE = "none"
METHODS = frozenset(("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"))

REQUESTS = Counter(
    "moviesite_requests",
    "Requests by endpoint; `source` is `stored` where a kept answer was given again.",
    ["route", "method", "status", "source"],
    registry=REGISTRY,
)
REQUEST_SECONDS = Histogram(
    "moviesite_request_seconds",
    "Time until an answer was made, stored ones aside.",
    ["route"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
    registry=REGISTRY,
)
ERRORS = Counter(
    "moviesite_unexpected_errors", "Errors nobody foresaw.", ["route", "error"], registry=REGISTRY
)
CACHE = Counter(
    "moviesite_cache_lookups",
    "Look-ups in the cache by kind of key; `outcome` is fresh, stale or miss.",
    ["kind", "outcome"],
    registry=REGISTRY,
)
UPSTREAM = Counter(
    "moviesite_upstream_events",
    "Calls to outside sources and what came of them, refusals by the breaker among them.",
    ["provider", "event"],
    registry=REGISTRY,
)
UPSTREAM_SECONDS = Histogram(
    "moviesite_upstream_seconds",
    "Time until an outside source had answered, or was given up.",
    ["provider"],
    buckets=(0.05, 0.1, 0.25, 0.5, 1, 2, 3, 10),
    registry=REGISTRY,
)
JOBS = Counter("moviesite_jobs", "Background jobs by outcome.", ["job", "outcome"], registry=None)
JOB_SECONDS = Counter(
    "moviesite_job_seconds", "Time spent in background jobs.", ["job"], registry=None
)
_OF_JOBS = (JOBS, JOB_SECONDS, UPSTREAM, CACHE)


@lru_cache(maxsize=2048)
def requests_of(route: str, method: str, status: int, source: str) -> Counter:
    """The counter of such requests; remembered, because looking it up costs more than counting."""
    known = method if method in METHODS else "other"
    return REQUESTS.labels(route, known, str(status), source)


@lru_cache(maxsize=1024)
def seconds_of(route: str) -> Histogram:
    """The times of such requests; remembered for the same reason."""
    return REQUEST_SECONDS.labels(route)


def spill(client: redis.Redis) -> None:
    """Add what this process counted to what all jobs counted; for a process about to end.

    Raises RedisError where Redis is away.
    """
    with client.pipeline(transaction=False) as pipeline:
        for name, labels, value in _counted(_OF_JOBS):
            pipeline.hincrbyfloat(SPILLED_KEY, json.dumps([name, labels]), value)
        pipeline.execute()


def spilled(client: redis.Redis) -> Iterator[CounterMetricFamily]:
    """What jobs counted, as `moviesite_worker_...`; raises RedisError where Redis is away."""
    families: dict[str, CounterMetricFamily] = {}
    for field, value in client.hgetall(SPILLED_KEY).items():
        name, labels = json.loads(field)
        family = families.get(name)
        if family is None:
            shown = name.replace("moviesite_", "moviesite_worker_", 1)
            words = "Counted by the jobs of all workers."
            family = families[name] = CounterMetricFamily(shown, words, labels=list(labels))
        family.add_metric(list(labels.values()), float(value))
    yield from families.values()


def _counted(counters: Iterable[Counter]) -> Iterator[tuple[str, dict[str, str], float]]:
    for counter in counters:
        for family in counter.collect():
            for sample in family.samples:
                if sample.name.endswith("_total") and sample.value:
                    yield family.name, dict(sample.labels), sample.value
