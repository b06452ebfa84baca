"""What TMDb says, through the cache: each noun here costs at most one upstream call. No SQL.

What is said here instead is laid over each answer as it is given: what is cached and stored for
when the source is down is the source's own.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NamedTuple, TypeVar

import msgspec

from moviesite import cache_kinds, caching
from moviesite.caching import Answer, get_or_load, renew
from moviesite.catalogue import override_queries, overrides
from moviesite.config import current_config
from moviesite.errors import MovieSiteError, NotFound
from moviesite.providers.base import (
    CollectionDetail,
    DiscoverQuery,
    GenreData,
    ImageSizes,
    MovieData,
    MovieDetailData,
    MoviePage,
    PersonData,
    ProviderData,
    RegionData,
)
from moviesite.providers.tmdb import current_tmdb

M = TypeVar("M", bound=MovieData)

NO_SUCH_FILM = "There is no such film."


class Listing(NamedTuple):
    """A list that the source keeps: its key, and how to ask for a page of it."""

    key: str
    ask: Callable[[int, str, str], MoviePage]


LISTINGS: dict[str, Listing] = {
    listing.key: listing
    for listing in (
        Listing("trending:day", lambda page, lang, _: current_tmdb().trending("day", page, lang)),
        Listing("trending:week", lambda page, lang, _: current_tmdb().trending("week", page, lang)),
        Listing("popular", lambda *where: current_tmdb().popular(*where)),
        Listing("top_rated", lambda *where: current_tmdb().top_rated(*where)),
        Listing("upcoming", lambda *where: current_tmdb().upcoming(*where)),
        Listing("now_playing", lambda *where: current_tmdb().now_playing(*where)),
    )
}


def source_name() -> str:
    """Whose data this is, for labels."""
    return current_tmdb().name


def source_in_words() -> str:
    """Whose data this is, inside a sentence."""
    name = source_name()
    return {"TMDb": "The Movie Database", "Demo catalog": "the demo catalog"}.get(name, name)


def source_answering() -> bool:
    """Whether the source answered when it was last asked."""
    return current_tmdb().answering


def listing(key: str, page: int, language: str, region: str) -> Answer[MoviePage]:
    """A page of one of LISTINGS; raises Unavailable where nothing can be shown."""
    params = {"list": key, "page": page, "language": language, "region": region}
    answer = get_or_load(
        cache_kinds.LISTING, params, lambda: _noted(LISTINGS[key].ask(page, language, region))
    )
    return _with_genre_names(answer, language)


def renew_listing(key: str, language: str, region: str) -> None:
    """Ask for the first page of a listing although an answer is there; raises Unavailable."""
    params = {"list": key, "page": 1, "language": language, "region": region}
    renew(cache_kinds.LISTING, params, lambda: _noted(LISTINGS[key].ask(1, language, region)))


def search(
    query: str, page: int, language: str, year: int | None, *, adult: bool = False
) -> Answer[MoviePage]:
    """A page of movies whose title the source finds like the words."""
    params = {"query": query.casefold(), "page": page, "language": language, "year": year}
    answer = get_or_load(
        cache_kinds.SEARCH,
        {**params, "include_adult": adult},
        lambda: _noted(
            current_tmdb().search_movies(query, page, language, year, include_adult=adult)
        ),
    )
    return _with_genre_names(answer, language)


def discover(query: DiscoverQuery) -> Answer[MoviePage]:
    """A page of movies that fit everything the query sets."""
    params = msgspec.structs.asdict(query)
    answer = get_or_load(
        cache_kinds.DISCOVER, params, lambda: _noted(current_tmdb().discover(query))
    )
    return _with_genre_names(answer, query.language or current_config().default_language)


def movie(movie_id: int, language: str) -> Answer[MovieDetailData]:
    """Everything about a movie by one call; raises NotFound or Unavailable."""
    # Said here, so no source is asked, and it holds while that is silent.
    if movie_id in override_queries.overlay().removed_movies:
        raise NotFound(NO_SUCH_FILM)
    params = {"id": movie_id, "language": language}
    with _called(NO_SUCH_FILM):
        answer = get_or_load(
            cache_kinds.MOVIE_DETAIL, params, lambda: current_tmdb().movie(movie_id, language)
        )
    [detail] = shown((answer.value,), language)
    detail = msgspec.structs.replace(
        detail,
        similar=shown(detail.similar, language),
        recommended=shown(detail.recommended, language),
    )
    return answer._replace(value=detail)


def movie_by_imdb(imdb_id: str, language: str) -> MovieData:
    """The movie with this IMDb id; raises NotFound or Unavailable."""
    params = {"imdb_id": imdb_id, "language": language}
    found_by_id = get_or_load(
        cache_kinds.FIND, params, lambda: current_tmdb().find_by_imdb(imdb_id, language)
    )
    [found] = shown((found_by_id.value,), language) or (None,)
    if found is None:
        raise NotFound
    return found


def renew_movie(movie_id: int, language: str) -> MovieDetailData:
    """Ask for a movie although an answer is there; raises NotFound or Unavailable."""
    params = {"id": movie_id, "language": language}
    with _called(NO_SUCH_FILM):
        return renew(
            cache_kinds.MOVIE_DETAIL, params, lambda: current_tmdb().movie(movie_id, language)
        ).value


def shown_row(movie_id: int) -> MovieData | None:
    """A movie as some list showed it lately, its genres named; asks no source for the movie."""
    found = caching.recall(cache_kinds.MOVIE_ROW.key({"id": movie_id}))
    if found is None or movie_id in override_queries.overlay().removed_movies:
        return None
    row: MovieData = found.value
    return named((row,), genre_names(current_config().default_language))[0]


def person(person_id: int, language: str) -> Answer[PersonData]:
    """A person with a filmography by one call; raises NotFound or Unavailable."""
    params = {"id": person_id, "language": language}
    with _called("There is no such person."):
        answer = get_or_load(
            cache_kinds.PERSON, params, lambda: current_tmdb().person(person_id, language)
        )
    credited = tuple(credit.movie for credit in answer.value.credits)
    movies = {movie.id: movie for movie in shown(credited, language)}
    credits = tuple(
        msgspec.structs.replace(credit, movie=movies[credit.movie.id])
        for credit in answer.value.credits
        if credit.movie.id in movies
    )
    return answer._replace(value=msgspec.structs.replace(answer.value, credits=credits))


def collection(collection_id: int, language: str) -> Answer[CollectionDetail]:
    """A series with its films by one call; raises NotFound or Unavailable."""
    params = {"id": collection_id, "language": language}
    with _called("There is no such series."):
        answer = get_or_load(
            cache_kinds.COLLECTION,
            params,
            lambda: current_tmdb().collection(collection_id, language),
        )
    parts = shown(answer.value.parts, language)
    return answer._replace(value=msgspec.structs.replace(answer.value, parts=parts))


def watch_providers(region: str, language: str) -> Answer[tuple[ProviderData, ...]]:
    """Services of a region, in the order in which they are to be shown."""
    params = {"region": region, "language": language}
    return get_or_load(
        cache_kinds.WATCH_PROVIDERS,
        params,
        lambda: current_tmdb().watch_providers(region, language),
    )


def watch_regions(language: str) -> Answer[tuple[RegionData, ...]]:
    """Countries in which services are known."""
    return get_or_load(
        cache_kinds.WATCH_REGIONS,
        {"language": language},
        lambda: current_tmdb().watch_regions(language),
    )


def genres(language: str) -> Answer[tuple[GenreData, ...]]:
    """All genres of a language, and our own; raises Unavailable."""
    answer = get_or_load(
        cache_kinds.GENRES, {"language": language}, lambda: current_tmdb().genres(language)
    )
    overlay = override_queries.overlay()
    upstream = overrides.genres_shown(answer.value, overlay, words=_is_own(language))
    return answer._replace(value=(*upstream, *overlay.own_genres))


def genre_names(language: str) -> dict[int, str]:
    """Genre names by id; empty while they cannot be had, since no page should fail for them."""
    try:
        return {genre.id: genre.name for genre in genres(language).value}
    except MovieSiteError:
        return {}


def image_sizes() -> ImageSizes:
    """The widths that images come in; none while they cannot be had."""
    try:
        return get_or_load(cache_kinds.IMAGE_SIZES, {}, lambda: current_tmdb().image_sizes()).value
    except MovieSiteError:
        return ImageSizes()


@contextmanager
def _called(absent: str) -> Iterator[None]:
    """What a source does not know is told in these words, not in those for any address."""
    try:
        yield
    except NotFound as error:
        raise NotFound(absent) from error


def _noted(page: MoviePage) -> MoviePage:
    """The page, each movie of which can now be kept although its source may fall silent."""
    caching.note_each(cache_kinds.MOVIE_ROW, {movie.id: movie for movie in page.results})
    return page


def _with_genre_names(answer: Answer[MoviePage], language: str) -> Answer[MoviePage]:
    page = answer.value
    results = shown(page.results, language)
    return answer._replace(value=msgspec.structs.replace(page, results=results))


def shown(movies: tuple[M, ...], language: str) -> tuple[M, ...]:
    """The films as they are shown in a language: what is said here over what their source says.

    Those that were removed here are left out.
    """
    overlay = override_queries.overlay()
    return named(overrides.applied(movies, overlay, words=_is_own(language)), genre_names(language))


def _is_own(language: str) -> bool:
    """Whether a language is the site's own, whatever the country."""
    own = current_config().default_language
    return language.partition("-")[0] == own.partition("-")[0]


def named(movies: tuple[M, ...], names: dict[int, str]) -> tuple[M, ...]:
    """Rows of lists carry genre ids alone; those whose name is unknown are left out."""
    return tuple(
        msgspec.structs.replace(movie, genres=_known(movie.genres, names)) for movie in movies
    )


def _known(genres: tuple[GenreData, ...], names: dict[int, str]) -> tuple[GenreData, ...]:
    return tuple(
        GenreData(id=genre.id, name=genre.name or names[genre.id])
        for genre in genres
        if genre.name or genre.id in names
    )
