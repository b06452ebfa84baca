"""Numbers about what somebody keeps and has seen, from plain facts. Pure: no database, no clock."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import msgspec

# From the highest down: the name, and the least `vote_average` that belongs to it. Half-open,
# so that each film is in one.
RATING_BUCKETS = (
    ("ratings_9_plus", 9.0),
    ("ratings_8_to_9", 8.0),
    ("ratings_7_to_8", 7.0),
    ("ratings_6_to_7", 6.0),
    ("ratings_5_to_6", 5.0),
)
LOWEST_BUCKET = "ratings_below_5"
HALVES = tuple(half / 2 for half in range(1, 11))
# Minutes at which a length begins, shortest first.
LENGTHS = (0, 60, 90, 120, 150, 180)
_MOST_FILMS = 5


class Count(msgspec.Struct, frozen=True):
    """How many of something, by its name."""

    name: str
    count: int


class Decade(msgspec.Struct, frozen=True):
    """How many films of a decade, by its first year."""

    decade: int
    count: int


class Stars(msgspec.Struct, frozen=True):
    """How often somebody gave a rating out of five."""

    rating: float
    count: int


class Length(msgspec.Struct, frozen=True):
    """How many films of so many minutes, `to` not included; None where there is no end."""

    least: int
    to: int | None
    count: int


class Month(msgspec.Struct, frozen=True):
    """How many plays in a month, by its first day."""

    month: dt.date
    count: int


class Film(NamedTuple):
    """A film that stands out, and the number that it stands out by."""

    movie_id: int
    title: str
    number: float


class Seen(NamedTuple):
    """One play, by the facts that count; `day` is that of where the person lives."""

    movie_id: int
    title: str
    day: dt.date
    year: int | None
    runtime: int | None


class Rated(NamedTuple):
    """A rating out of five."""

    movie_id: int
    title: str
    rating: float


class Summary(NamedTuple):
    """Plays in numbers; `minutes` counts each play of a film whose length is known."""

    films: int
    plays: int
    rewatches: int
    minutes: int
    first: Film | None
    last: Film | None
    most_played: Sequence[Film]
    busiest: Month | None


def rating_buckets(averages: Iterable[float]) -> dict[str, int]:
    """How many films lie in each bucket of `vote_average`, every bucket named."""
    counts = Counter(map(_bucket, averages))
    names = (*(name for name, _ in RATING_BUCKETS), LOWEST_BUCKET)
    return {name: counts[name] for name in names}


def _bucket(average: float) -> str:
    return next((name for name, least in RATING_BUCKETS if average >= least), LOWEST_BUCKET)


def decades(years: Iterable[int | None]) -> list[Decade]:
    """How many films of each decade, oldest first; films without a year are in none."""
    counts = Counter(year - year % 10 for year in years if year is not None)
    return [Decade(*one) for one in sorted(counts.items())]


def stars(ratings: Iterable[float]) -> list[Stars]:
    """How often each rating was given, every half named."""
    counts = Counter(ratings)
    return [Stars(half, counts[half]) for half in HALVES]


def average(ratings: Sequence[float]) -> float | None:
    """The mean, to two places; None of nothing."""
    return round(sum(ratings) / len(ratings), 2) if ratings else None


def lengths(minutes: Iterable[int | None]) -> list[Length]:
    """How many films of each length, every length named; unknown ones are in none."""
    known = [one for one in minutes if one is not None]
    ends = (*LENGTHS[1:], None)
    return [
        Length(least, to, sum(1 for one in known if one >= least and (to is None or one < to)))
        for least, to in zip(LENGTHS, ends, strict=True)
    ]


def months(days: Iterable[dt.date], last: dt.date, count: int = 12) -> list[Month]:
    """Plays in each of so many months up to that of `last`, every month named."""
    counts = Counter(day.replace(day=1) for day in days)
    numbers = range(last.year * 12 + last.month - count, last.year * 12 + last.month)
    firsts = [dt.date(number // 12, number % 12 + 1, 1) for number in numbers]
    return [Month(first, counts[first]) for first in firsts]


def summary(plays: Sequence[Seen]) -> Summary:
    """What can be said of plays, which come in the order of time."""
    films = {play.movie_id: play for play in plays}
    return Summary(
        films=len(films),
        plays=len(plays),
        rewatches=len(plays) - len(films),
        minutes=sum(play.runtime or 0 for play in plays),
        first=_film(plays[0]) if plays else None,
        last=_film(plays[-1]) if plays else None,
        most_played=_most_played(plays, films),
        busiest=_busiest(plays),
    )


def best_rated(ratings: Sequence[Rated]) -> list[Film]:
    """The films that were rated highest, at most five; of equals the one that was rated last."""
    best = sorted(enumerate(ratings), key=lambda at: (-at[1].rating, -at[0]))[:_MOST_FILMS]
    return [Film(one.movie_id, one.title, one.rating) for _, one in best]


def _film(play: Seen) -> Film:
    return Film(play.movie_id, play.title, 1)


def _most_played(plays: Sequence[Seen], films: dict[int, Seen]) -> list[Film]:
    counts = Counter(play.movie_id for play in plays)
    often = [(id_, count) for id_, count in counts.most_common(_MOST_FILMS) if count > 1]
    return [Film(movie_id, films[movie_id].title, count) for movie_id, count in often]


def _busiest(plays: Sequence[Seen]) -> Month | None:
    counts = Counter(play.day.replace(day=1) for play in plays)
    return max((Month(*one) for one in counts.items()), key=lambda m: m.count, default=None)
