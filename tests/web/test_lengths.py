"""Lengths in words: a number and its unit stay on one line."""

import pytest

from moviesite.web.filters import runtime
from moviesite.web.personal import span


def told(words: str) -> str:
    """With `_` for what no line ends at."""
    return words.replace("\N{NO-BREAK SPACE}", "_")


@pytest.mark.parametrize(
    ("minutes", "words"),
    [(40, "40_min"), (60, "1_h"), (148, "2_h 28_min"), (1_500, "25_h")],
)
def test_the_length_of_a_film(minutes: int, words: str) -> None:
    assert told(runtime(minutes)) == words


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (0, "0_min"),
        (40, "40_min"),
        (320, "5_h 20_min"),
        (1_440, "1_day"),
        (1_499, "1_day"),
        (4_570, "3_days 4_h"),
    ],
)
def test_the_length_of_many(minutes: int, words: str) -> None:
    assert told(span(minutes)) == words
