"""Releases as calendar apps read them: iCalendar, RFC 5545. Pure; no database, no request."""

import datetime as dt
from collections.abc import Iterable

from icalendar import Calendar, Event

from moviesite.library.calendar_queries import Release

# How long apps that heed it wait before they ask again.
_REFRESH = dt.timedelta(hours=12)


def calendar_of(releases: Iterable[tuple[Release, str]], name: str, host: str) -> bytes:
    """A calendar of that name: an all-day event for each release and the address of its film.

    `host` makes the events' ids the site's own. The same releases give the same bytes.
    """
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", f"-//{host}//Watchlist//EN")
    calendar.add("name", name)
    # What most apps read instead of it.
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", _REFRESH, parameters={"VALUE": "DURATION"})
    for release, address in releases:
        calendar.add_component(_event(release, address, host))
    content: bytes = calendar.to_ical()
    return content


def _event(release: Release, address: str, host: str) -> Event:
    event = Event()
    event.add("uid", f"release-{release.id}@{host}")
    # Nobody notes when a film's day was last moved. Apps that find no LAST-MODIFIED read each
    # event anew; those that find one that stays would keep the day that they know.
    event.add("dtstamp", release.added_at)
    event.add("dtstart", release.day)
    event.add("summary", " ".join(f"{release.title} ({release.day.year})".split()))
    event.add("url", address)
    # Not all apps show the one above.
    event.add("description", address)
    # Nobody is busy because a film comes out.
    event.add("transp", "TRANSPARENT")
    return event
