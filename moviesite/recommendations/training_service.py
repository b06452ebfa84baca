"""Learns from everybody's opinions and puts what was learnt into service, or refuses to.

For workers: it brings scipy. A model goes into service in one transaction; whatever fails before
that leaves the old one where it is.
"""

import datetime as dt
import secrets
import time
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import structlog
from numpy.typing import NDArray
from scipy import sparse
from sqlalchemy import update

from moviesite import clock
from moviesite.config import current_config
from moviesite.demo.viewers import bundled_viewers
from moviesite.errors import Conflict
from moviesite.extensions import db
from moviesite.models import RecommenderRun
from moviesite.models.recommendations import (
    FAILED,
    IN_SERVICE,
    REFUSED,
    REPLACED,
    RUNNING,
    SKIPPED,
)
from moviesite.recommendations import engine, evaluation, features, model_files, queries, service
from moviesite.recommendations.serving import Model
from moviesite.transactions import transactional

MOST_MOVIES = 12_000
NEW_OPINIONS = 50
OLDEST = dt.timedelta(days=1)
# Fewer people than this tell nothing of how good a model is.
_LEAST_TESTED = 30
_TESTED = 0.2
_MODELS_KEPT = 3
# So many times the movies of the last time are worth learning anew.
_MANY_MORE = 1.2
_MEASURE_HOLDS = dt.timedelta(days=7)
_LIKED_STARS = 3.5

log = structlog.get_logger(__name__)


class Lesson(NamedTuple):
    """What is learnt from: who likes what since when, and what the movies are made of.

    `likes` and `since` (seconds since 1970) are people x movies, of the same places.
    """

    likes: sparse.csr_array
    since: sparse.csr_array
    movie_ids: list[int]
    described: features.Features
    made_up: int


def train_if_due() -> RecommenderRun | None:
    """Learn anew where 50 opinions came since the last time, or a day went by."""
    return train() if is_due() else None


def is_due() -> bool:
    """Whether there is something new to learn, of people or of movies.

    What failed or was killed has learnt nothing, so that the next one is still due.
    """
    done = (run for run in queries.runs() if run.status not in (RUNNING, FAILED))
    last = next(done, None)
    if last is None or last.status == SKIPPED:
        return True
    return (
        abs(queries.opinion_count() - last.metrics.get("opinions", 0)) >= NEW_OPINIONS
        or queries.known_count() > last.movies * _MANY_MORE
        or clock.now() - last.started_at >= OLDEST
    )


def train() -> RecommenderRun | None:
    """Learn, judge, and put into service what is at least as good; None where somebody else does.

    Whatever goes wrong is noted in the run, raised again, and leaves the old model in service.
    """
    with model_files.only_one() as alone:
        if not alone:
            return None
        _close_abandoned()
        run, begun = _begin(queries.opinion_count()), time.perf_counter()
        try:
            return _trained(run, begun)
        except Exception as error:
            _finish(run.version, FAILED, begun, reason=type(error).__name__)
            raise


def _trained(run: RecommenderRun, begun: float) -> RecommenderRun:
    lesson = gather()
    _note_data(run.version, lesson)
    if lesson is None or not lesson.likes.nnz:
        return _finish(run.version, SKIPPED, begun, reason="No one likes anything yet.")
    metrics = judged(lesson)
    model = _fitted(lesson, lesson.likes)
    model.metrics = metrics
    model.save(model_files.folder_of(run.version))
    reason = _objection(lesson, metrics)
    if reason:
        return _finish(run.version, REFUSED, begun, metrics=metrics, reason=reason)
    service.put_into_service(run.version)
    return _finish(run.version, IN_SERVICE, begun, metrics=metrics)


def gather() -> Lesson | None:
    """Everybody's likes, the demo's viewers among them where there is a demo."""
    liked_since: dict[tuple[str, int], float] = {
        (f"u{user}", movie): since.timestamp() for user, movie, since in queries.interactions()
    }
    real = len({person for person, _ in liked_since})
    liked_since |= _likes_of_demo()
    ids = queries.candidate_ids({movie for _, movie in liked_since}, MOST_MOVIES)
    columns = {movie_id: column for column, movie_id in enumerate(ids)}
    people = {person: row for row, person in enumerate(dict.fromkeys(p for p, _ in liked_since))}
    known = [
        (people[p], columns[m], since) for (p, m), since in liked_since.items() if m in columns
    ]
    if not known:
        return None
    rows, cols, since = np.array(known, dtype=np.float64).T
    shape = (len(people), len(ids))
    places = rows.astype(np.int64), cols.astype(np.int64)
    when = sparse.csr_array((since, places), shape=shape)
    likes = when.astype(bool).astype(np.float32)
    return Lesson(likes, when, ids, _described(ids), len(people) - real)


def _likes_of_demo() -> dict[tuple[str, int], float]:
    """The demo's viewers, who do not exist and have no account: likes and since when."""
    if not current_config().demo:
        return {}
    now = clock.now().timestamp()
    likes: dict[tuple[str, int], float] = {}
    for viewer in bundled_viewers():
        liked = [(movie, days) for movie, stars, days in viewer.ratings if stars >= _LIKED_STARS]
        for movie, days in (*liked, *viewer.favorites):
            likes[f"d{viewer.username}", movie] = now - days * 86400
    return likes


def _described(ids: Sequence[int]) -> features.Features:
    description = queries.description_of(ids)
    return features.weighted(
        {kind: [rows.get(movie_id, []) for movie_id in ids] for kind, rows in description.items()}
    )


def _fitted(lesson: Lesson, likes: sparse.csr_array, **more: Any) -> Model:
    model = engine.fit(
        likes,
        lesson.described.rows,
        movie_ids=np.array(lesson.movie_ids, dtype=np.int64),
        feature_kinds=lesson.described.kinds,
        feature_ids=lesson.described.ids,
        **more,
    )
    years = queries.years_of(lesson.movie_ids)
    model.arrays["years"] = np.array(
        [years.get(movie_id, 0) for movie_id in lesson.movie_ids], dtype=np.int16
    )
    return model


def judged(lesson: Lesson) -> dict[str, Any]:
    """How well a model of most people serves the others, and one of the past the present.

    Beside it what popularity alone would have reached. Empty where there are too few people.
    """
    people = _rows(lesson.likes, lesson.likes.indices)
    if len(people) * _TESTED < _LEAST_TESTED:
        return {}
    chance = np.random.default_rng(0)
    trained, tested = evaluation.hold_out(people, _TESTED, chance)
    held = evaluation.cases([people[person] for person in tested], chance)
    known = lesson.likes[trained]
    figures = _figures(lesson, known, held)
    return {**figures["model"], "popularity": figures["popularity"], "in_time": _in_time(lesson)}


def _in_time(lesson: Lesson) -> dict[str, Any]:
    """The last fifth of all likes told from those before."""
    split = float(np.quantile(lesson.since.data, 1 - _TESTED))
    rows = _rows(lesson.likes, lesson.likes.indices)
    times = _rows(lesson.since, lesson.since.data.astype(np.int64))
    held = evaluation.cases_in_time(rows, times, int(split))
    past = lesson.likes.copy()
    past.data[lesson.since.data >= split] = 0
    past.eliminate_zeros()
    return _figures(lesson, past, held)["model"] if len(held) >= _LEAST_TESTED else {}


def _figures(
    lesson: Lesson, known: sparse.csr_array, held: list[evaluation.Case]
) -> dict[str, dict[str, float]]:
    model = _fitted(lesson, known)
    counts = np.bincount(known.indices, minlength=known.shape[1]).astype(np.float64)
    return {
        "model": evaluation.measure(model.score, held, counts).figures(),
        "popularity": evaluation.measure(lambda _: counts, held, counts).figures(),
    }


def _rows(likes: sparse.csr_array, values: NDArray[Any]) -> list[NDArray[np.int64]]:
    """The values of each person."""
    return [row.astype(np.int64) for row in np.split(values, likes.indptr[1:-1])]


def _objection(lesson: Lesson, metrics: dict[str, Any]) -> str:
    """Why the model must not go into service; empty where it may.

    What the model in service was measured at counts for a week: people and films change.
    """
    serving = queries.run_in_service()
    if serving is None or clock.now() - serving.started_at > _MEASURE_HOLDS:
        return ""
    found, known = metrics.get("recall_at_20"), serving.metrics.get("recall_at_20")
    if found is None or known is None or lesson.likes.shape[0] < serving.people / 2:
        return ""
    if evaluation.may_serve(found, known):
        return ""
    return f"Recall at 20 would fall from {known} to {found}."


@transactional
def _close_abandoned() -> None:
    """Whoever holds the lock knows that nobody else is training."""
    db.session.execute(
        update(RecommenderRun)
        .where(RecommenderRun.status == RUNNING)
        .values(status=FAILED, finished_at=clock.now(), reason="Its worker was stopped.")
    )


@transactional
def _begin(opinions: int) -> RecommenderRun:
    moment = clock.now()
    version = f"{moment:%Y%m%dT%H%M%S}-{secrets.token_hex(3)}"
    run = RecommenderRun(version=version, started_at=moment, metrics={"opinions": opinions})
    db.session.add(run)
    return run


@transactional
def _note_data(version: str, lesson: Lesson | None) -> None:
    if lesson is None:
        return
    people, movies = lesson.likes.shape
    db.session.execute(
        update(RecommenderRun)
        .where(RecommenderRun.version == version)
        .values(
            people=people,
            movies=movies,
            made_up=lesson.made_up,
            interactions=int(lesson.likes.nnz),
        )
    )


@transactional
def _finish(
    version: str,
    status: str,
    begun: float,
    *,
    metrics: dict[str, Any] | None = None,
    reason: str = "",
) -> RecommenderRun:
    run = queries.run_of(version)
    if run is None:
        raise Conflict("No such training.")
    run.status, run.reason, run.finished_at = status, reason, clock.now()
    run.seconds = round(time.perf_counter() - begun, 3)
    run.metrics = {**run.metrics, **(metrics or {})}
    log.info("trained", version=version, status=status, seconds=run.seconds, reason=reason)
    _tidy()
    return run


def _tidy() -> None:
    """Keep the files of the model in service and of the few before it."""
    kept = [run for run in queries.runs() if run.status in (IN_SERVICE, REPLACED)]
    serving = queries.version_in_service()
    names = {run.version for run in kept[:_MODELS_KEPT]} | ({serving} if serving else set())
    model_files.remove_but(names)
