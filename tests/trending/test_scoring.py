"""The arithmetic: what is kept while events come in is what a look at all of them would say."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from moviesite.trending import formula, scoring
from moviesite.trending.scoring import Arrivals, Decayed, Trend

WEEK = formula.HALF_LIFE["week"]

# Years of a few films and viewers: many return, some after long pauses.
EVENTS = st.lists(
    st.tuples(
        st.integers(1, 4),
        st.sampled_from(["user:1", "user:2", "an address"]),
        st.floats(480_000, 530_000),
        st.floats(0.01, 1),
    ),
    max_size=60,
)


def close(found: dict[int, float], wanted: dict[int, float]) -> bool:
    return found.keys() == wanted.keys() and all(
        math.isclose(found[film], wanted[film], rel_tol=1e-9, abs_tol=1e-12) for film in wanted
    )


@settings(deadline=None)
@given(EVENTS, st.sampled_from([12.0, 48.0]), st.floats(0, 500))
def test_what_is_kept_equals_what_is_counted_at_once(
    events: list[tuple[int, str, float, float]], half_life: float, later: float
) -> None:
    events.sort(key=lambda event: event[2])
    trend, arrivals, counted = Trend(half_life), Arrivals(), []
    for film, viewer, at, weight in events:
        trend.add(film, viewer, at, weight)
        if arrivals.is_new(film, viewer, at):
            counted.append((film, at, weight))
    now = max((event[2] for event in events), default=0) + later
    assert close(trend.people(now), scoring.decayed_at_once(counted, half_life, now))


@settings(deadline=None)
@given(EVENTS)
def test_sums_may_be_made_in_any_order(events: list[tuple[int, str, float, float]]) -> None:
    kept = Decayed(WEEK)
    for film, _, at, weight in events:
        kept.add(film, at, weight)
    rows = [(film, at, weight) for film, _, at, weight in events]
    assert close(kept.sums(530_000), scoring.decayed_at_once(rows, WEEK, 530_000))


def test_an_interest_halves_with_every_half_life() -> None:
    trend = Trend(WEEK)
    trend.add(1, "user:1", 1000)
    assert trend.people(1000) == {1: 1}
    assert trend.people(1048)[1] == pytest.approx(0.5)
    assert trend.people(1096)[1] == pytest.approx(0.25)
    assert Trend(WEEK).people(1000) == {}


def test_who_keeps_coming_back_counts_once_until_a_week_away() -> None:
    arrivals = Arrivals()
    assert [arrivals.is_new(1, "user:1", at) for at in range(0, 400, 40)] == [True] + [False] * 9
    assert not arrivals.is_new(1, "user:1", 360 + 167)
    assert arrivals.is_new(1, "user:1", 360 + 167 + 168)
    assert arrivals.is_new(2, "user:1", 360 + 167 + 168), "another film is another matter"


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
