"""Made-up services on which the demo's films can be watched. No real service is named."""

from typing import Any, Final, NamedTuple

from moviesite.demo.places import country_name


class Service(NamedTuple):
    """A service: id, name, the kinds of offer it makes, and how many films in ten it has."""

    id: int
    name: str
    kinds: tuple[str, ...]
    tenths: int


SERVICES: Final = (
    Service(9001, "Demo Stream", ("flatrate",), 3),
    Service(9002, "Demo Stream Two", ("flatrate",), 2),
    Service(9003, "Demo Free", ("free",), 1),
    Service(9004, "Demo Rentals", ("rent",), 6),
    Service(9005, "Demo Store", ("rent", "buy"), 5),
)
REGIONS: Final = (
    *("AR", "AT", "AU", "BE", "BR", "CA", "CH", "CL", "CN", "CO", "CZ", "DE", "DK", "EG", "ES"),
    *("FI", "FR", "GB", "GR", "HK", "HU", "IE", "IL", "IN", "IS", "IT", "JP", "KR", "MX", "NL"),
    *("NO", "NZ", "PH", "PL", "PT", "RO", "SE", "SG", "TH", "TR", "TW", "US", "ZA"),
)
KINDS: Final = ("flatrate", "free", "ads", "rent", "buy")


def offers(movie_id: int, region: str) -> frozenset[tuple[str, int]]:
    """Every (kind, service id) that offers a film in a region; the same at every call."""
    if region not in _PLACES:
        return frozenset()
    return _OFFERS[_having(movie_id, _PLACES[region])]


def providers_of(movie_id: int) -> dict[str, Any]:
    """Region → `{link, flatrate[], rent[], ...}` with the kinds that have an offer."""
    found = {region: _in_region(movie_id, region) for region in REGIONS}
    return {region: answer for region, answer in found.items() if len(answer) > 1}


def all_providers(region: str) -> list[dict[str, Any]]:
    """The services, as the list of all providers has them; none outside the regions served."""
    if region and region not in REGIONS:
        return []
    return [
        {
            "display_priorities": dict.fromkeys(REGIONS, priority),
            "display_priority": priority,
            **_named(service),
        }
        for priority, service in enumerate(SERVICES)
    ]


def all_regions() -> list[dict[str, str]]:
    """The regions served, with names."""
    return [
        {"iso_3166_1": code, "english_name": country_name(code), "native_name": country_name(code)}
        for code in REGIONS
    ]


def _in_region(movie_id: int, region: str) -> dict[str, Any]:
    made = offers(movie_id, region)
    # An address would lead to real services, which the demo knows nothing about.
    answer: dict[str, Any] = {"link": ""}
    for kind in KINDS:
        rows = [
            {**_named(service), "display_priority": priority}
            for priority, service in enumerate(SERVICES)
            if (kind, service.id) in made
        ]
        if rows:
            answer[kind] = rows
    return answer


def _named(service: Service) -> dict[str, Any]:
    return {
        "logo_path": f"/provider-{service.id}.svg",
        "provider_id": service.id,
        "provider_name": service.name,
    }


def _having(movie_id: int, place: int) -> int:
    """Which services have a film, a bit for each: two rounds of a multiplicative hash."""
    mixed = (movie_id * 2654435761 + place * 69069) & 0xFFFFFFFF
    mixed = ((mixed ^ (mixed >> 15)) * 2246822519) & 0xFFFFFFFF
    mixed ^= mixed >> 13
    bits = 0
    for position, service in enumerate(SERVICES):
        bits |= (mixed % 10 < service.tenths) << position
        mixed //= 10
    return bits


def _offers(bits: int) -> frozenset[tuple[str, int]]:
    having = (service for position, service in enumerate(SERVICES) if bits >> position & 1)
    return frozenset((kind, service.id) for service in having for kind in service.kinds)


_PLACES: Final = {code: ord(code[0]) * 31 + ord(code[1]) for code in REGIONS}
# Few answers are possible, so that looking through a whole catalogue makes none anew.
_OFFERS: Final = tuple(_offers(bits) for bits in range(1 << len(SERVICES)))
