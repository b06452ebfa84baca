"""The demo's standing calendar: which day it is, what is in cinemas, what comes. Pure dates."""

import datetime as dt
from collections.abc import Sequence

ENOUGH = 20
_AHEAD = 30
_WEEK = dt.timedelta(days=7)
_CINEMA_RUN = dt.timedelta(days=42)
_LOOK_AHEAD = dt.timedelta(days=28)


def standing_day(releases: Sequence[str]) -> dt.date:
    """The day on which a catalogue's calendar stands still.

    It is the eve of the thirtieth-latest release (of the latest quarter in a small catalogue), so
    that there is always something to look forward to. `releases` are YYYY-MM-DD in rising order.
    """
    if not releases:
        return dt.date(2016, 1, 1)
    eve = releases[-min(_AHEAD, max(1, len(releases) // 4))]
    return dt.date.fromisoformat(eve) - dt.timedelta(days=1)


def now_playing(releases: Sequence[str], today: dt.date) -> tuple[dt.date, dt.date]:
    """First and last release day of what is in cinemas.

    Six weeks, as TMDb counts them, and further back by weeks while that is under 20 films.
    """
    first = today - _CINEMA_RUN
    while _between(releases, first, today) < ENOUGH and _any_before(releases, first):
        first -= _WEEK
    return first, today


def upcoming(releases: Sequence[str], today: dt.date) -> tuple[dt.date, dt.date]:
    """First and last release day of what comes: four weeks, and further while under 20 films."""
    first, last = today + dt.timedelta(days=1), today + _LOOK_AHEAD
    while _between(releases, first, last) < ENOUGH and _any_after(releases, last):
        last += _WEEK
    return first, last


def _between(releases: Sequence[str], first: dt.date, last: dt.date) -> int:
    return sum(first.isoformat() <= day <= last.isoformat() for day in releases)


def _any_before(releases: Sequence[str], day: dt.date) -> bool:
    return bool(releases) and releases[0] < day.isoformat()


def _any_after(releases: Sequence[str], day: dt.date) -> bool:
    return bool(releases) and releases[-1] > day.isoformat()
