"""Releases as calendar apps read them: iCalendar, RFC 5545. Pure; no database, no request.

Written out here, since days need little of the format: a library for all of it takes ten times as
long, and would be loaded at each start. Tests read this with one.
"""

from collections.abc import Iterable, Iterator

from moviesite.library.calendar_queries import Release

# Octets of a line without its end; a line that goes on begins with a space.
_LONGEST_LINE = 75
_CONTROLS = (*range(0x20), *range(0x7F, 0xA0))
_TEXT = str.maketrans({**dict.fromkeys(_CONTROLS, " "), "\\": "\\\\", ";": "\\;", ",": "\\,"})


def calendar_of(releases: Iterable[tuple[Release, str]], name: str, host: str) -> bytes:
    """A calendar of that name: an all-day event for each release and the address of its film.

    `host` makes the events' ids the site's own. The same releases give the same bytes.
    """
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:-//{_text(host)}//Watchlist//EN",
        f"NAME:{_text(name)}",
        # What most apps read instead of it.
        f"X-WR-CALNAME:{_text(name)}",
        # How long apps that heed it wait before they ask again.
        "REFRESH-INTERVAL;VALUE=DURATION:PT12H",
        *(line for release in releases for line in _event(*release, host)),
        "END:VCALENDAR",
    ]
    return b"".join(b"%b\r\n" % part for line in lines for part in _folded(line.encode()))


def _event(release: Release, address: str, host: str) -> tuple[str, ...]:
    return (
        "BEGIN:VEVENT",
        f"UID:release-{release.id}@{host}",
        # Nobody notes when a film's day was last moved. Apps that find no LAST-MODIFIED read each
        # event anew; those that find one that stays would keep the day that they know.
        f"DTSTAMP:{release.added_at:%Y%m%dT%H%M%SZ}",
        f"DTSTART;VALUE=DATE:{release.day:%Y%m%d}",
        f"SUMMARY:{_text(f'{release.title} ({release.day.year})')}",
        f"URL:{address}",
        # Not all apps show the one above.
        f"DESCRIPTION:{_text(address)}",
        # Nobody is busy because a film comes out.
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
    )


def _text(value: str) -> str:
    """One line, whatever was typed or imported."""
    return " ".join(value.translate(_TEXT).split())


def _folded(line: bytes) -> Iterator[bytes]:
    """The line in parts that are short enough, none of which cuts a character in two."""
    prefix, room = b"", _LONGEST_LINE
    while len(line) > room:
        end = room
        while line[end] & 0xC0 == 0x80:  # in the middle of a character in UTF-8
            end -= 1
        yield prefix + line[:end]
        prefix, line, room = b" ", line[end:], _LONGEST_LINE - 1
    yield prefix + line
