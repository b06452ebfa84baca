"""Our words for what movie sources tell us. Plain values only: no requests, no database.

Dates are `datetime.date` or None, runtimes minutes, money US dollars, languages ISO 639-1,
countries and regions ISO 3166-1, image paths relative to the provider's image address.
"""

import datetime as dt
from typing import Protocol

import msgspec

# `gc=False`: frozen values of plain values cannot form cycles, and a film has two thousand of
# them: decoding it is more than twice as quick when the garbage collector need not count them.


class GenreData(msgspec.Struct, frozen=True, gc=False):
    """A genre by its TMDb id."""

    id: int
    name: str


class KeywordData(msgspec.Struct, frozen=True, gc=False):
    """A keyword by its TMDb id."""

    id: int
    name: str


class MovieData(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One row of a list of movies."""

    id: int
    title: str
    original_title: str = ""
    original_language: str = ""
    overview: str = ""
    release_date: dt.date | None = None
    genres: tuple[GenreData, ...] = ()
    poster_path: str | None = None
    backdrop_path: str | None = None
    vote_average: float = 0.0
    vote_count: int = 0
    popularity: float = 0.0
    adult: bool = False

    @property
    def year(self) -> int | None:
        """Year of release, when known."""
        return self.release_date.year if self.release_date else None


class PersonRef(msgspec.Struct, frozen=True, gc=False):
    """A person as named in credits and suggestions."""

    id: int
    name: str
    profile_path: str | None = None


class CastData(msgspec.Struct, frozen=True, gc=False):
    """A part played, in billing order."""

    person: PersonRef
    character: str = ""
    order: int = 0


class CrewData(msgspec.Struct, frozen=True, gc=False):
    """A job done."""

    person: PersonRef
    job: str = ""
    department: str = ""


class VideoData(msgspec.Struct, frozen=True, gc=False):
    """A trailer or clip at an outside site; `url` is empty for sites we cannot address."""

    site: str
    key: str
    name: str = ""
    type: str = ""
    url: str = ""


class ProviderData(msgspec.Struct, frozen=True, gc=False):
    """A service a film can be watched on."""

    id: int
    name: str
    logo_path: str | None = None
    display_priority: int = 0


class WatchProvidersData(msgspec.Struct, frozen=True, gc=False):
    """Where to watch in one region. The data is JustWatch's and is credited to it."""

    region: str
    link: str = ""
    stream: tuple[ProviderData, ...] = ()
    rent: tuple[ProviderData, ...] = ()
    buy: tuple[ProviderData, ...] = ()


class RegionData(msgspec.Struct, frozen=True, gc=False):
    """A country in which providers are known."""

    code: str
    name: str


class CertificationData(msgspec.Struct, frozen=True, gc=False):
    """An age certificate in one region."""

    region: str
    value: str


class CollectionData(msgspec.Struct, frozen=True, gc=False):
    """The series a film belongs to."""

    id: int
    name: str
    poster_path: str | None = None


class CollectionDetail(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A series with its films, oldest first; those without a date come last."""

    id: int
    name: str
    overview: str = ""
    poster_path: str | None = None
    backdrop_path: str | None = None
    parts: tuple[MovieData, ...] = ()


class NamedCode(msgspec.Struct, frozen=True, gc=False):
    """A country or a language: ISO code and name."""

    code: str
    name: str


class MovieDetailData(MovieData, frozen=True, kw_only=True, gc=False):
    """Everything one call tells about a movie; `missing` names the parts it did not tell."""

    tagline: str = ""
    runtime: int | None = None
    status: str = ""
    imdb_id: str | None = None
    homepage: str = ""
    budget: int | None = None
    revenue: int | None = None
    countries: tuple[NamedCode, ...] = ()
    languages: tuple[NamedCode, ...] = ()
    keywords: tuple[KeywordData, ...] = ()
    cast: tuple[CastData, ...] = ()
    crew: tuple[CrewData, ...] = ()
    videos: tuple[VideoData, ...] = ()
    watch_providers: tuple[WatchProvidersData, ...] = ()
    certifications: tuple[CertificationData, ...] = ()
    collection: CollectionData | None = None
    similar: tuple[MovieData, ...] = ()
    recommended: tuple[MovieData, ...] = ()
    missing: tuple[str, ...] = ()


class PersonCredit(msgspec.Struct, frozen=True, gc=False):
    """A movie in a person's filmography and what they did in it."""

    movie: MovieData
    character: str = ""
    job: str = ""
    department: str = ""


class PersonData(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A person with a filmography."""

    id: int
    name: str
    biography: str = ""
    birthday: dt.date | None = None
    deathday: dt.date | None = None
    place_of_birth: str = ""
    known_for: str = ""
    imdb_id: str | None = None
    profile_path: str | None = None
    credits: tuple[PersonCredit, ...] = ()


class MoviePage(msgspec.Struct, frozen=True, gc=False):
    """A page of movies; `total_pages` never exceeds what the source will serve (500)."""

    page: int
    total_pages: int
    total_results: int
    results: tuple[MovieData, ...] = ()


class ChangesPage(msgspec.Struct, frozen=True, gc=False):
    """Ids of movies that changed, and how many pages of such ids there are (500 at most)."""

    ids: tuple[int, ...]
    total_pages: int


class Suggestion(msgspec.Struct, frozen=True, gc=False):
    """One hit of a search over movies and people: exactly one of the two is set."""

    movie: MovieData | None = None
    person: PersonRef | None = None


class SuggestionPage(msgspec.Struct, frozen=True, gc=False):
    """Mixed hits, best first."""

    results: tuple[Suggestion, ...] = ()


class ImageSizes(msgspec.Struct, frozen=True, gc=False):
    """The widths that images come in, such as `w342`; the image host is a setting, not data."""

    poster: tuple[str, ...] = ()
    backdrop: tuple[str, ...] = ()
    profile: tuple[str, ...] = ()
    logo: tuple[str, ...] = ()


class Grant(msgspec.Struct, frozen=True, gc=False):
    """What speaks for a TMDb account: a v4 token, or a v3 session beside our own key.

    It is a secret of somebody's: it is sent to TMDb alone and shows itself nowhere.
    """

    token: str = ""
    session_id: str = ""

    def __repr__(self) -> str:
        return "Grant(***)"


class AccountData(msgspec.Struct, frozen=True, gc=False):
    """A TMDb account: its id, its name, and its other id, as version 4 writes it."""

    id: str
    username: str = ""
    object_id: str = ""


class TitleHit(msgspec.Struct, frozen=True, gc=False):
    """A movie that another source than TMDb found by name."""

    imdb_id: str
    title: str
    year: int | None = None


class RatingData(msgspec.Struct, frozen=True, gc=False):
    """What somebody else says of a movie, in their own writing."""

    source: str
    value: str


class EnrichmentData(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What a source beside TMDb adds to a movie; empty or None where it says nothing."""

    imdb_id: str
    awards: str = ""
    plot: str = ""
    rated: str = ""
    metascore: int | None = None
    imdb_rating: float | None = None
    imdb_votes: int | None = None
    ratings: tuple[RatingData, ...] = ()


class MovieProvider(Protocol):
    """A source of movies beside TMDb: found by name, told by IMDb id."""

    @property
    def name(self) -> str:
        """What people know it by."""

    def search(self, words: str, year: int | None = None) -> tuple[TitleHit, ...]:
        """Movies by name, best first; raises Unavailable."""

    def movie(self, imdb_id: str) -> EnrichmentData:
        """What it says of a movie; raises NotFound or Unavailable."""


SORTS = tuple(
    f"{by}.{direction}"
    for by in (
        *("popularity", "vote_average", "vote_count", "primary_release_date"),
        *("release_date", "revenue", "original_title", "title"),
    )
    for direction in ("desc", "asc")
)


class DiscoverQuery(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What to discover: only what is set narrows the answer.

    Genres, people, keywords and providers are TMDb ids in one text; comma means all of them,
    pipe means any. Bounds are inclusive, runtimes minutes.
    """

    page: int = 1
    language: str | None = None
    region: str | None = None
    sort_by: str = "popularity.desc"
    include_adult: bool = False
    include_video: bool = False
    with_genres: str | None = None
    without_genres: str | None = None
    year: int | None = None
    release_date_gte: dt.date | None = None
    release_date_lte: dt.date | None = None
    vote_average_gte: float | None = None
    vote_count_gte: int | None = None
    with_runtime_gte: int | None = None
    with_runtime_lte: int | None = None
    with_original_language: str | None = None
    with_origin_country: str | None = None
    certification: str | None = None
    certification_country: str | None = None
    with_people: str | None = None
    with_keywords: str | None = None
    watch_region: str | None = None
    with_watch_providers: str | None = None
