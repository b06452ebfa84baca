"""Searches at sources beside TMDb, whose hits count where TMDb or we know the movie. No web."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial

from moviesite import cache_kinds
from moviesite.caching import get_or_load
from moviesite.catalogue import live, queries
from moviesite.catalogue.queries import as_data
from moviesite.catalogue.search_syntax import Wording
from moviesite.errors import MovieSiteError
from moviesite.providers.base import MovieData, MovieProvider, TitleHit

# Each hit that is not stored costs a call to TMDb.
_MOST_RESOLVED = 8


def found(
    providers: Sequence[MovieProvider],
    wish: Wording,
    language: str,
    fits: Callable[[TitleHit], bool] = lambda _: True,
) -> tuple[MovieData, ...]:
    """What the first of the sources that finds anything finds, each as the movie we know it as.

    Hits that do not fit are left out before anybody is asked about them.
    """
    for provider in providers:
        hits = list(filter(fits, _hits(provider, wish.words, wish.filters.year)))
        movies = tuple(_resolved(hits, language))
        if movies:
            return movies
    return ()


def _hits(provider: MovieProvider, words: str, year: int | None) -> tuple[TitleHit, ...]:
    params = {"provider": provider.name.lower(), "query": words.casefold(), "year": year}
    ask = partial(provider.search, words, year)
    try:
        return get_or_load(cache_kinds.TITLES, params, ask).value
    except MovieSiteError:
        return ()


def _resolved(hits: Sequence[TitleHit], language: str) -> Iterator[MovieData]:
    """Stored movies first by our own rows; the others as TMDb knows them, or left out."""
    wanted = hits[:_MOST_RESOLVED]
    stored = queries.by_imdb_ids([hit.imdb_id for hit in wanted])
    for hit in wanted:
        if hit.imdb_id in stored:
            yield as_data(stored[hit.imdb_id])
            continue
        try:
            yield live.movie_by_imdb(hit.imdb_id, language)
        except MovieSiteError:
            continue
