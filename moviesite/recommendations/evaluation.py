"""How good recommendations are. Pure arithmetic on arrays: no database, no clock, no scipy.

A case is a person whose likes were split: some are folded in, the others have to be found again.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Columns = NDArray[np.int64]
Scores = NDArray[np.floating]
Scorer = Callable[[Columns], Scores]

NOTHING: Columns = np.empty(0, dtype=np.int64)
SHOWN = 20
DEPTH = 100
FOLDED_IN = 0.8
MOST_FALL = 0.01


class Case(NamedTuple):
    """One person: column indices that the model is told, and those that it should find.

    `besides`: what the person likes, too, but neither is told nor counts as found.
    """

    folded: Columns
    held: Columns
    besides: Columns = NOTHING


class Quality(NamedTuple):
    """Means over people; `per_person` keeps each one's recall for paired comparisons.

    recall: hits among the first 20 over min(20, held out). ndcg: at 100, binary gains. coverage:
    share of the catalogue that anybody is shown. novelty: mean self-information of what is shown,
    in bits.
    """

    recall: float
    ndcg: float
    coverage: float
    novelty: float
    people: int
    per_person: NDArray[np.float64]
    ndcg_per_person: NDArray[np.float64]

    def figures(self) -> dict[str, float]:
        """What a training run keeps in its row."""
        return {
            "recall_at_20": round(self.recall, 5),
            "ndcg_at_100": round(self.ndcg, 5),
            "coverage_at_20": round(self.coverage, 5),
            "novelty_bits": round(self.novelty, 4),
            "people": float(self.people),
        }


def hold_out(
    likes: Sequence[Columns], share: float, chance: np.random.Generator
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Indices of people to train on and of people to test with (`share` of them), both sorted."""
    order = chance.permutation(len(likes))
    tested = max(1, round(len(likes) * share))
    return np.sort(order[tested:]), np.sort(order[:tested])


def cases(
    likes: Iterable[Columns], chance: np.random.Generator, folded: float = FOLDED_IN
) -> list[Case]:
    """Each person's likes cut at random: `folded` of them are told, the rest is to be found."""
    cut = (_cut(chance.permutation(row), folded) for row in likes)
    return [case for case in cut if len(case.folded) and len(case.held)]


def cases_in_time(
    likes: Iterable[Columns], times: Iterable[NDArray[np.int64]], split: int
) -> list[Case]:
    """What each person liked before the moment `split` (same unit as `times`), and from it on."""
    found = []
    for row, when in zip(likes, times, strict=True):
        case = Case(row[when < split], row[when >= split])
        if len(case.folded) and len(case.held):
            found.append(case)
    return found


def _cut(row: Columns, share: float) -> Case:
    at = round(share * len(row))
    return Case(row[:at], row[at:])


def measure(
    score: Scorer,
    people: Sequence[Case],
    popularity: NDArray[np.floating],
    among: NDArray[np.bool_] | None = None,
) -> Quality:
    """Rank the whole catalogue for each person, without what they are known to like, and count.

    `popularity`: interactions of each movie. `among`: only these movies may be shown.
    """
    lists = [first(score(case.folded), _known(case), DEPTH, among) for case in people]
    return judge(lists, people, popularity)


def _known(case: Case) -> Columns:
    return np.concatenate([case.folded, case.besides])


def first(
    scores: Scores, left_out: Columns, count: int, among: NDArray[np.bool_] | None = None
) -> Columns:
    """The best columns, best first; equal scores keep the order of the columns."""
    ranked = np.array(scores, dtype=np.float64)
    ranked[left_out] = -np.inf
    if among is not None:
        ranked[~among] = -np.inf
    best = np.argsort(-ranked, kind="stable")[:count]
    return best[np.isfinite(ranked[best])]


def judge(
    lists: Sequence[Columns], people: Sequence[Case], popularity: NDArray[np.floating]
) -> Quality:
    """Quality of ready lists (best first), one for each person."""
    pairs = list(zip(lists, people, strict=True))
    recall = np.array([_recall(shown, case.held) for shown, case in pairs])
    ndcg = np.array([_ndcg(shown, case.held) for shown, case in pairs])
    shown = np.concatenate([row[:SHOWN] for row in lists] or [np.empty(0, np.int64)])
    return Quality(
        recall=_mean(recall),
        ndcg=_mean(ndcg),
        coverage=len(np.unique(shown)) / len(popularity),
        novelty=_novelty(shown, popularity),
        people=len(people),
        per_person=recall,
        ndcg_per_person=ndcg,
    )


def _mean(values: NDArray[np.float64]) -> float:
    return float(values.mean()) if len(values) else 0.0


def _recall(shown: Columns, held: Columns) -> float:
    return float(np.isin(shown[:SHOWN], held).sum() / min(SHOWN, len(held)))


def _ndcg(shown: Columns, held: Columns) -> float:
    discount = 1 / np.log2(np.arange(DEPTH) + 2)
    found = np.isin(shown[:DEPTH], held)
    return float((found * discount[: len(found)]).sum() / discount[: len(held)].sum())


def _novelty(shown: Columns, popularity: NDArray[np.floating]) -> float:
    if not len(shown):
        return 0.0
    share = (popularity[shown] + 1) / (popularity.sum() + len(popularity))
    return float(-np.log2(share).mean())


def may_serve(recall: float, serving: float | None) -> bool:
    """Whether a new model may take over: its recall falls by at most one in a hundred."""
    return serving is None or recall >= serving * (1 - MOST_FALL)


def diversity(shown: Columns, likeness: NDArray[np.floating]) -> float:
    """One minus the mean cosine between any two movies of a list; `likeness` has unit rows."""
    rows = likeness[shown]
    if len(rows) < 2:
        return 0.0
    close = rows @ rows.T
    pairs = len(rows) * (len(rows) - 1)
    return float(1 - (close.sum() - np.trace(close)) / pairs)
