"""Numbers as rows of charts: short label, number, long label. Pure: no database, no request."""

import calendar
from collections.abc import Sequence
from typing import NamedTuple

from moviesite.library.statistics import Count, Decade, Length, Month, Stars
from moviesite.text import halves

# Of buckets of a score out of ten, from the highest down.
_SCORES = {
    "ratings_9_plus": "9 and up",
    "ratings_8_to_9": "8 to 9",
    "ratings_7_to_8": "7 to 8",
    "ratings_6_to_7": "6 to 7",
    "ratings_5_to_6": "5 to 6",
    "ratings_below_5": "Under 5",
}


class Bar(NamedTuple):
    """A row of a chart; where there is no room, `long` stands in the table alone."""

    label: str
    number: int
    long: str


def named(counts: Sequence[Count], most: int = 10) -> list[Bar]:
    """Genres, people and the like, as they are called."""
    return [Bar(count.name, count.count, count.name) for count in counts[:most]]


def recurring(counts: Sequence[Count]) -> list[Bar]:
    """Those who are met more than once: of people each film has many, and one alone says little."""
    return named([count for count in counts if count.count > 1])


def scores(buckets: dict[str, int]) -> list[Bar]:
    """Buckets of a score out of ten."""
    return [Bar(words, buckets[name], words) for name, words in _SCORES.items()]


def stars(ratings: Sequence[Stars]) -> list[Bar]:
    """Ratings out of five, each half."""
    return [Bar(halves(one.rating), one.count, f"{halves(one.rating)} of 5") for one in ratings]


def decades(counts: Sequence[Decade]) -> list[Bar]:
    """Decades, oldest first."""
    return [Bar(f"{one.decade}s", one.count, f"{one.decade}s") for one in counts]


def lengths(counts: Sequence[Length]) -> list[Bar]:
    """Lengths in minutes, shortest first."""
    return [Bar(_minutes(one), one.count, _minutes(one)) for one in counts]


def months(counts: Sequence[Month]) -> list[Bar]:
    """Months, first to last; one letter tells each where there is little room."""
    return [
        Bar(
            calendar.month_name[one.month.month][:1],
            one.count,
            f"{calendar.month_name[one.month.month]} {one.month.year}",
        )
        for one in counts
    ]


def _minutes(length: Length) -> str:
    if length.to is None:
        return f"{length.least} min or more"
    return f"{length.least} to {length.to} min" if length.least else f"Under {length.to} min"
