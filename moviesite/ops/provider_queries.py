"""How the outside sources are doing, what the cache spares them, and how old what is kept is."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from prometheus_client.metrics_core import Metric
from redis.exceptions import RedisError
from sqlalchemy import func, select

from moviesite import clock, metrics
from moviesite.cache_kinds import LONGEST_KEPT
from moviesite.catalogue.purge_service import EMPTIED
from moviesite.extensions import db, redis_connection
from moviesite.models import BreakerOpening, Movie, TmdbSnapshot
from moviesite.ops import metrics_queries
from moviesite.providers.gate import Gate, current_gates

ANSWERING, SILENT, PAUSED = "answering", "silent", "paused"
_OPENINGS = 20
_UPSTREAM, _CACHE = "upstream_events", "cache_lookups"


class SourceLine(NamedTuple):
    """A source: its breaker, and what its calls came to.

    `paused`: nobody may call at this moment. `silent`: no answer has come since that was so last.
    """

    name: str
    state: str
    calls: int
    answers: int
    failures: int
    refused: int
    busy: int
    seconds_each: float | None


class CacheLine(NamedTuple):
    """Look-ups of one kind of answer; `ratio` is the share that asked no source."""

    kind: str
    fresh: int
    stale: int
    missed: int

    @property
    def ratio(self) -> float | None:
        """From 0 to 1; None where nothing was looked up."""
        every = self.fresh + self.stale + self.missed
        return (self.fresh + self.stale) / every if every else None


class Held(NamedTuple):
    """What is kept of TMDb's, by age; `too_old` is what should have been let go of."""

    oldest_answer_at: dt.datetime | None
    oldest_movie_at: dt.datetime | None
    too_old_answers: int
    too_old_movies: int


class Providers(NamedTuple):
    """All of it. `workers_counted` is false while Redis, which has their counts, is away."""

    sources: Sequence[SourceLine]
    cache: Sequence[CacheLine]
    held: Held
    openings: Sequence[BreakerOpening]
    workers_counted: bool


def providers() -> Providers:
    """Everything in two statements; counts are of this web server and of all workers."""
    counts, workers_counted = _counts()
    times = _times()
    return Providers(
        sources=[_source(gate, counts[_UPSTREAM], times) for gate in current_gates()],
        cache=_cache(counts[_CACHE]),
        held=held(),
        openings=openings(),
        workers_counted=workers_counted,
    )


def held() -> Held:
    """How old the oldest is: one statement."""
    oldest = clock.now() - LONGEST_KEPT
    filled = Movie.fetched_at > EMPTIED
    parts = (
        select(func.min(TmdbSnapshot.fetched_at)),
        select(func.min(Movie.fetched_at)).where(filled),
        select(func.count()).where(TmdbSnapshot.fetched_at < oldest),
        select(func.count()).select_from(Movie).where(filled, Movie.fetched_at < oldest),
    )
    return Held(*db.session.execute(select(*(part.scalar_subquery() for part in parts))).one())


def openings() -> Sequence[BreakerOpening]:
    """The latest times in which a source was silent, newest first."""
    newest = select(BreakerOpening).order_by(BreakerOpening.opened_at.desc())
    return db.session.scalars(newest.limit(_OPENINGS)).all()


Counts = dict[str, dict[tuple[str, str], float]]


def _counts() -> tuple[Counts, bool]:
    """By family, then by both labels in the order of their names."""
    counts: Counts = {_UPSTREAM: defaultdict(float), _CACHE: defaultdict(float)}
    _add(counts, "moviesite_", metrics_queries.counted().collect())
    client = redis_connection.client
    if client is None:
        return counts, False
    try:
        _add(counts, "moviesite_worker_", list(metrics.spilled(client)))
    except RedisError:
        return counts, False
    return counts, True


def _add(counts: Counts, prefix: str, families: Iterable[Metric]) -> None:
    for family in families:
        found = counts.get(family.name.removeprefix(prefix))
        if found is None:
            continue
        for sample in family.samples:
            if sample.name.endswith("_total"):
                first, second = (sample.labels[name] for name in sorted(sample.labels))
                found[first, second] += sample.value


def _times() -> dict[str, float]:
    """Seconds until a source had answered, on average, by its name."""
    sums: dict[str, float] = {}
    numbers: dict[str, float] = {}
    for name, provider, value in _timed():
        (sums if name.endswith("_sum") else numbers)[provider] = value
    return {name: sums[name] / number for name, number in numbers.items() if number}


def _timed() -> Iterator[tuple[str, str, float]]:
    for family in metrics_queries.counted().collect():
        if family.name == "moviesite_upstream_seconds":
            for sample in family.samples:
                if sample.name.endswith(("_sum", "_count")):
                    yield sample.name, sample.labels["provider"], sample.value


def _source(
    gate: Gate, counts: dict[tuple[str, str], float], times: dict[str, float]
) -> SourceLine:
    events = ("calls", "answers", "failures", "refused", "busy")
    numbers = {event: int(counts.get((event, gate.name), 0)) for event in events}
    return SourceLine(gate.name, _state(gate), **numbers, seconds_each=times.get(gate.name))


def _state(gate: Gate) -> str:
    if gate.shut:
        return PAUSED
    return SILENT if gate.silent else ANSWERING


def _cache(counts: dict[tuple[str, str], float]) -> list[CacheLine]:
    kinds = sorted({kind for kind, _ in counts})
    outcomes = ("fresh", "stale", "miss")
    return [
        CacheLine(kind, *(int(counts.get((kind, outcome), 0)) for outcome in outcomes))
        for kind in kinds
    ]
