"""Which film a line of a file is about. Asks the source where the stored catalogue does not say."""

from collections.abc import Callable, Iterable
from contextlib import suppress

from moviesite.catalogue import keeping, live
from moviesite.catalogue import queries as catalogue
from moviesite.config import current_config
from moviesite.errors import NotFound
from moviesite.providers.base import MovieData
from moviesite.text import fold
from moviesite.transfer import queries
from moviesite.transfer.queries import Titled
from moviesite.transfer.reading import Entry

# Sites differ by a year where a film went to festivals first.
_YEARS_APART = 1


def movie_of(entry: Entry) -> int | None:
    """The number of the film, which is stored then; None where nobody knows it.

    By TMDb's number, else by IMDb's, else by a title that is the same but for accents, case and
    punctuation, of the same year or the next. Raises Unavailable.
    """
    for find in _WAYS:
        found = find(entry)
        if found is not None and not keeping.ensure_each_stored([found]):
            return found
    return None


def _by_number(entry: Entry) -> int | None:
    return entry.tmdb_id


def _by_imdb(entry: Entry) -> int | None:
    if not entry.imdb_id:
        return None
    stored = catalogue.by_imdb_ids([entry.imdb_id])
    if stored:
        return stored[entry.imdb_id].id
    with suppress(NotFound):
        return live.movie_by_imdb(entry.imdb_id, current_config().default_language).id
    return None


def _by_stored_title(entry: Entry) -> int | None:
    key = fold(entry.title)
    # Of another year there may be one that only the source knows.
    return _nearest(queries.titled(key), entry.year, most=0) if key else None


def _by_title(entry: Entry) -> int | None:
    key = fold(entry.title)
    if not key:
        return None
    language = current_config().default_language
    for year in dict.fromkeys((entry.year, None)):
        page = live.search(entry.title, 1, language, year).value
        found = _nearest(_same(page.results, key), entry.year)
        if found is not None:
            return found
    return None


def _same(movies: Iterable[MovieData], key: str) -> list[Titled]:
    return [
        Titled(movie.id, movie.year, movie.popularity)
        for movie in movies
        if key in (fold(movie.title), fold(movie.original_title))
    ]


def _nearest(found: Iterable[Titled], year: int | None, most: int = _YEARS_APART) -> int | None:
    """The film of that year, else of one at most so many beside it; of several the best known."""

    def apart(film: Titled) -> int:
        return abs(film.year - year) if film.year and year else 0

    near = [film for film in found if apart(film) <= most]
    best = min(near, key=lambda film: (apart(film), -film.popularity), default=None)
    return best.id if best else None


_WAYS: tuple[Callable[[Entry], int | None], ...] = (
    _by_number,
    _by_imdb,
    _by_stored_title,
    _by_title,
)
