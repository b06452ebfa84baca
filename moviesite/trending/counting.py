"""Turns what people did into hourly counts, and hourly counts into charts. Pure, as scoring is.

In columns: a row after the other, a rebuild would take five times as long.
"""

import heapq
from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from moviesite.trending import formula
from moviesite.trending.scoring import ranked, surprise, weights_of_accounts

Integers = NDArray[np.int64]
Numbers = NDArray[np.float64]
Flags = NDArray[np.bool_]

# How viewers of the demo are named among those who looked.
MADE_UP = "demo:"
# Longer than any answer: films may be left out on the way to the reader.
LONGEST = 200
LONGEST_RISING = 40
# Instead of the hour in which an account was opened: so early that it is grown; no account at all.
LONG_AGO, NEVER = float("-inf"), float("nan")
_CANDIDATES = 1000
_ROUNDING = 1e-6
# Above any film's number: hour and film as one.
_FILMS = 2**32


class Seen(NamedTuple):
    """Who turned to which film, in columns of one length.

    `viewers`: numbers, the same for the same one. `joined`: the hour in which the account was
    opened, LONG_AGO, or NEVER for an address and for the demo's viewers, who are `made_up`.
    """

    movie_ids: Integers
    hours: Integers
    viewers: Integers
    joined: Numbers
    made_up: Flags

    def where(self, chosen: Flags) -> "Seen":
        """Some of the rows."""
        return Seen._make(column[chosen] for column in self)


class Buckets(NamedTuple):
    """Those who came to a film in an hour, in columns; see `models.TrendingHour`.

    In the order of hours, and of films within an hour.
    """

    hours: Integers
    movie_ids: Integers
    weight: Numbers
    people: Integers
    made_up: Integers

    def where(self, chosen: Flags) -> "Buckets":
        """Some of the rows."""
        return Buckets._make(column[chosen] for column in self)

    def in_order(self) -> "Buckets":
        """The same rows by hour and film."""
        order = np.argsort(self.keys)
        return Buckets._make(column[order] for column in self)

    def before(self, others: "Buckets") -> "Buckets":
        """These, then the others, which are of later hours."""
        return Buckets._make(np.concatenate(pair) for pair in zip(self, others, strict=True))

    @property
    def keys(self) -> Integers:
        """Hour and film as one number, ascending."""
        return self.hours * _FILMS + self.movie_ids

    def unlike(self, others: "Buckets") -> Flags:
        """Which of the rows are not just so among the others."""
        if not len(others.hours):
            return np.ones(len(self.hours), dtype=np.bool_)
        place = np.minimum(np.searchsorted(others.keys, self.keys), len(others.hours) - 1)
        pairs = zip(self, others, strict=True)
        same: Flags = np.logical_and.reduce([mine == theirs[place] for mine, theirs in pairs])
        return ~same


class Entry(NamedTuple):
    """A film in a chart; see `models.TrendingEntry`."""

    movie_id: int
    score: float
    people: int
    made_up: int
    usual: float | None
    surprise: float


class Totals(NamedTuple):
    """Buckets added up by whatever groups them."""

    weight: Numbers
    people: Numbers
    made_up: Numbers

    @property
    def accounts(self) -> Numbers:
        """How many of the people have grown accounts, as the weight tells: the others count less.

        Accounts that are hardly grown are taken for addresses.
        """
        above = self.weight - self.made_up - formula.ANONYMOUS * self.people
        grown = np.floor(above / (1 - formula.ANONYMOUS) + _ROUNDING)
        return np.clip(grown, 0, self.people)


def buckets(seen: Seen, since: int) -> Buckets:
    """The arrivals from an hour on, by hour and film.

    What was seen in the AWAY hours before must be among it: who came then does not come now.
    """
    came = seen.where(_arrivals(seen) & (seen.hours >= since))
    weight, people = _worth(came)
    # By weight too: the same people then always add up to the same, to the last digit.
    order = np.lexsort((weight, came.movie_ids, came.hours))
    first, which = _grouped(came.hours[order], came.movie_ids[order])
    return Buckets(
        came.hours[order][first],
        came.movie_ids[order][first],
        np.bincount(which, weight[order]).astype(np.float64),
        np.bincount(which, people[order]).astype(np.int64),
        np.bincount(which, came.made_up[order]).astype(np.int64),
    )


def _arrivals(seen: Seen) -> Flags:
    """Who had left the film alone for long enough."""
    order = np.lexsort((seen.hours, seen.movie_ids, seen.viewers))
    first, _ = _grouped(seen.viewers[order], seen.movie_ids[order])
    new = np.diff(seen.hours[order], prepend=0) >= formula.AWAY
    new[first] = True
    found = np.empty_like(new)
    found[order] = new
    return found


def _grouped(*columns: Integers) -> tuple[Integers, Integers]:
    """Of sorted columns: where each new row begins, and the number of every row's group."""
    changes = np.ones(len(columns[0]), dtype=np.bool_)
    changes[1:] = np.logical_or.reduce([np.diff(column) != 0 for column in columns])
    return np.flatnonzero(changes), np.cumsum(changes) - 1


def _worth(came: Seen) -> tuple[Numbers, Flags]:
    """What each arrival counts, and whether it is counted as a person."""
    weight = weights_of_accounts(came.hours - came.joined)
    weight[np.isnan(came.joined)] = formula.ANONYMOUS
    weight[came.made_up] = 1.0
    # Accounts of the first days are not even counted in words: a hundred cost nothing.
    return weight, (weight >= formula.ANONYMOUS) & ~came.made_up


def candidates(counted: Buckets, time_range: str, now: float) -> dict[int, float]:
    """Films that enough people came to, with decayed people; the first thousand of them."""
    films, which = np.unique(counted.movie_ids, return_inverse=True)
    decay = 2.0 ** ((counted.hours - now) / formula.HALF_LIFE[time_range])
    people = np.bincount(which, counted.weight * decay, len(films))
    recent = _within(counted, now - formula.SPAN[time_range], now)
    sure = _surely_different(counted.where(recent), which[recent], len(films))
    enough = np.flatnonzero(sure >= formula.LEAST_PEOPLE)
    best = enough[np.argsort(-people[enough], kind="stable")[:_CANDIDATES]]
    return dict(zip(films[best].tolist(), people[best].tolist(), strict=True))


def chart(
    counted: Buckets,
    time_range: str,
    now: float,
    people: Mapping[int, float],
    ratings: Mapping[int, tuple[float, int]],
    mean: float,
) -> list[Entry]:
    """The candidates `people` as a chart, best first: those that lead, and those that rise."""
    span = formula.SPAN[time_range]
    films, which = np.unique(counted.movie_ids, return_inverse=True)
    spans = _spans_known(counted, time_range, now)
    recent = _totals(counted, which, len(films), now - span, now)
    before = _totals(counted, which, len(films), now - span * (1 + spans), now - span)
    growth = _growth(recent, before, spans)
    leading = ranked(people, ratings, mean, len(people))
    places = np.searchsorted(films, [movie_id for movie_id, _ in leading]).tolist()
    entries = [
        _entry(movie_id, score, _at(recent, place), _at(before, place), spans, growth)
        for (movie_id, score), place in zip(leading, places, strict=True)
    ]
    rising = heapq.nlargest(LONGEST_RISING, entries, key=lambda entry: entry.surprise)
    kept = {entry.movie_id for entry in (*entries[:LONGEST], *rising)}
    return [entry for entry in entries if entry.movie_id in kept]


def _surely_different(counted: Buckets, which: Integers, films: int) -> Numbers:
    """By film, how many different people came at least.

    An address has another name each day, so that of several days without accounts the fullest one
    counts alone.
    """
    days = counted.hours // 24
    by_day, group = np.unique(days * films + which, return_inverse=True)
    total, film = _added(counted, group, len(by_day)), by_day % films
    unnamed = np.zeros(films)
    np.maximum.at(unnamed, film, total.people - total.accounts)
    return unnamed + np.bincount(film, total.accounts + total.made_up, films)


def _entry(
    movie_id: int,
    score: float,
    recent: tuple[float, float, float],
    before: tuple[float, float, float],
    spans: float,
    growth: float | None,
) -> Entry:
    weight, people, made_up = recent
    usual_weight, *usual_heads = before
    return Entry(
        movie_id,
        score,
        int(people),
        int(made_up),
        None if growth is None else sum(usual_heads) / spans,
        0.0 if growth is None else surprise(weight, growth * usual_weight / spans),
    )


def _at(totals: Totals, place: int) -> tuple[float, float, float]:
    weight, people, made_up = (float(column[place]) for column in totals)
    return weight, people, made_up


def _growth(recent: Totals, before: Totals, spans: float) -> float | None:
    """How much busier than usual the whole site is, at least 1.

    None where its past is too short or too quiet to tell what is usual.
    """
    past = float(before.weight.sum())
    if spans < 1 or not past:
        return None
    growth = max(1.0, float(recent.weight.sum()) * spans / past)
    return growth if growth <= formula.FASTEST_GROWTH else None


def _spans_known(counted: Buckets, time_range: str, now: float) -> float:
    """For how many spans before the present one there are counts; less than 1 tells nothing."""
    if not len(counted.hours):
        return 0.0
    span = formula.SPAN[time_range]
    known = (now - int(counted.hours[0])) / span - 1
    return min(max(known, 0.0), formula.BASELINE_SPANS[time_range])


def _within(counted: Buckets, after: float, until: float) -> Flags:
    """Which came after one moment and until another."""
    found: Flags = (counted.hours > after) & (counted.hours <= until)
    return found


def _totals(counted: Buckets, which: Integers, films: int, after: float, until: float) -> Totals:
    """By film, for those who came after one moment and until another."""
    within = _within(counted, after, until)
    return _added(counted.where(within), which[within], films)


def _added(counted: Buckets, which: NDArray[Any], groups: int) -> Totals:
    columns: tuple[NDArray[Any], ...] = (counted.weight, counted.people, counted.made_up)
    return Totals(*(np.bincount(which, column, groups).astype(np.float64) for column in columns))
