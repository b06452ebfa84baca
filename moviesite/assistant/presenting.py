"""A wish as the doors show it: its ordinary address, and names for its ids. No request, no SQL."""

import re
from collections.abc import Mapping
from urllib.parse import urlencode

from moviesite.assistant.draft import Value
from moviesite.assistant.rules import Interpretation
from moviesite.catalogue import live, queries

Names = dict[str, dict[int, str]]


def discover_query(filters: Mapping[str, Value]) -> str:
    """The query string of /discover and /movies/discover for these filters."""
    return urlencode(sorted(filters.items()), safe=",|")


def ids(filters: Mapping[str, Value], name: str) -> list[int]:
    """The ids that a filter lists."""
    return [int(part) for part in re.split("[,|]", str(filters.get(name, ""))) if part]


def names_in(wish: Interpretation, language: str) -> Names:
    """What the ids of a wish are called, as far as is known."""
    filters = wish.filters
    return {
        "genres": live.genre_names(language),
        "people": queries.names_of_people(ids(filters, "with_people")),
        "keywords": queries.names_of_keywords(ids(filters, "with_keywords")),
    }
