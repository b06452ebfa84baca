"""What people would reach for instead: each as a function from likes to scores."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from moviesite.recommendations import closed_form, counting, factors
from moviesite.recommendations.evaluation import Columns, Scorer
from moviesite.recommendations.model import Model, factor_arrays

EASE_REGULARISATIONS = (50.0, 100.0, 200.0, 400.0, 600.0, 800.0)
# factors, regularisation, confidence: where a search over 25 settings on either size was best.
ALS_SETTINGS = (
    (64, 10.0, 2.0),
    (64, 30.0, 5.0),
    (128, 10.0, 2.0),
    (128, 30.0, 2.0),
    (192, 10.0, 2.0),
    (256, 30.0, 2.0),
)
NEIGHBOURS = 100

Matrix = NDArray[np.float32]


def popularity(likes: sparse.csr_array) -> Scorer:
    """The same list for everybody."""
    counts = likes.sum(axis=0)
    return lambda _: counts


def content(features: sparse.csr_array) -> Scorer:
    """The sum of cosines with what is liked."""

    def score(liked: Columns) -> NDArray[np.floating]:
        wanted = np.asarray(features[liked].sum(axis=0)).ravel()
        return features @ wanted

    return score


def row_sums(matrix: Matrix) -> Scorer:
    """Sums of the rows of what is liked."""
    return lambda liked: matrix[liked].sum(axis=0)


def item_neighbours(likes: sparse.csr_array) -> Scorer:
    """Cosine between columns, the nearest of each column alone."""
    counts = counting.together(likes)
    lengths = np.sqrt(np.maximum(np.diag(counts), 1))
    cosines = counts / lengths[:, None] / lengths
    np.fill_diagonal(cosines, 0)
    least = -np.partition(-cosines, NEIGHBOURS, axis=0)[NEIGHBOURS]
    cosines[cosines < least] = 0
    return row_sums(cosines)


def fixed_blend(features: sparse.csr_array, neighbours: Scorer) -> Scorer:
    """0.6 content and 0.4 collaborative, both brought to 0..1."""
    by_content = content(features)
    return lambda liked: 0.6 * _spread(by_content(liked)) + 0.4 * _spread(neighbours(liked))


def _spread(scores: NDArray[np.floating]) -> NDArray[np.floating]:
    return (scores - scores.min()) / ((scores.max() - scores.min()) or 1.0)


def shallow_autoencoders(likes: sparse.csr_array) -> Iterator[tuple[str, Scorer]]:
    """EASE with every regularisation."""
    counts = counting.together(likes)
    for strength in EASE_REGULARISATIONS:
        yield f"EASE {strength:g}", row_sums(closed_form.weights(counts, strength, 0.0))


def least_squares(likes: sparse.csr_array) -> Iterator[tuple[str, Scorer]]:
    """ALS of `implicit` with every setting."""
    counts = likes.sum(axis=0).astype(np.int32)
    for size, regularisation, confidence in ALS_SETTINGS:
        items = factors.learn(likes, size, regularisation, confidence, 15, 0)
        arrays = {**factor_arrays(items, regularisation), "counts": counts}
        model = Model(arrays, {"confidence": confidence})
        yield f"ALS {size}/{regularisation:g}/{confidence:g}", model.score
