"""Foreign values are read with care: what does not fit is absent."""

import datetime as dt
from typing import Any

import pytest

from moviesite.providers import reading as read


@pytest.mark.parametrize(
    ("value", "found"),
    [
        (" a\x00b\ud800\x07 ", "ab"),
        ("two\nlines\t.", "two\nlines\t."),
        ("Amélie 映画 🎬", "Amélie 映画 🎬"),
        ("x" * 99, "x" * 12),
        ("eleven char more", "eleven char"),
        *((value, "") for value in (None, 5, True, ["x"], {"x": 1}, b"x")),
    ],
)
def test_text(value: Any, found: str) -> None:
    assert read.text(value, 12) == found


@pytest.mark.parametrize(
    ("value", "found"),
    [
        (5, 5),
        (5.0, 5),
        *((value, None) for value in (True, 5.5, "5", None, [], 11, -1, 10**40)),
        *((float(value), None) for value in ("nan", "inf", "1e300")),
    ],
)
def test_integer(value: Any, found: int | None) -> None:
    assert read.integer(value, 0, 10) == found


@pytest.mark.parametrize(
    ("value", "found"),
    [
        (7.5, 7.5),
        (7, 7.0),
        ("7.5", 7.5),
        *((value, 0.0) for value in (None, True, "x", "", "9" * 99, [], -1, 10.1, 10**400)),
        *((float(value), 0.0) for value in ("nan", "inf", "-inf")),
    ],
)
def test_number(value: Any, found: float) -> None:
    assert read.number(value, 10) == found


@pytest.mark.parametrize(
    "value",
    ["", None, 5, "1999", "1999-02-30", "19990331", "1999-W13-3", "1999/03/31", "٢٠٠٠-٠١-٠١", []],
)
def test_what_is_no_date(value: Any) -> None:
    assert read.date(value) is None


def test_a_date() -> None:
    assert read.date("1999-03-31") == dt.date(1999, 3, 31)


@pytest.mark.parametrize("value", ["tt0133093", "nm0000206"])
def test_an_imdb_id(value: str) -> None:
    assert read.imdb_id(value) == value
    assert read.imdb_id(value + "\n") is None
