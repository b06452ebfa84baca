"""Stores the whole demo catalogue once, so that stored search and lists begin full."""

from collections.abc import Iterator

from msgspec.structs import replace

from moviesite.catalogue import live, queries, service
from moviesite.config import current_config
from moviesite.providers.base import DiscoverQuery, MovieDetailData
from moviesite.providers.http import JOB, patience
from moviesite.providers.tmdb import current_tmdb
from moviesite.queue import Job, offer

BATCH = 50


def seed_demo() -> int:
    """Store every film of the demo that is not stored whole; says how many those were.

    Asks the demo the way everything else does. Nothing happens over another source.
    """
    config = current_config()
    if not config.demo:
        return 0
    with patience(JOB):
        service.store_genres(live.genres(config.default_language).value)
        wanted = sorted(set(_ids(config.default_language)) - queries.detailed_ids())
        for start in range(0, len(wanted), BATCH):
            service.store_details(_details(wanted[start : start + BATCH], config.default_language))
    if wanted:
        # The demo's viewers can look at films as soon as those are stored.
        offer(Job.GENERATE_DAILY_TRENDING)
    return len(wanted)


def _ids(language: str) -> Iterator[int]:
    page, pages = 1, 1
    while page <= pages:
        found = current_tmdb().discover(DiscoverQuery(page=page, language=language))
        yield from (movie.id for movie in found.results)
        page, pages = page + 1, found.total_pages


def _details(movie_ids: list[int], language: str) -> list[MovieDetailData]:
    """Films without their neighbours, each of which is stored in its own turn."""
    found = [current_tmdb().movie(movie_id, language) for movie_id in movie_ids]
    return [replace(movie, similar=(), recommended=()) for movie in found]
