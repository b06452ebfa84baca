"""Weights between movies in closed form. Scipy, for workers: no database, no web.

After Steck, "Embarrassingly shallow autoencoders for sparse data" (2019, EASE) and "Autoencoders
that don't overfit towards the identity" (2020, EDLAE: the expectation over dropout), with movies'
attributes as further rows after Jeunen, Van Balen and Goethals, "Closed-form models for
collaborative filtering with side-information" (2020, CEASE).
"""

import numpy as np
from numpy.typing import NDArray
from scipy import linalg

Matrix = NDArray[np.float32]


def weights(
    counts: Matrix, regularization: float, dropout: float, *, in_place: bool = False
) -> Matrix:
    """Movies x movies, float32, zero diagonal: what liking the row's movie says of the column's.

    `counts`: the symmetric matrix G, overwritten when `in_place`. Minimises the expected squared
    error of predicting each movie from the others when each like is forgotten with probability
    `dropout`.
    """
    # Symmetric: its transpose is the same matrix in the order of columns that LAPACK wants.
    system = counts.T if in_place else np.array(counts.T, dtype=np.float32, order="F")
    diagonal = np.einsum("ii->i", system)
    diagonal += regularization + dropout / (1 - dropout) * diagonal
    inverse = _inverse(system)
    # Rows and columns are the same until they are scaled: the transpose is in the order of rows.
    found: Matrix = inverse.T
    found /= -np.diag(inverse).copy()
    np.einsum("ii->i", found)[:] = 0
    return found


def _inverse(system: Matrix) -> Matrix:
    """Of a symmetric positive definite matrix, in its own memory."""
    factor, failed = linalg.lapack.spotrf(system, lower=True, overwrite_a=True, clean=False)
    if failed:
        raise ValueError("the counts are not positive definite: regularization must be above 0")
    found = linalg.lapack.spotri(factor, lower=True, overwrite_c=True)
    inverse: Matrix = found[0]
    _mirror(inverse)
    return inverse


def _mirror(lower: Matrix, block: int = 512) -> None:
    """Copy the lower triangle into the upper one, block by block: no second matrix."""
    for start in range(0, len(lower), block):
        end = start + block
        lower[:start, start:end] = lower[start:end, :start].T
        corner = np.tril(lower[start:end, start:end])
        lower[start:end, start:end] = corner + np.tril(corner, -1).T
