"""Which network an address is in. Pure; imports nothing of ours."""

import ipaddress

_IPV6_SITE_BITS = 64


def network_of(address: str) -> str:
    """The address, or the /64 that an IPv6 address is in: one household has 2^64 of those.

    What is no address stays as it is.
    """
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if parsed.version == 4:
        return str(parsed)
    if parsed.ipv4_mapped:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.ip_network((parsed, _IPV6_SITE_BITS), strict=False))
