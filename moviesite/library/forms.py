"""Typed readings of the library's forms and addresses. Changes nothing."""

import calendar
import datetime as dt
from collections.abc import Collection
from typing import NamedTuple

from flask import request

from moviesite import clock
from moviesite.bounds import MAX_ID
from moviesite.errors import InvalidInput
from moviesite.models.library import MAX_NOTE
from moviesite.text import is_clean, whole_number
from moviesite.web.changed_fields import edited

FIRST_YEAR = 1888
_YES, _NO = "1", "0"


class Month(NamedTuple):
    """A month of the calendar."""

    year: int
    month: int

    @property
    def first(self) -> dt.date:
        """Its first day."""
        return dt.date(self.year, self.month, 1)

    @property
    def last(self) -> dt.date:
        """Its last day."""
        return self.first.replace(day=calendar.monthrange(self.year, self.month)[1])

    @property
    def name(self) -> str:
        """As an address writes it: `2026-01`."""
        return f"{self.year:04}-{self.month:02}"

    @property
    def before(self) -> "Month":
        """The month before."""
        day = self.first - dt.timedelta(days=1)
        return Month(day.year, day.month)

    @property
    def after(self) -> "Month":
        """The month after."""
        day = self.last + dt.timedelta(days=1)
        return Month(day.year, day.month)

    def bounds(self, zone: dt.tzinfo) -> tuple[dt.datetime, dt.datetime]:
        """When it begins and ends where somebody lives, in UTC; the end is not part of it."""
        return _midnight(self.first, zone), _midnight(self.after.first, zone)


class Wish(NamedTuple):
    """What is said beside a film on the watchlist."""

    priority: int | None
    note: str | None


def kept() -> bool:
    """Whether a button says to keep a thing or to let it go."""
    return one_of("keep", (_YES, _NO)) == _YES


def one_of(name: str, allowed: Collection[str]) -> str:
    """A field or parameter that takes one of a few words."""
    given = request.values.get(name, "")
    if given not in allowed:
        raise InvalidInput.of(name, f"Use one of: {', '.join(allowed)}.", "form")
    return given


def met_at() -> int | None:
    """The film of the address on whose page something was found; None without one."""
    given = request.args.get("met_at")
    return _number("met_at", given, 1, MAX_ID) if given else None


def wish() -> Wish:
    """Priority and note as they were typed; what was not sent or not changed stays as it is."""
    changed = edited("note", "priority")
    note = request.form.get("note") if "note" in changed else None
    if note is not None:
        # Browsers send line breaks as two characters, and count them as one.
        note = note.replace("\r\n", "\n").strip()
        if len(note) > MAX_NOTE or not is_clean(note):
            raise InvalidInput.of(
                "note", f"A note can have at most {MAX_NOTE:,} characters.", "form"
            )
    given = request.form.get("priority") if "priority" in changed else None
    return Wish(None if given is None else _number("priority", given, 1, 5), note)


def day_seen(zone: dt.tzinfo) -> dt.datetime:
    """The moment that stands for the day of a play: now for today, else noon of that day."""
    now, day = clock.now(), _day_seen(zone)
    return now if day == now.astimezone(zone).date() else _at(day, dt.time(12), zone)


def moved(watched_at: dt.datetime, zone: dt.tzinfo) -> dt.datetime:
    """The same time of another day, which is not to come."""
    before, day = watched_at.astimezone(zone), _day_seen(zone)
    if day == before.date():
        return watched_at
    return min(_at(day, before.time(), zone), clock.now())


def _day_seen(zone: dt.tzinfo) -> dt.date:
    given = request.form.get("date", "")
    try:
        day = dt.date.fromisoformat(given)
    except ValueError:
        raise InvalidInput.of("date", "Enter the date as year, month and day.", "form") from None
    if not dt.date(FIRST_YEAR, 1, 1) <= day <= clock.now().astimezone(zone).date():
        raise InvalidInput.of("date", "Use a date between 1888 and today.", "form")
    return day


def month(zone: dt.tzinfo) -> Month:
    """The month of the address, this one without."""
    now = clock.now().astimezone(zone)
    given = request.args.get("month")
    if given is None:
        return Month(now.year, now.month)
    year, _, number = given.partition("-")
    return Month(_number("month", year, FIRST_YEAR, now.year + 1), _number("month", number, 1, 12))


def year() -> int | None:
    """The year of the address, None for all years."""
    given = request.args.get("year")
    return _number("year", given, FIRST_YEAR, clock.now().year + 1) if given else None


def _number(name: str, given: str, least: int, most: int) -> int:
    number = whole_number(given, least, most)
    if number is None:
        raise InvalidInput.of(name, f"Use a number from {least} to {most}.", "form")
    return number


def _midnight(day: dt.date, zone: dt.tzinfo) -> dt.datetime:
    return _at(day, dt.time(), zone)


def _at(day: dt.date, time: dt.time, zone: dt.tzinfo) -> dt.datetime:
    return dt.datetime.combine(day, time, zone).astimezone(dt.UTC)
