"""What trends, by whose counting. Reads only."""

import datetime as dt
from collections.abc import Sequence
from typing import NamedTuple

from moviesite.caching import Answer
from moviesite.catalogue import live
from moviesite.providers.base import MovieData, MoviePage

PAGE_SIZE = 20


class Trend(NamedTuple):
    """A movie that trends; `score` falls from 1, since TMDb tells an order and no numbers."""

    movie: MovieData
    score: float
    why: str


class Trends(NamedTuple):
    """All that trends over a time, best first; `answer` is the upstream one behind it."""

    results: Sequence[Trend]
    computed_at: dt.datetime | None
    score_source: str
    answer: Answer[MoviePage] | None


def trending(time_range: str, limit: int, score_source: str, language: str, region: str) -> Trends:
    """The movies that trend over a `day` or a `week`; raises Unavailable."""
    if score_source == "local":
        return Trends((), None, "local", None)
    pages = [
        live.listing(f"trending:{time_range}", page, language, region)
        for page in range(1, -(-limit // PAGE_SIZE) + 1)
    ]
    movies = {movie.id: movie for page in pages for movie in page.value.results}
    why = f"Trending on {live.source_in_words()} this {time_range}"
    ranked = list(movies.values())[:limit]
    results = [
        Trend(movie, round(1 - position / len(ranked), 4), why)
        for position, movie in enumerate(ranked)
    ]
    return Trends(results, min(page.fetched_at for page in pages), "tmdb", pages[0])
