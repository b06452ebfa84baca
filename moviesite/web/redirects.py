"""Where a visitor goes next: the one place that decides whether an address may be followed."""

import re
from urllib.parse import urlsplit

from flask import request

HOME = "/"
_LONGEST = 2000
# Browsers read a backslash as a slash, and drop tabs and line breaks wherever they stand.
_PATH = re.compile(r"/(?![/\\])[^\\\x00-\x20\x7f-\xa0]*")


def safe_next(wanted: str | None, default: str = HOME) -> str:
    """The path with its query, if it is one of this site's own; else `default`.

    Whole addresses are not taken, not even of this site: what may follow `next` is written by
    our own pages, and they write paths.
    """
    if not wanted or len(wanted) > _LONGEST or not _PATH.fullmatch(wanted):
        return default
    try:
        parts = urlsplit(wanted)
    except ValueError:
        return default
    return default if parts.scheme or parts.netloc else wanted


def page_left() -> str | None:
    """The page of this site that the browser came from, as it says; to be held to `safe_next`."""
    left = urlsplit(request.referrer or "")
    if left.netloc != request.host:
        return None
    return f"{left.path}?{left.query}" if left.query else left.path
