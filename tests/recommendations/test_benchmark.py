"""The measurements of the recommender compare as they say."""

import numpy as np
import pytest

from benchmarks.recommender_tables import paired_ratio


def test_a_ratio_knows_its_bounds() -> None:
    theirs = np.random.default_rng(2).random(300)
    found = paired_ratio(theirs * 1.1, theirs)
    assert found.low == pytest.approx(found.high) == pytest.approx(found.value) == 1.1
    noisy = paired_ratio(theirs, theirs[::-1])
    assert noisy.low < 1 < noisy.high
