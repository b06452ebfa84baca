"""Which sources beside TMDb this installation has, in the operator's order."""

from collections.abc import Sequence

import redis
from flask import current_app

from moviesite.providers.base import MovieProvider
from moviesite.providers.imdb import Imdb
from moviesite.providers.omdb import Omdb

TMDB, OMDB, IMDB = "tmdb", "omdb", "imdb"


def build(
    order: Sequence[str],
    *,
    omdb: tuple[str, str],
    imdb: tuple[str, str],
    redis_client: redis.Redis | None,
    threads: int,
) -> dict[str, MovieProvider]:
    """Those named in `order` that have a key; `omdb` and `imdb` are addresses with keys."""
    kinds: dict[str, tuple[type[Omdb | Imdb], str, str]] = {
        OMDB: (Omdb, *omdb),
        IMDB: (Imdb, *imdb),
    }
    found: dict[str, MovieProvider] = {}
    for name in order:
        kind, url, key = kinds.get(name, (Omdb, "", ""))
        if key:
            found[name] = kind(url, key, redis_client=redis_client, threads=threads)
    return found


def current_providers() -> Sequence[MovieProvider]:
    """The current application's, in order."""
    found: dict[str, MovieProvider] = current_app.extensions["movie_providers"]
    return tuple(found.values())


def before_tmdb() -> Sequence[MovieProvider]:
    """Those that the operator put before TMDb."""
    return current_providers()[: current_app.extensions["movie_providers_before_tmdb"]]


def after_tmdb() -> Sequence[MovieProvider]:
    """Those that are asked where TMDb finds nothing or is silent."""
    return current_providers()[current_app.extensions["movie_providers_before_tmdb"] :]
