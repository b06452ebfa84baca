"""Counting in columns: hourly counts say what the definition does, event by event."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from moviesite.trending import counting, formula
from moviesite.trending.counting import LONG_AGO, NEVER, Seen

NOW = 490_000
SINCE = NOW - formula.WINDOW

# Two months of a few films; who is below 0 is an address.
LOOKS = st.lists(
    st.tuples(st.integers(1, 4), st.integers(SINCE, NOW), st.sampled_from([-2, -1, *range(1, 7)])),
    max_size=80,
)


def by_definition(looks: list[tuple[int, int, int]], half_life: float) -> dict[int, float]:
    """By film, its arrivals: each halves with every half-life, and who was there lately is none."""
    last: dict[tuple[int, int], int] = {}
    found: dict[int, float] = {}
    for film, hour, viewer in sorted(looks, key=lambda look: look[1]):
        if hour - last.get((film, viewer), LONG_AGO) >= formula.AWAY:
            weight = 1.0 if viewer > 0 else formula.ANONYMOUS
            found[film] = found.get(film, 0.0) + weight * 2.0 ** ((hour - NOW) / half_life)
        last[film, viewer] = hour
    return found


def seen(looks: list[tuple[int, int, int]]) -> Seen:
    films, hours, viewers = np.array(looks, dtype=np.int64).reshape(-1, 3).T
    joined = np.where(viewers > 0, LONG_AGO, NEVER)
    return Seen(films, hours, viewers, joined, np.zeros(len(films), dtype=np.bool_))


@settings(deadline=None)
@given(LOOKS, st.sampled_from(formula.RANGES))
def test_a_chart_counts_what_the_definition_does(
    looks: list[tuple[int, int, int]], time_range: str
) -> None:
    kept = by_definition(looks, formula.HALF_LIFE[time_range])
    found = counting.candidates(counting.buckets(seen(looks), SINCE), time_range, NOW)
    assert found == pytest.approx({film: kept[film] for film in found}, rel=1e-9)
    arrived = {(film, viewer) for film, hour, viewer in looks if hour > NOW - formula.SPAN["day"]}
    assert found.keys() <= kept.keys()
    if time_range == "day":
        assert all(sum(film == one for film, _ in arrived) > 1 for one in found)


def test_a_film_is_listed_once_two_people_came() -> None:
    looks = [(1, NOW, 1), (1, NOW - 1, 2), (2, NOW, 1), (2, NOW - 1, 1), (3, NOW, 1), (3, NOW, -1)]
    found = counting.candidates(counting.buckets(seen(looks), SINCE), "week", NOW)
    assert list(found) == [1, 3]


@given(st.permutations(range(40)))
def test_the_order_of_rows_changes_nothing(order: list[int]) -> None:
    chance = np.random.default_rng(7)
    ages = np.where(chance.random(40) < 0.5, LONG_AGO, NOW - chance.uniform(30, 160, 40))
    looks = seen([(film % 3, NOW, 1 + film) for film in range(40)])._replace(joined=ages)
    wanted = counting.buckets(looks, SINCE)
    shuffled = Seen._make(column[order] for column in looks)
    found = counting.buckets(shuffled, SINCE)
    assert not found.unlike(wanted).any()


def test_only_what_differs_is_told_apart() -> None:
    before = counting.buckets(seen([(1, NOW, 1), (2, NOW, 1)]), SINCE)
    after = counting.buckets(seen([(1, NOW, 1), (2, NOW, 1), (2, NOW, 2), (3, NOW, 1)]), SINCE)
    assert after.movie_ids[after.unlike(before)].tolist() == [2, 3]
    assert not before.unlike(before).any()
    nothing = counting.buckets(seen([]), SINCE)
    assert after.unlike(nothing).all()
    assert counting.candidates(nothing, "week", NOW) == {}
    assert counting.chart(nothing, "week", NOW, {}, {}, 3.0) == []
