"""The model layer: tables, constraints and facts about one row. Queries live with the features."""

from moviesite.models.accounts import (
    Identity,
    RefreshToken,
    Session,
    SignInAttempt,
    SingleUseToken,
    User,
)
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
from moviesite.models.once import IdempotencyKey, OutboxEntry
from moviesite.models.search import MovieTerm, PersonTerm, WordSpelling
from moviesite.models.snapshots import TmdbSnapshot

__all__ = [
    "Collection",
    "ExternalRating",
    "Genre",
    "IdempotencyKey",
    "Identity",
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
    "OutboxEntry",
    "Person",
    "PersonTerm",
    "RefreshToken",
    "Session",
    "SignInAttempt",
    "SingleUseToken",
    "TmdbSnapshot",
    "User",
    "WatchProvider",
    "WordSpelling",
    "movie_genres",
    "movie_keywords",
]
