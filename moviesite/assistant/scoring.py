"""How well a film meets a wish. Pure arithmetic: no database, no clock, no web."""

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from moviesite.providers.base import MovieData


def match(
    movie: MovieData,
    filters: Mapping[str, Any],
    *,
    dropped: Collection[str] = (),
    not_understood: int = 0,
) -> int:
    """0 to 100: the share of the wishes that the film meets.

    `filters` are all wishes that were understood, `dropped` the names of those that the source
    was not asked for; each that was not understood counts as unmet.
    """
    met = list(_met(movie, filters, dropped))
    wishes = len(met) + not_understood
    return round(100 * sum(met) / wishes) if wishes else 0


def _met(movie: MovieData, filters: Mapping[str, Any], dropped: Collection[str]) -> Iterator[float]:
    genres = {genre.id for genre in movie.genres}
    for name, value in filters.items():
        if name in ("sort_by", "watch_region"):
            continue
        if name == "with_genres":
            wanted = [int(part) for part in re.split("[,|]", value)]
            yield sum(genre in genres for genre in wanted) / len(wanted)
        elif name in dropped:
            yield 0.0
        else:
            # The source was asked for no other films.
            yield 1.0
