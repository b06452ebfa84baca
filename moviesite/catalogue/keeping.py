"""Sees to it that movies are stored before something of somebody's hangs on them. No web."""

from collections.abc import Collection
from contextlib import suppress

from moviesite.catalogue import live, queries, service
from moviesite.config import current_config
from moviesite.errors import MovieSiteError, NotFound


def ensure_stored(movie_id: int) -> None:
    """Store the movie unless it is, whole or as a list told it. Call it before a transaction.

    Raises NotFound where the source knows no such movie, Unavailable where it cannot be asked.
    """
    if ensure_each_stored([movie_id]):
        raise NotFound(live.NO_SUCH_FILM)


def ensure_each_stored(movie_ids: Collection[int]) -> list[int]:
    """The same for several movies; returns those that no source knows. One statement mostly."""
    lacking = sorted(set(movie_ids) - queries.stored_among(movie_ids))
    return [movie_id for movie_id in lacking if not _stored(movie_id)]


def ensure_keyword(keyword_id: int, movie_id: int) -> None:
    """Store a keyword, with the movie that it was met at, unless its name is known already.

    What cannot be had now is no trouble: the keyword then is a number for a while.
    """
    if queries.names_of_keywords([keyword_id]):
        return
    with suppress(MovieSiteError):
        service.store_detail(live.movie(movie_id, current_config().default_language).value)


def _stored(movie_id: int) -> bool:
    row = live.shown_row(movie_id)
    if row is not None:
        service.store_row(row)
        return True
    try:
        service.store_detail(live.movie(movie_id, current_config().default_language).value)
    except NotFound:
        return False
    return True
