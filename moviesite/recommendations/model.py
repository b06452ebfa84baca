"""A fitted model: arrays, how to fold likes into them, and the folder they rest in. Numpy alone."""

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any, Literal, NamedTuple, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from moviesite.recommendations import folder
from moviesite.recommendations.folding import (
    Columns,
    ContentSums,
    FactorSums,
    Fold,
    Guests,
    MeanRows,
    PairSums,
    RowSums,
    SparseRows,
    Together,
    Values,
    Voice,
    fold,
    person_factors,
)

Strategy = Literal["hybrid", "content", "collab"]

# How the voices are mixed when a model does not say otherwise.
MIXTURE: dict[str, float] = {
    "blend": 0.35,  # strength of the factors with `many` likes and more
    "blend_few": 0.3,  # ... with `few` and fewer
    "pair_blend": 0.0,  # strength of what likes say together with `many` and more
    "pair_blend_few": 0.0,  # ... with `few` and fewer
    "few": 10,  # up to so many likes the short matrix speaks alone
    "many": 20,  # from so many on the long one does
    "prior": 2.5,  # strength of popularity, shared with the likes and fading as they grow
    "discount": 0.0,  # of popularity (its logarithm), from people with many likes
    "confidence": 2.0,  # of a like, in the factors' least squares
    "new_below": 5,  # movies with fewer interactions are new
    "spread": 3.5,  # how many times as it is likeness counts when a list is spread
}


_BY_MOVIE = (
    *("long", "short", "item_factors", "taste_rows", "taste_lengths", "pair_weights"),
    *("likeness", "movie_ids"),
)


class Model:
    """Weights between movies, factors of movies, and what movies are made of; any may be missing.

    Arrays by name (n movies, f factors):
    `counts` (n) interactions; `long`, `short` (n x n) what liking the row's movie says of the
    column's, for people with many and with few likes; `item_factors` (n x f) and `gram_inverse`
    (f x f), the inverse of Y'Y + regularisation; `taste_rows` (n x d) what a like adds along each
    direction of taste, `taste_lengths` (n) its weight squared, `pairs` (2 x p) positions of two
    directions, `pair_weights` (n x p) what the product of these places says; `likeness` (n x any)
    unit rows that tell how alike two movies are; `feature_start`, `feature_index`,
    `feature_weight` the movies' features in compressed rows; `new_start`, `new_index`,
    `new_weight` likewise from which movies a new one's column was averaged, `new_total` (n) what
    their cosines were divided by; `feature_kinds`, `feature_ids` what the features are;
    `movie_ids` (n).

    A model of factors alone, from whatever engine made them, folds in as any other.
    """

    def __init__(
        self,
        arrays: Mapping[str, NDArray[Any]],
        settings: Mapping[str, float] | None = None,
        metrics: Mapping[str, float] | None = None,
    ) -> None:
        self.arrays = dict(arrays)
        self.settings = {**MIXTURE, **(settings or {})}
        self.metrics = dict(metrics or {})
        self._check()

    @property
    def size(self) -> int:
        """How many movies the model knows."""
        return len(self.arrays["counts"])

    @cached_property
    def is_new(self) -> NDArray[np.bool_]:
        """Movies with so few interactions that what they are made of speaks for them."""
        few = self.arrays["counts"] < self.settings["new_below"]
        near = self.neighbours_of_new
        if near is None:
            return np.zeros(self.size, dtype=np.bool_)
        found: NDArray[np.bool_] = few & (np.diff(near.start) > 0)
        return found

    @cached_property
    def popularity(self) -> Values:
        """Interactions, brought to mean 0 and deviation 1."""
        return _standardised(self.arrays["counts"].astype(np.float64))

    @cached_property
    def _renown(self) -> Values:
        """The logarithm of interactions, brought to mean 0 and deviation 1."""
        return _standardised(np.log1p(self.arrays["counts"].astype(np.float64)))

    @cached_property
    def features(self) -> SparseRows | None:
        """What the movies are made of, if that was told."""
        return self._sparse("feature")

    @cached_property
    def neighbours_of_new(self) -> SparseRows | None:
        """Movies x movies: from which ones a new movie's column was made; rows add up to 1."""
        return self._sparse("new")

    def _sparse(self, name: str) -> SparseRows | None:
        parts = [f"{name}_{part}" for part in ("start", "index", "weight")]
        return SparseRows(*(self.arrays[part] for part in parts)) if self._has(parts[0]) else None

    @cached_property
    def by_feature(self) -> SparseRows | None:
        """Features x movies: the movies that have each feature."""
        if self.features is None:
            return None
        rows = self.features
        order = np.argsort(rows.features, kind="stable")
        movies = np.repeat(np.arange(self.size, dtype=np.int32), np.diff(rows.start))
        counts = np.bincount(rows.features, minlength=self.width)
        start = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
        return SparseRows(start, movies[order], rows.weight[order])

    @property
    def width(self) -> int:
        """How many features there are."""
        return int(self.settings.get("features", 0))

    def score(self, liked: ArrayLike) -> Values:
        """How strongly each movie is recommended to whoever likes these columns; masks nothing."""
        return self.fold(liked).scores

    def fold(
        self, liked: ArrayLike, strategy: Strategy = "hybrid", guests: Guests | None = None
    ) -> Fold:
        """Tell the model a person's likes (column indices). IndexError: no such movie.

        `guests`: likes of movies that it does not know (`guests.of`). With no likes at all, and
        wherever a strategy has nothing to go by, popularity speaks.
        """
        likes = _Likes(self._columns(liked), guests)
        parts = self._voices(likes, strategy) if likes.number else []
        prior = self._prior(likes.number, strategy) if parts else self.popularity
        return fold(likes.columns, self.size, parts, prior, guests)

    def _columns(self, liked: ArrayLike) -> Columns:
        columns = np.unique(np.asarray(liked, dtype=np.int64))
        if len(columns) and not 0 <= columns[0] <= columns[-1] < self.size:
            raise IndexError(f"liked movies must be columns from 0 to {self.size - 1}")
        return columns

    def _voices(self, likes: "_Likes", strategy: Strategy) -> list[tuple[float, Voice]]:
        if strategy == "content":
            return self._content(likes)
        if strategy == "collab":
            return self._factors(likes, 1.0) or self._matrices(likes, 1.0)
        if not self._has("long"):
            return self._factors(likes, 1.0)
        blend = self._blend("item_factors", "blend", likes.number)
        together = self._blend("pair_weights", "pair_blend", likes.number)
        return [
            *self._matrices(likes, 1 - blend - together),
            *self._factors(likes, blend),
            *self._pairs(likes, together),
        ]

    def _content(self, likes: "_Likes") -> list[tuple[float, Voice]]:
        rows = self.features
        if rows is None:
            return []
        known: Voice = ContentSums(rows, rows, likes.columns, self.width)
        if likes.guests is None:
            return [(1.0, known)]
        guests, each = likes.guests.facts, np.array(likes.guests.each)
        return [(1.0, Together(known, ContentSums(rows, guests, each, self.width)))]

    def _matrices(self, likes: "_Likes", strength: float) -> list[tuple[float, Voice]]:
        if not self._has("long"):
            return []
        long = self._ripeness(likes.number)
        shares = (("short", 1 - long), ("long", long))
        return [(strength * share, self._rows(name, likes)) for name, share in shares if share]

    def _rows(self, name: str, likes: "_Likes") -> Voice:
        matrix = self.arrays[name]
        known = RowSums(matrix, likes.columns)
        if likes.guests is None:
            return known
        return Together(known, MeanRows(matrix, likes.guests))

    def _factors(self, likes: "_Likes", strength: float) -> list[tuple[float, Voice]]:
        if not strength or not self._has("item_factors"):
            return []
        items, inverse = self.arrays["item_factors"], self.arrays["gram_inverse"]
        rows = items[likes.columns]
        if likes.guests is not None:
            rows = np.concatenate([rows, likes.guests.averaged(items)])
        person = person_factors(rows, inverse, self.settings["confidence"])
        return [(strength, FactorSums(person, items))]

    def _pairs(self, likes: "_Likes", strength: float) -> list[tuple[float, Voice]]:
        if not strength:
            return []
        rows, lengths = self.arrays["taste_rows"], self.arrays["taste_lengths"]
        each, length = rows[likes.columns], float(lengths[likes.columns].sum())
        if likes.guests is not None:
            each = np.concatenate([each, likes.guests.averaged(rows)])
            length += float(likes.guests.averaged(lengths[:, None]).sum())
        person = (each / (np.sqrt(length) or 1)).astype(np.float32)
        return [(strength, PairSums(person, self.arrays["pairs"], self.arrays["pair_weights"]))]

    def _prior(self, likes: int, strategy: Strategy) -> Values | None:
        """What speaks for a movie whatever is liked; popularity, less so with each like."""
        if strategy != "hybrid":
            return None
        ripe = self._ripeness(likes)
        known = np.float32(self.settings["prior"] * (1 - ripe) / (1 + likes))
        found: Values = known * self.popularity
        if ripe and self.settings["discount"]:
            found -= np.float32(self.settings["discount"] * ripe) * self._renown
        return found

    def _ripeness(self, likes: int) -> float:
        """0 with few likes, 1 with many, rising evenly in between."""
        few, many = self.settings["few"], self.settings["many"]
        return min(1.0, max(0.0, (likes - few) / (many - few)))

    def _blend(self, array: str, setting: str, likes: int) -> float:
        if not self._has(array):
            return 0.0
        ripe = self._ripeness(likes)
        return (1 - ripe) * self.settings[f"{setting}_few"] + ripe * self.settings[setting]

    def _has(self, name: str) -> bool:
        return name in self.arrays

    def save(self, path: str | Path) -> None:
        """Write the arrays and a manifest with their digests, the counts and the metrics."""
        counts = self.arrays["counts"]
        sizes = {
            "movies": self.size,
            "interactions": int(counts.sum()),
            "new": int(sum(self.is_new)),
        }
        facts = {"counts": sizes, "settings": self.settings, "metrics": self.metrics}
        folder.write(Path(path), self.arrays, facts)

    @classmethod
    def load(cls, path: str | Path) -> Self:
        """Map a folder that `save` wrote. UnusableModel: damaged, foreign or of another version."""
        arrays, manifest = folder.read(Path(path))
        try:
            return cls(arrays, manifest["settings"], manifest["metrics"])
        except (KeyError, TypeError, ValueError) as wrong:
            raise folder.UnusableModel(f"{path} lacks parts of a model: {wrong}") from None

    def _check(self) -> None:
        size = len(self.arrays["counts"])
        for name in _BY_MOVIE:
            if name in self.arrays and len(self.arrays[name]) != size:
                raise ValueError(f"{name} is not about {size} movies")
        for one, other in (
            ("long", "short"),
            ("item_factors", "gram_inverse"),
            ("taste_rows", "pair_weights"),
        ):
            if self._has(one) != self._has(other):
                raise ValueError(f"{one} and {other} belong together")


class _Likes(NamedTuple):
    """Movies that a person likes: columns, and those that have none."""

    columns: Columns
    guests: Guests | None

    @property
    def number(self) -> int:
        return len(self.columns) + (len(self.guests.names) if self.guests else 0)


def _standardised(values: NDArray[np.float64]) -> Values:
    found: Values = (values - values.mean()) / (values.std() or 1.0)
    return found.astype(np.float32)


def factor_arrays(item_factors: Values, regularisation: float) -> dict[str, Values]:
    """The arrays by which a model folds in with these factors."""
    items = np.ascontiguousarray(item_factors, dtype=np.float32)
    gram = items.T.astype(np.float64) @ items + regularisation * np.eye(items.shape[1])
    return {"item_factors": items, "gram_inverse": np.linalg.inv(gram).astype(np.float32)}
