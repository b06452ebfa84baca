"""Turns what people did into hourly counts, and hourly counts into charts. Pure, as scoring is."""

import heapq
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from moviesite.trending import formula
from moviesite.trending.scoring import Arrivals, Decayed, ranked, surprise, weight_of_account

# How viewers of the demo are named among those who looked.
MADE_UP = "demo:"
# Longer than any answer: films may be left out on the way to the reader.
LONGEST = 200
LONGEST_RISING = 40
_CANDIDATES = 1000


class Seen(NamedTuple):
    """Somebody turned to a film; `joined` is the hour of the account, None for an address."""

    movie_id: int
    hour: int
    viewer: str
    joined: float | None


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


def buckets(seen: Iterable[Seen], since: int) -> list[Bucket]:
    """The arrivals from an hour on, by hour and film.

    What was seen in the AWAY hours before must be among it: who came then does not come now.
    """
    arrivals, found = Arrivals(), dict[tuple[int, int], list[Any]]()
    for one in sorted(seen, key=lambda one: one.hour):
        if arrivals.is_new(one.movie_id, one.viewer, one.hour) and one.hour >= since:
            total = found.setdefault((one.hour, one.movie_id), [0.0, 0, 0])
            for place, added in enumerate(_alone(one)):
                total[place] += added
    return [Bucket(*key, *total) for key, total in found.items()]


def _alone(one: Seen) -> Total:
    made_up = one.viewer.startswith(MADE_UP)
    weight = 1.0 if made_up else _weight(one)
    # Accounts of the first days are not even counted in words: a hundred cost nothing.
    is_person = not made_up and weight >= formula.ANONYMOUS
    return Total(weight, int(is_person), int(made_up))


def _weight(one: Seen) -> float:
    if one.joined is None:
        return formula.ANONYMOUS
    return weight_of_account(one.hour - one.joined)


def candidates(counted: Sequence[Bucket], time_range: str, now: float) -> dict[int, float]:
    """Films that enough people came to, with decayed people; the first thousand of them."""
    recent = _totals(counted, now - formula.SPAN[time_range], now)
    decayed = Decayed(formula.HALF_LIFE[time_range])
    for bucket in counted:
        decayed.add(bucket.movie_id, bucket.hour, bucket.weight)
    enough = (
        (movie_id, weight)
        for movie_id, weight in decayed.sums(now).items()
        if recent[movie_id].heads >= formula.LEAST_PEOPLE
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
    sums: dict[int, list[Any]] = {}
    for hour, movie_id, weight, people, made_up in counted:
        if after < hour <= until:
            total = sums.setdefault(movie_id, [0.0, 0, 0])
            total[0] += weight
            total[1] += people
            total[2] += made_up
    return defaultdict(Total, {movie_id: Total(*total) for movie_id, total in sums.items()})
