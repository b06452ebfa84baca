"""The model layer: tables, constraints and facts about one row. Queries live with the features."""

from moviesite.models.accounts import (
    Identity,
    RefreshToken,
    Session,
    SignInAttempt,
    SingleUseToken,
    User,
)
from moviesite.models.audit import AuditEntry
from moviesite.models.catalogue import (
    Collection,
    Enrichment,
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
from moviesite.models.library import (
    Favorite,
    Feedback,
    Hidden,
    LastChange,
    Like,
    MovieView,
    Viewing,
    Vote,
    WatchlistItem,
)
from moviesite.models.lists import (
    ListItem,
    ListSubscription,
    MovieList,
    ShareLink,
    TmdbConnection,
    TmdbShare,
)
from moviesite.models.once import IdempotencyKey, OutboxEntry
from moviesite.models.overrides import Override
from moviesite.models.recommendations import RecommenderRun
from moviesite.models.reviews import Review, ReviewReport
from moviesite.models.search import MovieTerm, PersonTerm, WordSpelling
from moviesite.models.snapshots import TmdbSnapshot
from moviesite.models.tiers import AccountTier, AssistantUsage
from moviesite.models.trending import TrendingChart, TrendingEntry, TrendingHour

__all__ = [
    "AccountTier",
    "AssistantUsage",
    "AuditEntry",
    "Collection",
    "Enrichment",
    "ExternalRating",
    "Favorite",
    "Feedback",
    "Genre",
    "Hidden",
    "IdempotencyKey",
    "Identity",
    "Keyword",
    "LastChange",
    "Like",
    "ListItem",
    "ListSubscription",
    "Movie",
    "MovieAvailability",
    "MovieCast",
    "MovieCertification",
    "MovieCountry",
    "MovieCrew",
    "MovieLanguage",
    "MovieList",
    "MovieTerm",
    "MovieVideo",
    "MovieView",
    "OutboxEntry",
    "Override",
    "Person",
    "PersonTerm",
    "RecommenderRun",
    "RefreshToken",
    "Review",
    "ReviewReport",
    "Session",
    "ShareLink",
    "SignInAttempt",
    "SingleUseToken",
    "TmdbConnection",
    "TmdbShare",
    "TmdbSnapshot",
    "TrendingChart",
    "TrendingEntry",
    "TrendingHour",
    "User",
    "Viewing",
    "Vote",
    "WatchProvider",
    "WatchlistItem",
    "WordSpelling",
    "movie_genres",
    "movie_keywords",
]
