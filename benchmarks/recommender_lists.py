"""What the re-rank and the reasons do to lists, and how long a list takes."""

import time

import numpy as np
from numpy.typing import NDArray

from benchmarks.recommender_trials import Trial
from moviesite.recommendations import evaluation, serving
from moviesite.recommendations.evaluation import Case, Columns

MOST_LIKES = 20
TIMED = 2000


def measured(done: list[Trial]) -> dict[str, float]:
    """Recall kept and diversity won by the re-rank, the nameless share, milliseconds a list."""
    kept = np.array([_rerank(trial) for trial in done]).mean(axis=0)
    rest = np.concatenate([_rest(trial) for trial in done])
    wall, processor = _times(done[0])
    return {
        "kept": kept[0] / kept[1],
        "diversity": kept[2] / kept[3],
        "rest": float(np.median(rest)),
        "median_ms": float(np.median(wall)),
        "p99_ms": float(np.quantile(wall, 0.99)),
        "p99_cpu_ms": float(np.quantile(processor, 0.99)),
    }


def _rerank(trial: Trial) -> tuple[float, float, float, float]:
    """Recall after and before, diversity after and before; both without places for new movies."""
    after = [_chosen(trial, case, serving.TRADE) for case in trial.people]
    before = [_chosen(trial, case, 1.0) for case in trial.people]
    likeness = trial.model.arrays["likeness"]
    recall = [
        evaluation.judge(lists, trial.people, trial.counts).recall for lists in (after, before)
    ]
    diversity = [
        float(np.mean([evaluation.diversity(row, likeness) for row in lists]))
        for lists in (after, before)
    ]
    return recall[0], recall[1], diversity[0], diversity[1]


def _chosen(trial: Trial, case: Case, trade: float) -> Columns:
    scores = trial.model.score(case.folded)
    scores[case.folded] = -np.inf
    return serving.rerank(scores, trial.model.arrays.get("likeness"), serving.SHOWN, trade)


def _rest(trial: Trial) -> NDArray[np.float64]:
    """The nameless part of each score, for people cut to 1, 2, ... 20 likes in turn."""
    found = []
    for place, case in enumerate(trial.people):
        liked = case.folded[: 1 + place % MOST_LIKES]
        shown = serving.recommend(trial.model, liked)
        found += [abs(one.rest) / max(abs(one.score), 1e-9) for one in shown]
    return np.array(found)


def _times(trial: Trial) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    chance = np.random.default_rng(0)
    known = np.flatnonzero(~trial.model.is_new)
    found = []
    for _ in range(TIMED):
        liked = chance.choice(known, 5, replace=False)
        wall, processor = time.perf_counter(), time.thread_time()
        serving.recommend(trial.model, liked)
        found.append((time.perf_counter() - wall, time.thread_time() - processor))
    wall_all, processor_all = 1000 * np.array(found[TIMED // 20 :]).T
    return wall_all, processor_all
