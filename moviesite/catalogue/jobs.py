"""Background doors of the catalogue. Each may run twice without harm."""

from moviesite.catalogue import (
    changes_service,
    enrich_service,
    purge_service,
    remembering,
    seeding,
    service,
)
from moviesite.queue import Job, offer


def remember(key: str) -> None:
    """Keep the cached answer under this key, and the movies in it."""
    remembering.remember(key)


def sync_tmdb_movie(movie_id: int) -> None:
    """Store everything about a movie as its source tells it now."""
    remembering.sync(movie_id)


def enrich_movie(movie_id: int) -> None:
    """Store what sources beside TMDb say of a movie."""
    enrich_service.enrich(movie_id)


def warm_catalogue() -> None:
    """Fetch what the home page shows before somebody has to wait for it."""
    remembering.warm()


def purge_expired() -> None:
    """Delete answers that are older than TMDb's terms allow."""
    service.purge_expired()


def seed_demo() -> None:
    """Store the demo catalogue, once; over a real source nothing happens."""
    if seeding.seed_demo():
        offer(Job.GENERATE_RECOMMENDATIONS)


def refresh_changed_movies() -> None:
    """Have what changed at the source, and is stored here, fetched anew."""
    changes_service.follow()


def purge_tmdb() -> None:
    """Let go of everything that came from TMDb; what is people's own stays."""
    purge_service.purge_tmdb()
