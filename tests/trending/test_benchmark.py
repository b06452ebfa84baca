"""The benchmark reads both notations and measures what it says."""

import random
from pathlib import Path

import pytest

from benchmarks import trending
from benchmarks.trending import Event


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
