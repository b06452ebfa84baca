"""Tells viewers of pages apart without knowing who they are. Pure: no database, no request."""

import datetime as dt
import ipaddress

from moviesite.keys import signature

_IPV6_SITE_BITS = 64


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


def network_of(address: str) -> str:
    """The address, or the /64 that an IPv6 address is in: one household has 2^64 of those."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if parsed.version == 4:
        return str(parsed)
    if parsed.ipv4_mapped:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.ip_network((parsed, _IPV6_SITE_BITS), strict=False))
