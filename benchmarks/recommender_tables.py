"""Trials as Markdown tables."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from benchmarks.recommender_trials import FEW, Trial
from benchmarks.table import Row, at_least
from moviesite.recommendations.evaluation import Quality

OURS = "moviesite"


class Promised(NamedTuple):
    """What was looked for: recall against the best setting of each, coverage against EASE's.

    `few`: recall with so many likes.
    """

    ratios: dict[str, float]
    coverage: float | None
    few: dict[int, float]


# On sets of the size of latest-small, and on those of a million ratings.
SMALL = Promised({"EASE": 1.03, "ALS": 1.06, "fixed 0.6 / 0.4": 1.18}, 1.15, {})
LARGE = Promised({"EASE": 1.02, "ALS": 1.025}, None, {1: 0.195, 3: 0.235, 5: 0.255})
LARGE_FROM = 4000


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
    promised = _promised(done)
    known = [name for name in promised.ratios if any(n.startswith(name) for n in done[0].found)]
    for family in known:
        name, wanted = best_of(done, family), promised.ratios[family]
        r = paired_ratio(_recall(done, OURS), _recall(done, name))
        kept = "yes" if r.value >= wanted else "NO"
        lines.append(
            f"| {name} | {r.value:.3f} | {r.low:.3f} to {r.high:.3f} | ≥ {wanted:g} | {kept} |"
        )
    return "\n".join([*lines, *_coverage(done, promised.coverage)])


def _promised(done: list[Trial]) -> Promised:
    return LARGE if done[0].model.settings["people"] >= LARGE_FROM else SMALL


def _coverage(done: list[Trial], wanted: float | None) -> Iterator[str]:
    if wanted is None:
        return
    name = best_of(done, "EASE")
    ours, theirs = (
        _mean([trial.found[which] for trial in done], "coverage") for which in (OURS, name)
    )
    kept = "yes" if ours / theirs >= wanted else "NO"
    yield f"| {name}, coverage | {ours / theirs:.3f} | | ≥ {wanted} | {kept} |"


def few_likes(done: list[Trial]) -> str:
    """R@20 of people of whom little is known."""
    names = ["popularity", best_of(done, "EASE"), best_of(done, "ALS"), OURS]
    lines = [f"| R@20 with | {' | '.join(names)} | looked for |", "|---" * (len(names) + 2) + "|"]
    promised = _promised(done).few
    for many in FEW:
        figures = [np.mean([trial.few[name, many].recall for trial in done]) for name in names]
        likes = "1 like" if many == 1 else f"{many} likes"
        shown = " | ".join(f"{figure:.4f}" for figure in figures)
        lines.append(f"| {likes} | {shown} | {_least(promised.get(many))} |")
    return "\n".join(lines)


def _least(wanted: float | None) -> str:
    return f"≥ {wanted}" if wanted else ""


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


class Ratio(NamedTuple):
    """One mean over another, with the bounds of its middle 95 % when people are drawn anew."""

    value: float
    low: float
    high: float


def paired_ratio(
    ours: NDArray[np.float64], theirs: NDArray[np.float64], seed: int = 0, draws: int = 2000
) -> Ratio:
    """Paired bootstrap: the same people are drawn for both sides."""
    chance = np.random.default_rng(seed)
    found = np.fromiter(_drawn_ratios(ours, theirs, chance, draws), np.float64, draws)
    low, high = np.quantile(found, [0.025, 0.975])
    return Ratio(float(ours.mean() / max(theirs.mean(), 1e-12)), float(low), float(high))


def _drawn_ratios(
    ours: NDArray[np.float64],
    theirs: NDArray[np.float64],
    chance: np.random.Generator,
    draws: int,
) -> Iterator[float]:
    for _ in range(draws):
        drawn = chance.integers(0, len(ours), len(ours))
        yield ours[drawn].mean() / max(theirs[drawn].mean(), 1e-12)
