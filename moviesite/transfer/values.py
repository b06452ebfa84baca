"""Single values of export files: ratings, days, years, ids and texts. Pure; knows no columns.

Values come as strings; what is empty is none. Only a rating can be wrong, as a wrong one would
stand for somebody's opinion; a day, year or id that is none is merely not known.
"""

import datetime as dt
import html
import math
import re
from collections.abc import Collection
from uuid import UUID

from moviesite.bounds import MAX_ID
from moviesite.transfer.entries import Unreadable

YEARS = range(1870, 2101)
# Plays can lie between the first film and what no calendar reaches.
_PLAYED = range(1888, 2101)
_LONGEST_TITLE = 500
_NOON = dt.time(12)
# What Trakt writes for a play on a day that nobody remembers.
_NO_MOMENT = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_NUMBER = re.compile(r"\d{1,4}(?:[.,]\d{1,8})?", re.ASCII)
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d(?:[T ][\d:.+-]{2,30}Z?)?", re.ASCII)
_YEAR = re.compile(r"(\d{4})(?!\d)", re.ASCII)
_WHOLE = re.compile(r"\d{1,6}", re.ASCII)
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)
_TMDB = re.compile(r"[1-9]\d{0,9}", re.ASCII)
_IMDB = re.compile(r"tt\d{5,12}", re.ASCII)
# Tags that reviews are written with; all else in angle brackets was typed: "<3", "a < b".
_TAG = re.compile(
    r"<(/?)(blockquote|strong|del|div|em|br|ul|ol|li|[abipsu])"
    r"(?:\s+[\w-]+\s*=[^<>]*|\s*/?)>",
    re.IGNORECASE | re.ASCII,
)
_GUARDED = re.compile(r"'\s*[=+\-@\uff1d\uff0b\uff0d\uff20]")
_ADDRESS = re.compile(r"""href\s*=\s*["']?(https?://[^\s"'<>]+)""", re.IGNORECASE)
_BREAKS = {"br": "\n", "li": "\n", "p": "\n\n", "div": "\n", "blockquote": "\n\n"}


def line(value: str) -> str:
    """A title: one line without control characters, cut to 500 characters."""
    return " ".join(_CONTROL.sub("", value).split())[:_LONGEST_TITLE].rstrip()


def text(value: str) -> str:
    """Several lines without control characters and without an empty edge."""
    return _CONTROL.sub("", value.replace("\r\n", "\n").replace("\r", "\n")).strip()


def typed(value: str) -> str:
    """Without the apostrophe that keeps a spreadsheet from running what begins like a formula."""
    return value[1:] if _GUARDED.match(value) else value


def plain(value: str) -> str:
    """A review in simple HTML as plain text; a link's address follows its words in brackets."""
    address = ""

    def replaced(tag: re.Match[str]) -> str:
        nonlocal address
        closing, name = bool(tag[1]), tag[2].lower()
        if name != "a":
            return _BREAKS.get(name, "")
        found = None if closing else _ADDRESS.search(tag[0])
        last, address = address, html.unescape(found[1]) if found else ""
        closed = not last or tag.string.endswith(last, 0, tag.start())
        return "" if closed or not closing else f" ({last})"

    without = html.unescape(_TAG.sub(replaced, text(value)))
    lines = "\n".join(part.strip() for part in text(without).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", lines).strip()


def rating(value: str, scale: int, *, rounded: bool = False) -> float | None:
    """0.5 to 5 in halves, of a number up to `scale`; None for nothing and for 0.

    Raises Unreadable for what is beyond the scale or, where it is not `rounded`, between halves.
    """
    number = float(value.replace(",", ".")) if _NUMBER.fullmatch(value) else -1.0
    if not value or number == 0:
        return None
    halves = number * 10 / scale
    if rounded and number > 0:
        halves = float(max(1, math.floor(halves + 0.5)))
    if not 0 < number <= scale or not halves.is_integer():
        raise Unreadable(f"{line(value)[:20]} of {scale} is not a valid rating.")
    return halves / 2


def moment(value: str) -> dt.datetime | None:
    """A moment in ISO 8601, in UTC; a bare day is its noon in no zone, as `at_noon` settles it."""
    if not _MOMENT.fullmatch(value) or int(value[:4]) not in _PLAYED:
        return None
    try:
        found = dt.datetime.fromisoformat(value)
    except ValueError:
        return None
    if len(value) == len("2024-02-09"):
        return dt.datetime.combine(found.date(), _NOON)
    found = found.replace(tzinfo=found.tzinfo or dt.UTC).astimezone(dt.UTC)
    return None if found == _NO_MOMENT else found


def at_noon(moment: dt.datetime, zone: dt.tzinfo) -> dt.datetime:
    """The noon of a bare day where somebody lives, in UTC; moments stay what they are."""
    return moment if moment.tzinfo else moment.replace(tzinfo=zone).astimezone(dt.UTC)


def year(value: str) -> int | None:
    """The year at the start of a year or a date, from 1870 to 2100."""
    found = _YEAR.match(value)
    return int(found[1]) if found and int(found[1]) in YEARS else None


def whole(value: str) -> int:
    """A number such as a place in a list, of at most six digits; 0 for what is none."""
    return int(value) if _WHOLE.fullmatch(value) else 0


def one_of(value: str, allowed: Collection[str]) -> str:
    """A word that is allowed, else none."""
    return value if value in allowed else ""


def is_true(value: str) -> bool:
    """Whether a column says yes, in the words of Letterboxd's files or of its importer."""
    return value.lower() in ("yes", "true")


def uuid(value: str) -> UUID | None:
    """The public id of a list."""
    return UUID(value) if _UUID.fullmatch(value) else None


def tmdb_id(value: str) -> int | None:
    """The number of a film at TMDb."""
    return int(value) if _TMDB.fullmatch(value) and int(value) <= MAX_ID else None


def imdb_id(value: str) -> str | None:
    """The id of a film at IMDb."""
    return value if _IMDB.fullmatch(value) else None
