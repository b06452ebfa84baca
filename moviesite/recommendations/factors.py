"""Item factors by implicit least squares, where `implicit` is installed. For workers: no web."""

import contextlib
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from moviesite import optional

Matrix = NDArray[np.float32]

_als = optional.load("implicit.cpu.als")
_threads = optional.load("threadpoolctl")


def available() -> bool:
    """Whether factors can be learnt here at all."""
    return _als is not None


@contextlib.contextmanager
def one_thread() -> Iterator[None]:
    """Linear algebra on one core: a worker shares its machine with the site that it serves."""
    if _threads is None:
        yield
        return
    with _threads.threadpool_limits(1):
        yield


def learn(
    likes: sparse.csr_array,
    size: int,
    regularisation: float,
    confidence: float,
    iterations: int,
    seed: int,
) -> Matrix:
    """Movies x `size` factors, float32; only to be called where they are `available`."""
    if _als is None:
        raise RuntimeError("implicit is not installed")
    learner = _als.AlternatingLeastSquares(
        factors=size,
        regularization=regularisation,
        alpha=confidence,
        iterations=iterations,
        num_threads=1,
        random_state=seed,
    )
    learner.fit(sparse.csr_matrix(likes), show_progress=False)
    return np.ascontiguousarray(learner.item_factors, dtype=np.float32)


def noise(likes: sparse.csr_array) -> float:
    """How large the largest singular value would be, were the same number of likes drawn blindly.

    sqrt(density) * (sqrt(people) + sqrt(movies)): regularisation has to grow with it, and a
    figure found on one set of data holds for another in this unit.
    """
    people, movies = likes.shape
    density = likes.nnz / max(1, people * movies)
    return float(np.sqrt(density) * (np.sqrt(people) + np.sqrt(movies)))
