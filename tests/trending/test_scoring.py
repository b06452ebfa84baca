"""The arithmetic of what trends."""

import numpy as np
import pytest

from moviesite.trending import formula, scoring


def test_an_account_grows_into_its_word() -> None:
    days = np.array([-1, 0, 1, 3.5, 7, 400, np.inf])
    assert scoring.weights_of_accounts(24 * days) == pytest.approx(
        [0, 0, 1 / 7**4, 1 / 16, 1, 1, 1]
    )


def test_a_rating_tips_the_balance_and_no_more() -> None:
    loved, hated = scoring.quality(5000, 1000, 3.5), scoring.quality(500, 1000, 3.5)
    assert 1.15 < loved < 1.2
    assert 0.38 < hated < 0.48
    assert scoring.quality(0, 0, 3.5) == 1
    assert scoring.quality(5, 1, 3.5) < scoring.quality(50, 10, 3.5) < loved
    assert scoring.quality(10_000, 1000, 7) == pytest.approx(loved), "any scale will do"


def test_of_equally_sought_films_the_better_leads_and_ties_go_by_number() -> None:
    people = {3: 10.0, 1: 10.0, 2: 10.0, 4: 20.0}
    ranking = scoring.ranked(people, {2: (450.0, 100)}, 3.5, 3)
    assert [film for film, _ in ranking] == [4, 2, 1]


def test_surprise_is_measured_by_what_chance_would_do() -> None:
    assert scoring.surprise(3, 3) == 0
    assert scoring.surprise(12, 2) == pytest.approx(5)
    assert scoring.surprise(112, 100) < 2, "a large film varies more"
    assert scoring.surprise(2, 0) < formula.RISING < scoring.surprise(3, 0), "two are no wave"
