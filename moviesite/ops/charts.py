"""Days as rows of charts: one for each day, or for each week or month of many. Pure."""

import datetime as dt
from collections.abc import Callable, Sequence
from itertools import groupby
from typing import NamedTuple

from moviesite.ops.analytics_queries import Day

_MOST_COLUMNS = 31
_MOST_WEEKS = 100


class Column(NamedTuple):
    """A column of a chart: a short label where there is room for one, and the whole of it."""

    label: str
    number: int
    long: str


def columns(days: Sequence[Day], of: Callable[[Day], int], *, adds_up: bool) -> list[Column]:
    """A column for each day, or for each week or month where there are many days.

    People who come each day are counted once: what does not add up is shown by its best day.
    """
    begin = _beginnings(len(days))
    whole = sum if adds_up else max
    parts = [(first, list(part)) for first, part in groupby(days, key=lambda one: begin(one.day))]
    labelled = _labelled(len(parts))
    return [
        Column(
            f"{first.day} {first:%b}" if place in labelled else "",
            whole([of(day) for day in part]),
            _long(part),
        )
        for place, (first, part) in enumerate(parts)
    ]


def _beginnings(count: int) -> Callable[[dt.date], dt.date]:
    if count <= _MOST_COLUMNS:
        return lambda day: day
    if count <= _MOST_WEEKS:
        return lambda day: day - dt.timedelta(days=day.weekday())
    return lambda day: day.replace(day=1)


def _labelled(count: int) -> set[int]:
    """Places with a label: the first, the last, and some between."""
    step = max(1, -(-(count - 1) // 4))
    return {count - 1 - number * step for number in range(count) if count - 1 - number * step >= 0}


def _long(part: Sequence[Day]) -> str:
    first, last = part[0].day, part[-1].day
    if first == last:
        return first.isoformat()
    return f"{first.isoformat()} to {last.isoformat()}"
