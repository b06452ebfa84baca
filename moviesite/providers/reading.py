"""Careful readers of foreign values: what does not fit is absent, never an error. Pure."""

import datetime as dt
import math
import re
from collections.abc import Iterator
from typing import Any

from moviesite.bounds import MAX_ID

LARGEST_AMOUNT = 2**63 - 1

# NUL and lone surrogates cannot be stored; other control characters but tab and line feed say
# nothing to a reader.
_UNCLEAN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
_PATH = re.compile(r"/[A-Za-z0-9_-][A-Za-z0-9_./-]{0,190}")
_LANGUAGE = re.compile(r"[a-z]{2,3}")
_REGION = re.compile(r"[A-Z]{2}")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_IMDB_ID = re.compile(r"(tt|nm)\d{5,12}", re.ASCII)


def text(value: Any, limit: int) -> str:
    """Clean text of at most `limit` characters; empty for anything else."""
    if not isinstance(value, str):
        return ""
    # Only so much of a huge text is looked at: cleaning removes, it never adds.
    return _UNCLEAN.sub("", value[: 2 * limit]).strip()[:limit].rstrip()


def integer(value: Any, low: int, high: int) -> int | None:
    """A whole number within bounds; `true` and `1.5` are none, `2.0` is two."""
    if isinstance(value, bool):
        return None
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return value if isinstance(value, int) and low <= value <= high else None


def identifier(value: Any) -> int | None:
    """A valid id."""
    return integer(value, 1, MAX_ID)


def count(value: Any) -> int:
    """A number of things; 0 when unknown."""
    return integer(value, 0, MAX_ID) or 0


def amount(value: Any) -> int | None:
    """A positive amount; the source writes 0 for unknown."""
    return integer(value, 1, LARGEST_AMOUNT)


def number(value: Any, high: float) -> float:
    """A finite number from 0 to `high`, 0 otherwise; older answers wrote numbers as text."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return 0.0
    try:
        found = float(value[:40] if isinstance(value, str) else value)
    except (ValueError, OverflowError):
        return 0.0
    return found if math.isfinite(found) and 0 <= found <= high else 0.0


def date(value: Any) -> dt.date | None:
    """`YYYY-MM-DD`, or nothing: empty, null and absent all occur."""
    written = matching(_DATE, value)
    try:
        return dt.date.fromisoformat(written) if written else None
    except ValueError:
        return None


def matching(pattern: re.Pattern[str], value: Any) -> str | None:
    """The value when it is text of exactly this form."""
    return value if isinstance(value, str) and pattern.fullmatch(value) else None


def image_path(value: Any) -> str | None:
    """A path to be put behind the image address; nothing that could leave it."""
    path = matching(_PATH, value)
    return None if path is None or ".." in path or "//" in path else path


def language(value: Any) -> str:
    """ISO 639-1, or empty."""
    return matching(_LANGUAGE, value) or ""


def region(value: Any) -> str:
    """ISO 3166-1, or empty."""
    return matching(_REGION, value) or ""


def imdb_id(value: Any) -> str | None:
    """`tt…` or `nm…`."""
    return matching(_IMDB_ID, value)


def address(value: Any, limit: int = 2000) -> str:
    """A web address, or empty: nothing that a browser would run."""
    found = text(value, limit)
    return found if found.startswith(("https://", "http://")) and " " not in found else ""


def mapping(value: Any) -> dict[str, Any]:
    """A JSON object, empty for anything else."""
    return value if isinstance(value, dict) else {}


def rows(value: Any, limit: int) -> Iterator[dict[str, Any]]:
    """The objects among the first `limit` items of a list."""
    items = value[:limit] if isinstance(value, list) else []
    return (item for item in items if isinstance(item, dict))
