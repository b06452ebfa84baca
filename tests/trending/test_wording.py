"""Why a film trends, as people read it."""

import pytest

from moviesite.trending import wording


@pytest.mark.parametrize(
    ("counted", "said"),
    [
        ((12, 0, 4.0, "week"), "12 people showed interest this week, three times the usual"),
        ((12, 0, None, "week"), "12 people showed interest this week"),
        ((12, 0, 11.0, "day"), "12 people showed interest today"),
        (
            (12, 0, 0.0, "week"),
            "12 people showed interest this week, up from none in the month before",
        ),
        ((2, 0, 0.1, "day"), "2 people showed interest today, more than ten times the usual"),
        ((9, 0, 1.0, "week"), "9 people showed interest this week, nine times the usual"),
        ((0, 3, None, "week"), "3 demo viewers showed interest this week"),
        (
            (1, 1, 1.1, "week"),
            "1 person and 1 demo viewer showed interest this week, twice the usual",
        ),
    ],
)
def test_a_count_is_a_sentence(counted: tuple[int, int, float | None, str], said: str) -> None:
    assert wording.why(*counted) == said


def test_a_filled_chart_says_so() -> None:
    said = wording.filled(1, "The Movie Database")
    assert said == "The first film is counted here; the rest is what trends on The Movie Database."
    assert wording.filled(3, "it").startswith("The first 3 films are counted here")
