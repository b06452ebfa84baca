"""Trials as Markdown tables."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from benchmarks.recommender_trials import FEW, Trial
from benchmarks.table import Row, at_least
from moviesite.recommendations.evaluation import Quality, paired_ratio

OURS = "moviesite"
# What was looked for on latest-small: recall against the best setting of each.
PROMISED = {"EASE": 1.03, "ALS": 1.06, "fixed 0.6 / 0.4": 1.18}
COVERAGE = 1.15


def beside(done: list[Trial]) -> str:
    """Every model in a row."""
    lines = [
        "| model | R@20 | NDCG@100 | coverage@20 | novelty (bits) |",
        "|---|---:|---:|---:|---:|",
    ]
    for name in done[0].found:
        q = [trial.found[name] for trial in done]
        figures = (_recall(done, name).mean(), _mean(q, "ndcg"), _mean(q, "coverage"))
        shown = " | ".join(f"{figure:.4f}" for figure in figures)
        lines.append(f"| {name} | {shown} | {_mean(q, 'novelty'):.2f} |")
    return "\n".join(lines)


def _mean(qualities: list[Quality], what: str) -> float:
    return float(np.mean([getattr(quality, what) for quality in qualities]))


def _recall(done: list[Trial], name: str) -> NDArray[np.float64]:
    return np.concatenate([trial.found[name].per_person for trial in done])


def best_of(done: list[Trial], family: str) -> str:
    """The name of the family's setting with the best recall: competitors choose with hindsight."""
    names = [name for name in done[0].found if name.startswith(family)]
    return max(names, key=lambda name: float(_recall(done, name).mean()))


def ratios(done: list[Trial]) -> str:
    """Recall over each competitor's, with the bounds of a paired bootstrap."""
    lines = ["| R@20 against | ratio | middle 95 % | looked for | kept |", "|---|---:|---|---|---|"]
    families = [name for name in PROMISED if any(n.startswith(name) for n in done[0].found)]
    for family in families:
        name, wanted = best_of(done, family), PROMISED[family]
        r = paired_ratio(_recall(done, OURS), _recall(done, name))
        kept = "yes" if r.value >= wanted else "NO"
        lines.append(
            f"| {name} | {r.value:.3f} | {r.low:.3f} to {r.high:.3f} | ≥ {wanted:.2f} | {kept} |"
        )
    return "\n".join([*lines, _coverage(done)])


def _coverage(done: list[Trial]) -> str:
    name = best_of(done, "EASE")
    ours, theirs = (
        _mean([trial.found[which] for trial in done], "coverage") for which in (OURS, name)
    )
    kept = "yes" if ours / theirs >= COVERAGE else "NO"
    return f"| {name}, coverage | {ours / theirs:.3f} | | ≥ {COVERAGE} | {kept} |"


def few_likes(done: list[Trial]) -> str:
    """R@20 of people of whom little is known."""
    names = ["popularity", best_of(done, "EASE"), best_of(done, "ALS"), OURS]
    lines = ["| R@20 with | " + " | ".join(names) + " |", "|---|" + "---:|" * len(names)]
    for many in FEW:
        figures = [np.mean([trial.few[name, many].recall for trial in done]) for name in names]
        likes = "1 like" if many == 1 else f"{many} likes"
        lines.append(f"| {likes} | " + " | ".join(f"{f:.4f}" for f in figures) + " |")
    return "\n".join(lines)


def newcomers(done: list[Trial]) -> Iterator[Row]:
    """New movies ranked among themselves."""
    if not done[0].newcomers:
        return
    ours, theirs = (
        np.concatenate([trial.newcomers[name].per_person for trial in done])
        for name in (OURS, "content alone")
    )
    yield Row("new movies among themselves: R@20", f"{ours.mean():.4f}")
    yield at_least("new movies: R@20 / content alone", ours.mean() / theirs.mean(), 1.03)
