"""Turns what people did into hourly counts, and hourly counts into charts. Pure, as scoring is."""

import heapq
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from operator import itemgetter
from typing import Any, NamedTuple, TypeVar

from moviesite.trending import formula
from moviesite.trending.scoring import Arrivals, Decayed, ranked, surprise, weight_of_account

Key = TypeVar("Key")

# How viewers of the demo are named among those who looked.
MADE_UP = "demo:"
# Longer than any answer: films may be left out on the way to the reader.
LONGEST = 200
LONGEST_RISING = 40
LONG_AGO = float("-inf")
# Somebody turned to a film: its id, the hour, who, and the hour in which the account was opened:
# None for an address, LONG_AGO for any so early that the account is grown. Plain, since there may
# be a million of them and the collector of garbage walks through whatever has a class.
Seen = tuple[int, int, str, float | None]
_CANDIDATES = 1000
_ROUNDING = 1e-6
# Weight, people and made-up viewers.
_ADDRESS, _GROWN, _MADE_UP = (formula.ANONYMOUS, 1, 0), (1.0, 1, 0), (1.0, 0, 1)


class Bucket(NamedTuple):
    """Those who came to a film in one hour; see `models.TrendingHour`."""

    hour: int
    movie_id: int
    weight: float
    people: int
    made_up: int


class Entry(NamedTuple):
    """A film in a chart; see `models.TrendingEntry`."""

    movie_id: int
    score: float
    people: int
    made_up: int
    usual: float | None
    surprise: float


class Total(NamedTuple):
    """Buckets of one film added up."""

    weight: float = 0.0
    people: int = 0
    made_up: int = 0

    @property
    def heads(self) -> int:
        """How many they are, made up or not."""
        return self.people + self.made_up

    @property
    def accounts(self) -> int:
        """How many of the people have grown accounts, as the weight tells: the others count less.

        Accounts that are hardly grown are taken for addresses.
        """
        above = self.weight - self.made_up - formula.ANONYMOUS * self.people
        return min(self.people, int(above / (1 - formula.ANONYMOUS) + _ROUNDING))


def buckets(seen: Iterable[Seen], since: int) -> list[Bucket]:
    """The arrivals from an hour on, by hour and film.

    What was seen in the AWAY hours before must be among it: who came then does not come now.
    """
    is_new, found = Arrivals().is_new, dict[tuple[int, int], list[Any]]()
    for movie_id, hour, viewer, joined in sorted(seen, key=itemgetter(1)):
        if is_new(movie_id, viewer, hour) and hour >= since:
            weight, people, made_up = _alone(hour, viewer, joined)
            total = found.setdefault((hour, movie_id), [0.0, 0, 0])
            total[0] += weight
            total[1] += people
            total[2] += made_up
    return [Bucket(hour, movie_id, *total) for (hour, movie_id), total in found.items()]


def _alone(hour: int, viewer: str, joined: float | None) -> tuple[float, int, int]:
    """What one arrival counts: its weight, and whether it is of a person or a made-up viewer."""
    if joined is None:
        return _MADE_UP if viewer.startswith(MADE_UP) else _ADDRESS
    if joined == LONG_AGO:
        return _GROWN
    weight = weight_of_account(hour - joined)
    # Accounts of the first days are not even counted in words: a hundred cost nothing.
    return weight, int(weight >= formula.ANONYMOUS), 0


def candidates(counted: Sequence[Bucket], time_range: str, now: float) -> dict[int, float]:
    """Films that enough people came to, with decayed people; the first thousand of them."""
    sure = _surely_different(counted, now - formula.SPAN[time_range], now)
    decayed = Decayed(formula.HALF_LIFE[time_range])
    for bucket in counted:
        decayed.add(bucket.movie_id, bucket.hour, bucket.weight)
    enough = (
        (movie_id, weight)
        for movie_id, weight in decayed.sums(now).items()
        if sure.get(movie_id, 0) >= formula.LEAST_PEOPLE
    )
    return dict(heapq.nlargest(_CANDIDATES, enough, key=lambda scored: scored[1]))


def chart(
    counted: Sequence[Bucket],
    time_range: str,
    now: float,
    people: Mapping[int, float],
    ratings: Mapping[int, tuple[float, int]],
    mean: float,
) -> list[Entry]:
    """The candidates `people` as a chart, best first: those that lead, and those that rise."""
    span = formula.SPAN[time_range]
    recent = _totals(counted, now - span, now)
    spans = _spans_known(counted, time_range, now)
    before = _totals(counted, now - span * (1 + spans), now - span)
    growth = _growth(recent, before, spans)
    entries = [
        _entry(movie_id, score, recent[movie_id], before[movie_id], spans, growth)
        for movie_id, score in ranked(people, ratings, mean, len(people))
    ]
    rising = heapq.nlargest(LONGEST_RISING, entries, key=lambda entry: entry.surprise)
    kept = {entry.movie_id for entry in (*entries[:LONGEST], *rising)}
    return [entry for entry in entries if entry.movie_id in kept]


def _surely_different(counted: Iterable[Bucket], after: float, until: float) -> dict[int, int]:
    """By film, how many different people came at least.

    An address has another name each day, so that of several days without accounts the fullest one
    counts alone.
    """
    sure, unnamed = defaultdict[int, int](int), defaultdict[int, int](int)
    by_day = _totals_by(counted, after, until, lambda bucket: (bucket.movie_id, bucket.hour // 24))
    for (movie_id, _), total in by_day.items():
        sure[movie_id] += total.accounts + total.made_up
        unnamed[movie_id] = max(unnamed[movie_id], total.people - total.accounts)
    return {movie_id: count + unnamed[movie_id] for movie_id, count in sure.items()}


def _entry(
    movie_id: int, score: float, recent: Total, before: Total, spans: float, growth: float | None
) -> Entry:
    return Entry(
        movie_id,
        score,
        recent.people,
        recent.made_up,
        None if growth is None else before.heads / spans,
        0.0 if growth is None else surprise(recent.weight, growth * before.weight / spans),
    )


def _growth(recent: Mapping[int, Total], before: Mapping[int, Total], spans: float) -> float | None:
    """How much busier than usual the whole site is, at least 1.

    None where its past is too short or too quiet to tell what is usual.
    """
    past = sum(total.weight for total in before.values())
    if spans < 1 or not past:
        return None
    growth = max(1.0, sum(total.weight for total in recent.values()) * spans / past)
    return growth if growth <= formula.FASTEST_GROWTH else None


def _spans_known(counted: Sequence[Bucket], time_range: str, now: float) -> float:
    """For how many spans before the present one there are counts; less than 1 tells nothing."""
    if not counted:
        return 0.0
    span = formula.SPAN[time_range]
    known = (now - min(bucket.hour for bucket in counted)) / span - 1
    return min(max(known, 0.0), formula.BASELINE_SPANS[time_range])


def _totals(counted: Iterable[Bucket], after: float, until: float) -> dict[int, Total]:
    """By film, for those who came after one moment and until another; films without have 0."""
    return defaultdict(Total, _totals_by(counted, after, until, lambda bucket: bucket.movie_id))


def _totals_by(
    counted: Iterable[Bucket], after: float, until: float, key: Callable[[Bucket], Key]
) -> dict[Key, Total]:
    sums: dict[Key, list[Any]] = {}
    for bucket in counted:
        if after < bucket.hour <= until:
            total = sums.setdefault(key(bucket), [0.0, 0, 0])
            total[0] += bucket.weight
            total[1] += bucket.people
            total[2] += bucket.made_up
    return {one: Total(*total) for one, total in sums.items()}
