"""How well what trends foretells the next week, and what counting costs.

    python -m benchmarks.trending --events FILE

The file has one event a line: user, movie, rating, time in seconds, between commas or `::`; a
line of headings is passed over. Once a day over the second half of its time (once a week where
that is longer than a year) everything before is ranked, and the first 20 are compared with the 20
films that most people turned to in the week after. What is called "trending" is the site's own
formula, kept event by event, with every user as a grown account: events of this kind know neither
addresses nor the age of accounts, and a user's second rating within a week is no arrival.
"""

import argparse
import heapq
import itertools
import platform
import random
import statistics
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from moviesite.trending import formula
from moviesite.trending.scoring import ranked

TOP = 20
DAY, WEEK, YEAR = 24.0, 168.0, 365 * 24.0
GRAVITY = 1.8
ROUNDS = 5
SOME_EVENTS = 100_000
# Far below where a float of 2 ** x ends.
LONGEST_CLIMB = 500.0

Ranking = list[int]


class Event(NamedTuple):
    """Somebody rated a film; `at` in hours."""

    user: str
    movie: int
    rating: float
    at: float


class Trend:
    """Decayed unique viewers by film, kept event by event in the order of time.

    Decay is kept forward (Cormode and others, 2009): an event's weight grows with its time after a
    landmark instead of shrinking with its age, so that one addition keeps a sum right for ever.
    """

    def __init__(self, half_life: float) -> None:
        self._half_life = half_life
        self._last: dict[tuple[int, str], float] = {}
        self._landmark = 0.0
        self._sums: dict[int, float] = {}

    def add(self, movie: int, viewer: str, at: float) -> None:
        """An event; counts unless this viewer was with this film lately."""
        key = (movie, viewer)
        last = self._last.get(key)
        self._last[key] = at
        if last is not None and at - last < formula.AWAY:
            return
        climb = (at - self._landmark) / self._half_life
        if climb > LONGEST_CLIMB:
            self._sums, self._landmark, climb = self.people(at), at, 0.0
        self._sums[movie] = self._sums.get(movie, 0.0) + 2.0**climb

    def people(self, now: float) -> dict[int, float]:
        """By film, what is left of everybody who came."""
        shrunk = 2.0 ** ((self._landmark - now) / self._half_life)
        return {movie: total * shrunk for movie, total in self._sums.items()}


class Past:
    """Everything that the rankings know of the time before a moment; one event at a time."""

    def __init__(self) -> None:
        self.trend = Trend(formula.HALF_LIFE["week"])
        self.slower = Trend(2 * formula.HALF_LIFE["week"])
        self.events: list[Event] = []
        self.total: Counter[int] = Counter()
        self.first: dict[int, float] = {}
        self.ratings: dict[int, tuple[float, int]] = {}
        self.rating_sum = 0.0

    def add(self, event: Event) -> None:
        """Let an event be past."""
        self.events.append(event)
        self.trend.add(event.movie, event.user, event.at)
        self.slower.add(event.movie, event.user, event.at)
        self.total[event.movie] += 1
        self.first.setdefault(event.movie, event.at)
        points, count = self.ratings.get(event.movie, (0.0, 0))
        self.ratings[event.movie] = (points + event.rating, count + 1)
        self.rating_sum += event.rating

    @property
    def mean(self) -> float:
        """Of all ratings so far."""
        return self.rating_sum / len(self.events)


def _shipped(past: Past, now: float) -> Ranking:
    return [movie for movie, _ in ranked(past.trend.people(now), past.ratings, past.mean, TOP)]


def _decayed(past: Past, now: float) -> Ranking:
    return _best(past.trend.people(now))


def _slower(past: Past, now: float) -> Ranking:
    return _best(past.slower.people(now))


def _last_week(past: Past, now: float) -> Ranking:
    since = itertools.takewhile(lambda event: event.at >= now - WEEK, reversed(past.events))
    return _best(Counter(event.movie for event in since))


def _hacker_news(past: Past, now: float) -> Ranking:
    return _best(
        {
            movie: (votes - 1) / (now - past.first[movie] + 2) ** GRAVITY
            for movie, votes in past.total.items()
        }
    )


def _all_time(past: Past, _now: float) -> Ranking:
    return _best(past.total)


def _best(scores: "Counter[int] | dict[int, float]") -> Ranking:
    return heapq.nsmallest(TOP, scores, key=lambda movie: (-scores[movie], movie))


WAYS: dict[str, Callable[[Past, float], Ranking]] = {
    "trending (decay 2 d × quality)": _shipped,
    "decay 2 d alone": _decayed,
    "decay 4 d alone": _slower,
    "count of the last 7 days": _last_week,
    "Hacker News": _hacker_news,
    "all-time count": _all_time,
}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--events", type=Path, required=True, metavar="FILE")
    events = sorted(read(parser.parse_args().events), key=lambda event: event.at)
    found = precisions(events)
    users, movies = {event.user for event in events}, {event.movie for event in events}
    print(f"{len(events):,} events of {len(users):,} users and {len(movies):,} movies,")
    moments = len(found["all-time count"])
    print(f"{moments:,} moments foretold from; Python {platform.python_version()}\n")
    print(_table(found))
    print(_costs())


def read(path: Path) -> Iterator[Event]:
    """The events of a file; raises ValueError naming the line that is none."""
    for number, line in enumerate(path.read_text().splitlines(), 1):
        fields = line.split("::") if "::" in line else line.split(",")
        try:
            user, movie, rating, seconds = fields[:4]
            yield Event(user.strip(), int(movie), float(rating), float(seconds) / 3600)
        except ValueError:
            if number > 1 and line.strip():
                raise ValueError(f"line {number} is no event: {line[:60]!r}") from None


def precisions(events: Sequence[Event]) -> dict[str, list[float]]:
    """For each way of ranking, P@20 at each moment with 20 films to foretell."""
    found: dict[str, list[float]] = {name: [] for name in WAYS}
    past, seen = Past(), 0
    half = (events[-1].at - events[0].at) / 2
    now, step = events[0].at + half, DAY if half <= YEAR else WEEK
    while now + WEEK <= events[-1].at:
        while events[seen].at < now:
            past.add(events[seen])
            seen += 1
        following = itertools.takewhile(
            lambda event, end=now + WEEK: event.at < end,  # type: ignore[misc]
            itertools.islice(events, seen, None),
        )
        truth = _truth(following)
        if len(truth) == TOP:
            for name, way in WAYS.items():
                found[name].append(len(truth.intersection(way(past, now))) / TOP)
        now += step
    return found


def _truth(following: Iterator[Event]) -> set[int]:
    pairs = {(event.movie, event.user) for event in following}
    return set(_best(Counter(movie for movie, _ in pairs)))


def _table(found: dict[str, list[float]]) -> str:
    week = statistics.fmean(found["count of the last 7 days"] or [0.0])
    lines = ["| way of ranking | P@20 | to the 7-day count |", "|---|---:|---:|"]
    for name, values in found.items():
        mean = statistics.fmean(values or [0.0])
        lines.append(f"| {name} | {mean:.3f} | {mean / week if week else 0:.2f} |")
    return "\n".join(lines) + "\n"


def _costs() -> str:
    chance = random.Random(7)
    some = [
        (int(chance.paretovariate(0.6)) % 5000, f"user:{chance.randrange(20_000)}", n / 100)
        for n in range(SOME_EVENTS)
    ]
    live = min(_seconds(lambda: _live(some)) for _ in range(ROUNDS))
    whole = min(_seconds(lambda: _whole(some)) for _ in range(ROUNDS))
    return (
        f"An event costs {live / SOME_EVENTS * 1e6:.1f} µs; {SOME_EVENTS:,} events "
        f"are counted anew and ranked in {whole * 1000:.0f} ms (best of {ROUNDS})."
    )


def _live(events: list[tuple[int, str, float]]) -> None:
    trend = Trend(formula.HALF_LIFE["week"])
    for movie, viewer, at in events:
        trend.add(movie, viewer, at)


def _whole(events: list[tuple[int, str, float]]) -> None:
    trend = Trend(formula.HALF_LIFE["week"])
    for movie, viewer, at in events:
        trend.add(movie, viewer, at)
    ranked(trend.people(events[-1][2]), {}, formula.NEUTRAL_RATING, TOP)


def _seconds(work: Callable[[], None]) -> float:
    """Of the processor: others may be working on it too."""
    start = time.process_time()
    work()
    return time.process_time() - start


if __name__ == "__main__":
    main()
