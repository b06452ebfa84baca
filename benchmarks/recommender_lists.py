"""What the re-rank and the reasons do to lists, and how long a list takes."""

import math
import time

import numpy as np
from numpy.typing import NDArray

from benchmarks.recommender_trials import Trial
from moviesite.recommendations import evaluation, likeness, serving
from moviesite.recommendations.evaluation import Case, Columns
from moviesite.recommendations.features import KINDS
from moviesite.recommendations.folding import Values
from moviesite.recommendations.model import Model

MOST_LIKES = 20
TIMED = 2000


def measured(done: list[Trial]) -> dict[str, float]:
    """Recall kept and diversity won by the re-rank, the nameless share, milliseconds a list.

    Where no genre is told, that of genres is not a number.
    """
    kept = np.array([_rerank(trial) for trial in done]).mean(axis=0)
    rest = np.concatenate([_rest(trial) for trial in done])
    wall, processor = _times(done[0])
    return {
        "kept": kept[0] / kept[1],
        "genres": kept[2] / kept[3],
        "tastes": kept[4] / kept[5],
        "rest": float(np.median(rest)),
        "median_ms": float(np.median(wall)),
        "p99_ms": float(np.quantile(wall, 0.99)),
        "p99_cpu_ms": float(np.quantile(processor, 0.99)),
    }


def _rerank(trial: Trial) -> tuple[float, ...]:
    """Recall, diversity of genres and of tastes, each after and before; without new movies."""
    after = [_chosen(trial, case, serving.TRADE) for case in trial.people]
    before = [_chosen(trial, case, 1.0) for case in trial.people]
    found: list[float] = []
    recalls = [
        evaluation.judge(lists, trial.people, trial.counts).recall for lists in (after, before)
    ]
    for seen in (_genres(trial.model), _tastes(trial.model)):
        found += [_diversity(lists, seen) for lists in (after, before)]
    return *recalls, *found


def _diversity(lists: list[Columns], seen: Values) -> float:
    """The mean over lists; movies of which nothing is known are passed over."""
    known = [row[seen[row].any(axis=1)] for row in lists]
    found = [evaluation.diversity(row, seen) for row in known if len(row) > 1]
    return float(np.mean(found)) if found else math.nan


def _genres(model: Model) -> Values:
    rows = np.zeros((model.size, model.width or 1), dtype=np.float32)
    if model.features is not None and "feature_kinds" in model.arrays:
        owner, feature, _ = model.features.entries(np.arange(model.size))
        genre = model.arrays["feature_kinds"][feature] == KINDS.index("genre")
        rows[owner[genre], feature[genre]] = 1
    return likeness.unit(rows)


def _tastes(model: Model) -> Values:
    return likeness.unit(likeness.centred(model.arrays["item_factors"]))


def _chosen(trial: Trial, case: Case, trade: float) -> Columns:
    scores = trial.model.score(case.folded)
    scores[case.folded] = -np.inf
    return serving.rerank(trial.model, scores, serving.SHOWN, trade)


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
