"""Who is calling, as far as a connection tells. Pure; reads no request."""

import re
from typing import NamedTuple

MAX_DEVICE = 100

# The first that fits: browsers name each other in their headers for old times' sake.
_BROWSERS = (
    *(("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("FxiOS", "Firefox")),
    *(("CriOS", "Chrome"), ("Chrome", "Chrome"), ("Safari", "Safari")),
)
_SYSTEMS = (
    *(("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows")),
    *(("Macintosh", "Mac"), ("CrOS", "ChromeOS"), ("Linux", "Linux")),
)


class Client(NamedTuple):
    """An address, the network that counts for limits, and a name for the device."""

    address: str = ""
    network: str = ""
    device: str = ""


def device_name(user_agent: str) -> str:
    """`Firefox on Linux`; the first word of the header where it is no browser's."""
    browser = _first(_BROWSERS, user_agent)
    if not browser:
        product = re.match(r"[\w.\- ]{1,60}", user_agent)
        return product[0].strip() if product else ""
    system = _first(_SYSTEMS, user_agent)
    return f"{browser} on {system}" if system else browser


def _first(names: tuple[tuple[str, str], ...], text: str) -> str:
    return next((name for mark, name in names if mark in text), "")
