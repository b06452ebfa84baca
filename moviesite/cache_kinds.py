"""The table of what is cached: names of keys, lifetimes, shapes. Reads and writes no cache."""

import datetime as dt
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from string import Formatter
from typing import Annotated, Any, Generic, NamedTuple, TypeVar
from urllib.parse import quote
from uuid import UUID

import msgspec

from moviesite.config import current_config
from moviesite.providers.base import (
    CollectionDetail,
    GenreData,
    ImageSizes,
    MovieData,
    MovieDetailData,
    MoviePage,
    PersonData,
    ProviderData,
    RegionData,
    SuggestionPage,
    TitleHit,
)

T = TypeVar("T")

# TMDb's terms allow six months; thirty days of reserve for installations that were switched off.
LONGEST_KEPT = dt.timedelta(days=150)
LONGEST_KEY = 200


@dataclass(frozen=True)
class Kind(Generic[T]):
    """One kind of answer.

    `pattern` names its key, `lifetime` the setting with its seconds of freshness; what is
    `kept` is also remembered in the database, what is `repeated` is asked for once in a request.
    What is no longer fresh stays for `lasting` seconds at least.
    """

    pattern: str
    lifetime: str
    type: Any
    kept: bool = True
    repeated: bool = False
    lasting: int = 0

    def key(self, params: Mapping[str, Any]) -> str:
        """The key; parameters that the pattern does not name are added when they are unusual."""
        named = _fields(self.pattern)
        head = self.pattern.format(**{name: _word(name, params[name]) for name in named})
        usual = _usual()
        tail = [
            f"{name}={_word(name, value)}"
            for name, value in sorted(params.items())
            if name not in named and value is not None and value != usual.get(name)
        ]
        key = ":".join([head, *tail])
        if len(key) <= LONGEST_KEY:
            return key
        return self.pattern.partition("{")[0] + hashlib.sha256(key.encode()).hexdigest()

    def owns(self, key: str) -> bool:
        """Whether the key is of this kind."""
        return _form(self.pattern).fullmatch(key) is not None

    @property
    def prefix(self) -> str:
        """What every key of this kind begins with."""
        return self.pattern.partition("{")[0]

    def prefix_of(self, owner: object) -> str:
        """What every key of this kind begins with whose first field, whose it is, says this."""
        first, *_ = _fields(self.pattern)
        head = "{".join(self.pattern.split("{")[:2])
        return head.format(**{first: _word(first, owner)})

    @property
    def seconds(self) -> int:
        """How long an answer is fresh."""
        seconds: int = getattr(current_config(), self.lifetime)
        return seconds

    @property
    def seconds_kept(self) -> int:
        """How long an answer stays in the cache, fresh or not."""
        least = 86400 if self.kept else self.lasting
        return min(max(10 * self.seconds, least), int(LONGEST_KEPT.total_seconds()))


class KeptRow(NamedTuple):
    """A movie with its community counters, and when somebody kept it."""

    movie: MovieData
    community: tuple[int, int, int, float | None, int]
    added_at: Annotated[dt.datetime, msgspec.Meta(tz=True)]


class PickedReason(NamedTuple):
    """A part of a score: what it is owed to, and how the person turned to that, where it is said.

    `basis` is liked, rated or watched for a movie, and empty for what movies share.
    """

    kind: str
    id: int
    weight: float
    basis: str = ""


class PickedRow(NamedTuple):
    """A recommended movie by id: its score, whether it is new, and the parts of the score.

    What `reasons` leave of the score is `rest`. `found_by` is taste, or else what was there to go
    by instead, which `why` then puts into words.
    """

    movie_id: int
    score: float
    is_new: bool
    reasons: tuple[PickedReason, ...]
    rest: float
    found_by: str = "taste"
    why: str = ""


class PickedList(NamedTuple):
    """Recommended movies, best first, and when they were found.

    `personal` says whether anything of the person's spoke; `provisional` that one of the movies
    that did is not known whole yet.
    """

    computed_at: Annotated[dt.datetime, msgspec.Meta(tz=True)]
    rows: tuple[PickedRow, ...]
    personal: bool
    provisional: bool


class AdvisedRow(NamedTuple):
    """A film that a model named, and 0 to 100 how well it fits."""

    movie: MovieData
    match: int


class Advice(NamedTuple):
    """What came of asking a model: films, or why there are none, and what they lack."""

    rows: tuple[AdvisedRow, ...]
    fallback: str | None = None
    problem: str | None = None


LISTING: Kind[MoviePage] = Kind("tmdb:{list}", "cache_listing_seconds", MoviePage)
DISCOVER: Kind[MoviePage] = Kind("tmdb:discover", "cache_listing_seconds", MoviePage, kept=False)
MOVIE_DETAIL: Kind[MovieDetailData] = Kind(
    "tmdb:movie:{id}:detail", "cache_detail_seconds", MovieDetailData
)
# A movie as lists tell it, under its own name: whatever was shown can be kept by somebody.
MOVIE_ROW: Kind[MovieData] = Kind(
    "tmdb:movie:{id}:row", "cache_detail_seconds", MovieData, kept=False
)
PERSON: Kind[PersonData] = Kind("tmdb:person:{id}:detail", "cache_detail_seconds", PersonData)
COLLECTION: Kind[CollectionDetail] = Kind(
    "tmdb:collection:{id}", "cache_detail_seconds", CollectionDetail
)
FIND: Kind[MovieData] = Kind("tmdb:find:{imdb_id}", "cache_detail_seconds", MovieData)
# What people search for is theirs: it is not written to the database.
SEARCH: Kind[MoviePage] = Kind(
    "tmdb:search:movie:{query}", "cache_search_seconds", MoviePage, kept=False
)
TITLES: Kind[tuple[TitleHit, ...]] = Kind(
    "search:{provider}:{query}", "cache_search_seconds", tuple[TitleHit, ...], kept=False
)
SUGGEST: Kind[SuggestionPage] = Kind(
    "tmdb:search:multi:{query}", "cache_search_seconds", SuggestionPage, kept=False
)
GENRES: Kind[tuple[GenreData, ...]] = Kind(
    "tmdb:genres", "cache_reference_seconds", tuple[GenreData, ...], repeated=True
)
IMAGE_SIZES: Kind[ImageSizes] = Kind("tmdb:configuration", "cache_reference_seconds", ImageSizes)
WATCH_PROVIDERS: Kind[tuple[ProviderData, ...]] = Kind(
    "tmdb:watch_providers", "cache_reference_seconds", tuple[ProviderData, ...], repeated=True
)
WATCH_REGIONS: Kind[tuple[RegionData, ...]] = Kind(
    "tmdb:watch_regions", "cache_reference_seconds", tuple[RegionData, ...]
)
# A page of somebody's favorites; a parameter `version` grows with every write of theirs.
FAVORITES: Kind[tuple[KeptRow, ...]] = Kind(
    "favorite_movie_list_{user_id}_page_{page}",
    "cache_favorites_seconds",
    tuple[KeptRow, ...],
    kept=False,
)
# Ids of what an account at TMDb keeps there: its owner's alone. Old ones are shown, then renewed.
KEPT_AT_TMDB: Kind[tuple[int, ...]] = Kind(
    "tmdb:account:{account_id}:favorites",
    "cache_favorites_seconds",
    tuple[int, ...],
    kept=False,
    lasting=86400,
)
# What somebody is recommended; parameters name the person's version and the model's.
RECOMMENDED: Kind[PickedList] = Kind(
    "user:{user_id}:recommendations",
    "cache_recommendations_seconds",
    PickedList,
    kept=False,
)
# The drawn films of a shared page: the same for all who watch it, until its version moves.
SHARED_PART: Kind[str] = Kind(
    "shared:{owner}:{link}:{version}:{page}", "cache_shared_seconds", str, kept=False
)
# What a model named for somebody's own words, of which the key holds a digest.
ADVISED: Kind[Advice] = Kind(
    "advice:{user_id}:{words}", "cache_listing_seconds", Advice, kept=False
)
# What the keys of everything begin with that holds something of TMDb's.
PREFIXES = ("tmdb:", "favorite_movie_list_", "shared:", "advice:")
KINDS: tuple[Kind[Any], ...] = (
    LISTING,
    DISCOVER,
    MOVIE_DETAIL,
    MOVIE_ROW,
    PERSON,
    COLLECTION,
    FIND,
    SEARCH,
    SUGGEST,
    TITLES,
    GENRES,
    IMAGE_SIZES,
    WATCH_PROVIDERS,
    WATCH_REGIONS,
)
# What a field of a pattern may hold, where it is not anything without a colon.
_FORMS = {
    "list": "(?:trending:day|trending:week|popular|top_rated|upcoming|now_playing)",
    "id": r"\d+",
}


def prefixes_of(user_id: int, public_id: UUID) -> list[str]:
    """What the keys of all begin with that is somebody's alone, or made of it."""
    by_number = [kind.prefix_of(user_id) for kind in (FAVORITES, RECOMMENDED)]
    return [*by_number, *(kind.prefix_of(public_id) for kind in (ADVISED, SHARED_PART))]


def kind_of(key: str) -> Kind[Any] | None:
    """The kind that a key belongs to."""
    return next((kind for kind in KINDS if kind.owns(key)), None)


def _usual() -> dict[str, Any]:
    config = current_config()
    return {
        "language": config.default_language,
        "region": config.default_region,
        "page": 1,
        "include_adult": False,
        "include_video": False,
    }


def _word(name: str, value: Any) -> str:
    return quote(str(value), safe=":" if name == "list" else "", errors="replace")


@lru_cache(maxsize=64)
def _fields(pattern: str) -> tuple[str, ...]:
    return tuple(name for _, name, _, _ in Formatter().parse(pattern) if name)


@lru_cache(maxsize=64)
def _form(pattern: str) -> re.Pattern[str]:
    forms = {name: _FORMS.get(name, "[^:]+") for name in _fields(pattern)}
    return re.compile(pattern.format(**forms) + r"(?::[a-z_]+=[^:]*)*")
