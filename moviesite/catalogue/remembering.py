"""What the worker does with answers: keeps them, and fetches the next before they are asked for."""

from moviesite import caching
from moviesite.catalogue import enrich_service, live, service, shelves
from moviesite.config import current_config
from moviesite.errors import MovieSiteError, NotFound
from moviesite.providers.base import MovieData, MovieDetailData, MoviePage, PersonData
from moviesite.providers.http import JOB, patience


def remember(key: str) -> None:
    """Keep the cached answer under a key for the time when its source is down, and its movies."""
    found = caching.recall(key)
    if found is None:
        return
    service.keep_snapshot(key, found.body, found.fetched_at)
    _store(found.value, translated=":language=" in key)


def _store(value: object, *, translated: bool) -> None:
    match value:
        case MovieDetailData():
            if not translated:
                _store_detail(value)
        case MoviePage():
            _store_movies(value.results, translated)
        case MovieData():
            _store_movies((value,), translated)
        case PersonData():
            if not translated:
                service.store_person(value)


def _store_detail(movie: MovieDetailData) -> None:
    service.store_detail(movie)
    enrich_service.ask_for_enrichment(movie.id)


def _store_movies(movies: tuple[MovieData, ...], translated: bool) -> None:
    names = {} if translated else live.genre_names(current_config().default_language)
    service.store_movies(live.named(movies, names), translated=translated)


def sync(movie_id: int) -> None:
    """Ask the source about a movie and store what it says; a movie that it lacks stays as it is.

    Raises Unavailable, so that the job is tried again.
    """
    with patience(JOB):
        try:
            _store_detail(live.renew_movie(movie_id, current_config().default_language))
        except NotFound:
            return


def warm() -> None:
    """Fetch what the home page shows anew, before somebody has to wait for it."""
    config = current_config()
    with patience(JOB):
        for kind in shelves.HOME:
            try:
                live.renew_listing(kind.listing, config.default_language, config.default_region)
            except MovieSiteError:
                continue
