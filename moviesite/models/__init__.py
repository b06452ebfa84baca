"""The model layer: tables, constraints and facts about one row. Queries live with the features."""

from moviesite.models.catalogue import (
    Collection,
    ExternalRating,
    Genre,
    Keyword,
    Movie,
    MovieAvailability,
    MovieCast,
    MovieCertification,
    MovieCountry,
    MovieCrew,
    MovieLanguage,
    MovieVideo,
    Person,
    WatchProvider,
    movie_genres,
    movie_keywords,
)
from moviesite.models.search import MovieTerm, PersonTerm, WordSpelling
from moviesite.models.snapshots import TmdbSnapshot

__all__ = [
    "Collection",
    "ExternalRating",
    "Genre",
    "Keyword",
    "Movie",
    "MovieAvailability",
    "MovieCast",
    "MovieCertification",
    "MovieCountry",
    "MovieCrew",
    "MovieLanguage",
    "MovieTerm",
    "MovieVideo",
    "Person",
    "PersonTerm",
    "TmdbSnapshot",
    "WatchProvider",
    "WordSpelling",
    "movie_genres",
    "movie_keywords",
]
