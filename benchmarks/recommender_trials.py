"""One split of people into those who teach and those who test, and every model on it."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from benchmarks import competitors
from moviesite.recommendations import engine, evaluation
from moviesite.recommendations.engine import Model
from moviesite.recommendations.evaluation import Case, Columns, Quality, Scorer
from moviesite.recommendations.features import Features

TESTED = 0.2
FEW = (1, 3, 5)
HIDDEN = 0.1


class Trial(NamedTuple):
    """What came of one split. `found`: name -> quality; `few`: (name, likes) -> quality."""

    model: Model
    people: list[Case]
    counts: NDArray[np.float32]
    found: dict[str, Quality]
    few: dict[tuple[str, int], Quality]
    newcomers: dict[str, Quality]


def trials(likes: sparse.csr_array, facts: Features | None, seed: int) -> Trial:
    """Everything on one split."""
    chance = np.random.default_rng(seed)
    rows = _rows(likes)
    taught, tested = evaluation.hold_out(rows, TESTED, chance)
    people = evaluation.cases([rows[person] for person in tested], chance)
    training = likes[taught]
    counts = training.sum(axis=0)
    model = fitted(training, facts)
    found: dict[str, Quality] = {}
    few: dict[tuple[str, int], Quality] = {}
    for name, score in _all(training, facts, model):
        found[name] = evaluation.measure(score, people, counts)
        for many in FEW:
            short = _shortened(people, many)
            few[name, many] = evaluation.measure(score, short, counts)
    hidden = _newcomers(training, facts, [rows[person] for person in tested], seed)
    return Trial(model, people, counts, found, few, hidden)


def fitted(training: sparse.csr_array, facts: Features | None) -> Model:
    """Our model with its defaults."""
    if facts is None:
        return engine.fit(training, None)
    return engine.fit(training, facts.rows, feature_kinds=facts.kinds, feature_ids=facts.ids)


def _shortened(people: list[Case], likes: int) -> list[Case]:
    """The same people, of whom only the first few likes are told; the others are not shown."""
    return [Case(case.folded[:likes], case.held, case.folded[likes:]) for case in people]


def _rows(likes: sparse.csr_array) -> list[Columns]:
    cuts = zip(likes.indptr[:-1], likes.indptr[1:], strict=True)
    return [likes.indices[start:end].astype(np.int64) for start, end in cuts]


def _all(
    training: sparse.csr_array, facts: Features | None, model: Model
) -> list[tuple[str, Scorer]]:
    neighbours = competitors.item_neighbours(training)
    named: list[tuple[str, Scorer]] = [
        ("popularity", competitors.popularity(training)),
        ("item neighbours", neighbours),
    ]
    if facts is not None:
        named.append(("content alone", competitors.content(facts.rows)))
        named.append(("fixed 0.6 / 0.4", competitors.fixed_blend(facts.rows, neighbours)))
    named += [*competitors.shallow_autoencoders(training), *competitors.least_squares(training)]
    return [*named, ("moviesite", model.score), ("moviesite, collab", _collab(model))]


def _collab(model: Model) -> Callable[[Columns], NDArray[np.float32]]:
    return lambda liked: model.fold(liked, "collab").scores


def _newcomers(
    training: sparse.csr_array, facts: Features | None, people: list[Columns], seed: int
) -> dict[str, Quality]:
    """Movies of which nobody has heard: a tenth of those described loses all its likes."""
    if facts is None:
        return {}
    chance = np.random.default_rng(seed + 1000)
    described = np.flatnonzero(np.diff(facts.rows.indptr))
    hidden = np.zeros(training.shape[1], dtype=np.bool_)
    hidden[chance.choice(described, round(HIDDEN * len(described)), replace=False)] = True
    kept = sparse.csr_array(training @ sparse.diags_array((~hidden).astype(np.float32)))
    model = fitted(kept, facts)
    split = [Case(row[~hidden[row]], row[hidden[row]]) for row in people]
    cases = [case for case in split if len(case.folded) and len(case.held)]
    scorers = {"moviesite": model.score, "content alone": competitors.content(facts.rows)}
    counts = training.sum(axis=0)
    return {
        name: evaluation.measure(score, cases, counts, hidden) for name, score in scorers.items()
    }
