"""What requests about plays say, typed."""

import datetime as dt
from urllib.parse import urlencode

from flask import request


def month(given: str | None) -> dt.date | None:
    """The first day of `2026-01`, whose form was checked."""
    return dt.date.fromisoformat(f"{given}-01") if given else None


def following(cursor: str | None) -> str | None:
    """The present address with another cursor; None where there is nothing more."""
    if cursor is None:
        return None
    kept = [(name, value) for name, value in request.args.items(multi=True) if name != "cursor"]
    return f"{request.path}?{urlencode([*kept, ('cursor', cursor)])}"
