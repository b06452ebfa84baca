"""What movies are made of, as weighted rows. Pure arithmetic for workers: no database, no web."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

KINDS = ("genre", "director", "writer", "cast", "keyword")
# Something that one movie alone has says nothing about any other.
RAREST = 2


class Features(NamedTuple):
    """`rows`: movies x features, float32, rows of length 1 (or 0 where nothing is known).

    `kinds` and `ids` name the columns: the position in KINDS, and the id within that kind.
    """

    rows: sparse.csr_array
    kinds: NDArray[np.int8]
    ids: NDArray[np.int64]


def weighted(
    kinds: Mapping[str, Sequence[Sequence[int]]], weights: Mapping[str, float] | None = None
) -> Features:
    """Rows weighted by rarity, from the ids of each movie by kind.

    `kinds`: one of KINDS -> for every movie its ids; all of the same length, an empty list where
    nothing is known. Each entry weighs log(movies that are described / movies that have it)
    times the weight of its kind (1 when not said); then each row is brought to length 1, so that
    a movie that is described at length counts no more than another.
    """
    lengths = {len(rows) for rows in kinds.values()}
    if len(lengths) != 1 or not set(kinds) <= set(KINDS):
        raise ValueError(f"features need rows of one length for kinds among {', '.join(KINDS)}")
    movies = lengths.pop()
    described = sum(any(parts) for parts in zip(*kinds.values(), strict=True))
    ordered = [kind for kind in KINDS if kind in kinds]
    blocks = [_block(kinds[kind], described, (weights or {}).get(kind, 1.0)) for kind in ordered]
    labels = [
        np.full(len(ids), KINDS.index(kind)) for kind, (_, ids) in zip(ordered, blocks, strict=True)
    ]
    rows = sparse.hstack([block for block, _ in blocks], format="csr", dtype=np.float32)
    return Features(
        rows=of_length_one(sparse.csr_array(rows, shape=(movies, rows.shape[1]))),
        kinds=np.concatenate(labels).astype(np.int8),
        ids=np.concatenate([ids for _, ids in blocks]),
    )


def _block(
    rows: Sequence[Sequence[int]], described: int, weight: float
) -> tuple[sparse.csr_array, NDArray[np.int64]]:
    pairs = {(movie, thing) for movie, things in enumerate(rows) for thing in things}
    movies, things = np.array(sorted(pairs), dtype=np.int64).reshape(-1, 2).T
    ids, column, count = np.unique(things, return_inverse=True, return_counts=True)
    rarity = weight * np.log(max(described, 1) / np.maximum(count, 1))
    values = np.where(count >= RAREST, rarity, 0.0)[column].astype(np.float32)
    block = sparse.csr_array((values, (movies, column)), shape=(len(rows), len(ids)))
    kept = np.flatnonzero(count >= RAREST)
    return block[:, kept], ids[kept]


def of_length_one(rows: sparse.csr_array) -> sparse.csr_array:
    """The same rows, each divided by its length; empty rows stay empty."""
    squares = rows.multiply(rows).sum(axis=1)
    lengths = np.sqrt(np.asarray(squares, dtype=np.float64)).ravel()
    scale = np.divide(1.0, lengths, out=np.zeros_like(lengths), where=lengths > 0)
    return sparse.csr_array(sparse.diags_array(scale.astype(np.float32)) @ rows)
