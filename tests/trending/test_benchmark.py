"""The benchmark reads both notations and measures what it says."""

import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks import trending
from benchmarks.trending import Event, Trend
from moviesite.trending import formula

# Years of a few films and viewers: many return, some after long pauses.
EVENTS = st.lists(
    st.tuples(
        st.integers(1, 4),
        st.sampled_from(["user:1", "user:2", "an address"]),
        st.floats(480_000, 530_000),
    ),
    max_size=60,
)


def test_both_notations_are_read(tmp_path: Path) -> None:
    commas, colons = tmp_path / "ratings.csv", tmp_path / "ratings.dat"
    commas.write_text("userId,movieId,rating,timestamp\n1,31,2.5,7200\n2,31,4.0,3600\n")
    colons.write_text("1::0031::2.5::7200\n2::0031::4::3600\n")
    wanted = [Event("1", 31, 2.5, 2.0), Event("2", 31, 4.0, 1.0)]
    assert list(trending.read(commas)) == list(trending.read(colons)) == wanted


def test_a_line_that_is_no_event_is_named(tmp_path: Path) -> None:
    broken = tmp_path / "ratings.csv"
    broken.write_text("1,31,2.5,7200\n1,31,good,7200\n")
    with pytest.raises(ValueError, match="line 2 is no event"):
        list(trending.read(broken))


def test_a_world_that_never_changes_is_foretold_by_every_count() -> None:
    chance = random.Random(7)
    events = [
        Event(f"user {n}", movie, 3.0, hour + chance.random())
        for hour in range(60 * 24)
        for n, movie in enumerate(range(1, 31), hour * 40)
        if movie <= 20 or hour % 24 == 0
    ]
    found = trending.precisions(sorted(events, key=lambda event: event.at))
    assert {len(days) for days in found.values()} == {23}
    for name in ("decay 2 d alone", "count of the last 7 days", "all-time count"):
        assert set(found[name]) == {1.0}
    assert set(found["trending (decay 2 d × quality)"]) == {1.0}


@settings(deadline=None)
@given(EVENTS, st.sampled_from([12.0, 48.0]), st.floats(0, 500))
def test_what_is_kept_equals_what_is_counted_at_once(
    events: list[tuple[int, str, float]], half_life: float, later: float
) -> None:
    events.sort(key=lambda event: event[2])
    now = max((at for *_, at in events), default=0) + later
    trend, last, wanted = Trend(half_life), {}, {}
    for film, viewer, at in events:
        trend.add(film, viewer, at)
        if at - last.get((film, viewer), 0) >= formula.AWAY:
            wanted[film] = wanted.get(film, 0.0) + 2.0 ** ((at - now) / half_life)
        last[film, viewer] = at
    assert trend.people(now) == pytest.approx(wanted, rel=1e-9, abs=1e-12)


def test_an_interest_halves_with_every_half_life() -> None:
    trend = Trend(48)
    trend.add(1, "user:1", 1000)
    assert trend.people(1000) == {1: 1}
    assert trend.people(1048)[1] == pytest.approx(0.5)
    assert trend.people(1096)[1] == pytest.approx(0.25)
    assert Trend(48).people(1000) == {}


def test_who_keeps_coming_back_counts_once_until_a_week_away() -> None:
    trend = Trend(1e12)
    for at in [*range(0, 400, 40), 360 + 167]:
        trend.add(1, "user:1", at)
    assert trend.people(600)[1] == pytest.approx(1)
    trend.add(1, "user:1", 360 + 167 + 168)
    assert trend.people(600)[1] == pytest.approx(2)
    trend.add(2, "user:1", 360 + 167 + 168)
    assert trend.people(600)[2] == pytest.approx(1), "another film is another matter"
