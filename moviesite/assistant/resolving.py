"""Finds which of our films a named one is. What nobody here knows is left out. No web."""

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from moviesite.assistant import queries
from moviesite.cache_kinds import AdvisedRow
from moviesite.catalogue import browse, closeness, live, other_sources
from moviesite.catalogue.closeness import BARE, Candidate, asked, compact
from moviesite.catalogue.filters import Filters
from moviesite.catalogue.search_syntax import Wording
from moviesite.errors import Unavailable
from moviesite.providers.adviser import NamedFilm
from moviesite.providers.base import MovieData, TitleHit
from moviesite.providers.movie_providers import current_providers
from moviesite.text import fold

# Premieres and releases may lie on both sides of a new year.
_YEARS_APART = 1
_ENGLISH = "en-US"
_YEAR_AFTER_TITLE = re.compile(r"\s*\((?:18|19|20)\d\d\)$")


class Resolved(NamedTuple):
    """Films as we know them; `silent` where some could not be looked up for want of an answer."""

    rows: tuple[AdvisedRow, ...]
    silent: bool = False


def resolved(named: Sequence[NamedFilm], language: str, *, adult: bool) -> Resolved:
    """The films of these titles and years, in their order, each once.

    Stored ones cost one statement, of the others each a search at the source, within the time
    that a request may wait.
    """
    ids = queries.film_ids_titled(_title(film) for film in named)
    stored = browse.chosen(ids)
    found: dict[int, AdvisedRow] = {}
    silent = False
    for film in named:
        movie = _meant(film, stored)
        if movie is None and not silent:
            try:
                movie = _searched(film, language, adult=adult)
            except Unavailable:
                silent = True
        if movie and (adult or not movie.adult):
            found.setdefault(movie.id, AdvisedRow(movie, film.match))
    return Resolved(tuple(found.values()), silent)


def _searched(film: NamedFilm, language: str, *, adult: bool) -> MovieData | None:
    """Where films have other titles in this language, the source still tells the English ones."""
    title, year = _title(film), film.year
    for tongue, when in dict.fromkeys([(language, year), (_ENGLISH, year), (language, None)]):
        rows = live.search(title, 1, tongue, when, adult=adult).value.results
        movie = _meant(film, rows)
        if movie:
            return movie
    return _known_elsewhere(film, language)


def _known_elsewhere(film: NamedFilm, language: str) -> MovieData | None:
    """A film that another source has under this title, whatever its title is here."""
    wanted, year = compact(fold(_title(film))), film.year

    def fits(hit: TitleHit) -> bool:
        return hit.year == year and compact(fold(hit.title)) == wanted

    wish = Wording(words=_title(film), filters=Filters(year_from=year, year_to=year))
    movies = other_sources.found(current_providers(), wish, language, fits)
    near = (movie for movie in movies if movie.year and abs(movie.year - year) <= _YEARS_APART)
    return next(near, None)


def _meant(film: NamedFilm, movies: Iterable[MovieData]) -> MovieData | None:
    """Of the films with this title the one whose year is nearest, and of such the best known."""
    near = [
        (abs(movie.year - film.year), -movie.popularity, movie.id, movie)
        for movie in movies
        if movie.year and abs(movie.year - film.year) <= _YEARS_APART and _is_titled(movie, film)
    ]
    return min(near)[3] if near else None


def _is_titled(movie: MovieData, film: NamedFilm) -> bool:
    title, names = _title(film), (movie.title, movie.original_title)
    wanted = asked(title)
    if not wanted.folded:
        return title in names
    one, other = map(fold, names)
    found = closeness.match(wanted, Candidate(movie.id, one, f"{one} {other}".strip(), movie.year))
    return found is not None and found.kind <= BARE


def _title(film: NamedFilm) -> str:
    return _YEAR_AFTER_TITLE.sub("", film.title) or film.title
