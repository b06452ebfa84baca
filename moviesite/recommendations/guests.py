"""Liked movies that a model does not know, by what they are made of. Numpy alone: no database.

Such a movie is newer than the model, or not among those that can be recommended. It speaks through
the known movies most like it, as a new movie's row in the model is their mean.
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from moviesite.recommendations.folding import Columns, Guests, SparseRows, Values
from moviesite.recommendations.model import Model

# A position in features.KINDS, and an id within that kind.
Feature = tuple[int, int]

# As many as make a new movie's row. With a quarter of the described movies of latest-small hidden,
# recall hardly differs from 20 on; whoever likes guests alone is served best by many.
NEAREST = 200
# Sums of rows are differences of long sums: what is left of nothing.
_NOISE = 1e-6


class Described(NamedTuple):
    """Columns of features and what each weighs: rare ones weigh more."""

    features: NDArray[np.int64]
    weight: Values


def of(model: Model, features: Mapping[int, Iterable[Feature]]) -> Guests | None:
    """Guests from what each is made of, by name; None where none shares anything with a movie."""
    guests: dict[int, tuple[Described, Described]] = {}
    for name, its in features.items():
        made_of = described(model, its)
        near = _nearest(model, made_of)
        if len(near.features):
            guests[name] = near, made_of
    if not guests:
        return None
    return Guests(
        tuple(guests),
        _rows([near for near, _ in guests.values()]),
        _rows([made_of for _, made_of in guests.values()]),
    )


def described(model: Model, features: Iterable[Feature]) -> Described:
    """The features that known movies have, brought to length 1; what none has is passed over."""
    owners = model.by_feature
    wanted = _known(model, features)
    if owners is None or not len(wanted):
        return Described(np.empty(0, dtype=np.int64), np.empty(0, dtype=np.float32))
    having = np.diff(owners.start)[wanted]
    rarity = np.log(model.size / np.maximum(having, 1))
    length = float(np.linalg.norm(rarity)) or 1.0
    return Described(wanted, (rarity / length).astype(np.float32))


def closeness(model: Model, made_of: Described) -> Values:
    """The cosine of every known movie with one that is made of this."""
    rows = model.features
    if rows is None:
        return np.zeros(model.size, dtype=np.float32)
    vector = np.zeros(model.width)
    vector[made_of.features] = made_of.weight
    found = rows.times(vector)
    found[found < _NOISE] = 0
    return found


def _known(model: Model, features: Iterable[Feature]) -> Columns:
    if "feature_kinds" not in model.arrays:
        return np.empty(0, dtype=np.int64)
    kinds, ids = model.arrays["feature_kinds"], model.arrays["feature_ids"]
    found = [np.flatnonzero((kinds == kind) & (ids == id_)) for kind, id_ in set(features)]
    return np.sort(np.concatenate(found)) if found else np.empty(0, dtype=np.int64)


def _nearest(model: Model, made_of: Described) -> Described:
    """Of the movies that people taught the model, the most like one; weights add up to 1."""
    close = np.where(model.is_new, 0, closeness(model, made_of))
    best = np.argsort(-close, kind="stable")[:NEAREST]
    best = np.sort(best[close[best] > 0])
    total = float(close[best].sum()) or 1.0
    return Described(best, (close[best] / total).astype(np.float32))


def _rows(parts: list[Described]) -> SparseRows:
    ends = np.cumsum([len(part.features) for part in parts])
    return SparseRows(
        np.concatenate([[0], ends]).astype(np.int64),
        np.concatenate([part.features for part in parts]).astype(np.int32),
        np.concatenate([part.weight for part in parts]),
    )
