"""Tells viewers of pages apart without knowing who they are. Pure: no database, no request."""

import datetime as dt

from moviesite.keys import signature
from moviesite.networks import network_of


def hour_of(moment: dt.datetime) -> int:
    """Whole hours since 1970."""
    return int(moment.timestamp()) // 3600


def viewer_of(user_id: int | None, address: str, secret_key: str, moment: dt.datetime) -> str:
    """`user:` with an id, or 43 characters that only we can make from an address.

    They are others every day, so that nobody can be followed by them; the addresses of one IPv6
    site have the same.
    """
    if user_id is not None:
        return f"user:{user_id}"
    day = moment.astimezone(dt.UTC).date().isoformat()
    return signature(secret_key, "views", f"{day} {network_of(address)}")
