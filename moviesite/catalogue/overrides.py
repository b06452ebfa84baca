"""What those who run the site say of films, laid over what a source says. No database, no web.

Values are as JSON holds them: dates as text, genres and keywords as lists of ids.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple, TypeVar

import msgspec

from moviesite.providers.base import GenreData, KeywordData, MovieData, MovieDetailData

M = TypeVar("M", bound=MovieData)

# What lists tell of a film, and what its own page tells besides.
SUMMARY = (
    *("title", "original_title", "original_language", "overview", "release_date"),
    *("poster_path", "backdrop_path", "adult", "genres"),
)
DETAIL = (
    *("tagline", "runtime", "status", "imdb_id", "homepage", "budget", "revenue"),
    "keywords",
)
FIELDS = (*SUMMARY, *DETAIL)
# Said in the site's own language, and of no use to readers of another.
WORDS = frozenset({"title", "overview", "tagline"})
LINKS = ("genres", "keywords")
# What may be unknown; of the rest something has to stand there.
_OR_NOTHING = frozenset(
    {"release_date", "runtime", "imdb_id", "budget", "revenue", "poster_path", "backdrop_path"}
)
# Ids from here on are given here; a source's stay far below.
OWN_IDS = 1_000_000_000


class Overlay(NamedTuple):
    """Everything that is said here. Names of genres are those of all that are stored."""

    movies: Mapping[int, Mapping[str, Any]] = {}
    removed_movies: frozenset[int] = frozenset()
    genre_names: Mapping[int, str] = {}
    renamed_genres: Mapping[int, str] = {}
    removed_genres: frozenset[int] = frozenset()
    keyword_names: Mapping[int, str] = {}
    removed_keywords: frozenset[int] = frozenset()

    @property
    def own_genres(self) -> list[GenreData]:
        """Genres that no source has."""
        return [GenreData(id_, name) for id_, name in self.genre_names.items() if id_ >= OWN_IDS]

    @property
    def touches_movies(self) -> bool:
        """Whether any film can look different for it."""
        return bool(
            self.movies
            or self.removed_movies
            or self.renamed_genres
            or self.removed_genres
            or self.keyword_names
            or self.removed_keywords
        )


def applied(movies: Iterable[M], overlay: Overlay, *, words: bool) -> tuple[M, ...]:
    """The films as they are shown here, without those that were removed.

    `words` is whether they are told in the site's own language.
    """
    if not overlay.touches_movies:
        return tuple(movies)
    shown = (movie for movie in movies if movie.id not in overlay.removed_movies)
    return tuple(_shown(movie, overlay, words) for movie in shown)


def _shown(movie: M, overlay: Overlay, words: bool) -> M:
    values = overlay.movies.get(movie.id)
    if values:
        movie = laid_over(movie, values, overlay, words=words)
    movie = msgspec.structs.replace(movie, genres=genres_shown(movie.genres, overlay, words=words))
    if isinstance(movie, MovieDetailData) and (overlay.keyword_names or overlay.removed_keywords):
        return msgspec.structs.replace(movie, keywords=_keywords(movie.keywords, overlay))
    return movie


def laid_over(movie: M, values: Mapping[str, Any], overlay: Overlay, *, words: bool = True) -> M:
    """The film with these values in the place of its own, as far as it has such fields."""
    known = FIELDS if isinstance(movie, MovieDetailData) else SUMMARY
    changes = {
        name: _as_data(name, value, overlay, words)
        for name, value in values.items()
        if name in known and (words or name not in WORDS)
    }
    return msgspec.structs.replace(movie, **changes)


def genres_shown(
    genres: Sequence[GenreData], overlay: Overlay, *, words: bool = True
) -> tuple[GenreData, ...]:
    """The genres under the names that they have here, without those that were removed."""
    names = overlay.renamed_genres if words else {}
    return tuple(
        GenreData(genre.id, names.get(genre.id, genre.name))
        for genre in genres
        if genre.id not in overlay.removed_genres
    )


def _keywords(keywords: Sequence[KeywordData], overlay: Overlay) -> tuple[KeywordData, ...]:
    return tuple(
        KeywordData(word.id, overlay.keyword_names.get(word.id, word.name))
        for word in keywords
        if word.id not in overlay.removed_keywords
    )


def _as_data(field: str, value: Any, overlay: Overlay, words: bool) -> Any:
    if field == "genres":
        # In another language the reader's own list of genres names them.
        names = overlay.genre_names if words else {}
        return tuple(GenreData(id_, names.get(id_, "")) for id_ in value)
    if field == "keywords":
        # Keywords are in one language everywhere.
        return tuple(KeywordData(id_, overlay.keyword_names.get(id_, "")) for id_ in value)
    return as_column(field, value)


def source_of(field: str, source: Any, movie_id: int) -> Any:
    """What a source said last; where that is not known any more, what stands for nothing."""
    if source is not None or field in _OR_NOTHING:
        return source
    return {"title": f"TMDb {movie_id}", "adult": False, "genres": [], "keywords": []}.get(
        field, ""
    )


def as_column(field: str, value: Any) -> Any:
    """A value from JSON as a column of a film holds it."""
    return dt.date.fromisoformat(value) if field == "release_date" and value else value


def as_json(field: str, value: Any) -> Any:
    """A value of a film's column or link as JSON holds it."""
    if field in LINKS:
        return sorted({one if isinstance(one, int) else one.id for one in value})
    return value.isoformat() if isinstance(value, dt.date) else value
