"""Which network an address is in. Pure; imports nothing of ours."""

import ipaddress
import re

_IPV6_SITE_BITS = 64
_WITH_PORT = re.compile(r"(?:\[([0-9a-fA-F:.]+)\]|([0-9.]+))(?::[0-9]{1,5})?")


def network_of(address: str) -> str:
    """The address, or the /64 that an IPv6 address is in: one household has 2^64 of those.

    Some proxies tell the port as well, which is another with each connection. What is no address
    stays as it is.
    """
    match = _WITH_PORT.fullmatch(address)
    try:
        parsed = ipaddress.ip_address(match[1] or match[2] if match else address)
    except ValueError:
        return address
    if parsed.version == 4:
        return str(parsed)
    if parsed.ipv4_mapped:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.ip_network((parsed, _IPV6_SITE_BITS), strict=False))
