"""JSON shapes of movies, people and reference data. Every field is said; no query is made."""

from functools import lru_cache
from operator import attrgetter
from typing import Any

import marshmallow as ma
from marshmallow import fields, validate

from moviesite.web.images import image_url
from moviesite.web.schemas import Moment, ViewingArgs, page_of

ACCOUNT_NOTE = {"description": "With `X-TMDb-Token`: the TMDb account whose favorites are marked."}


class ImageUrl(fields.String):
    """The address of an image from the path in the attribute of the same name."""

    def __init__(self, kind: str, width: int, **kwargs: Any) -> None:
        kwargs.setdefault("metadata", {"format": "uri-reference"})
        super().__init__(allow_none=True, **kwargs)
        self.kind, self.width = kind, width

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> str | None:  # noqa: ARG002 - the signature is marshmallow's
        return image_url(value, self.kind, self.width)


_reader = lru_cache(maxsize=256)(attrgetter)


class OfValues(ma.Schema):
    """Looks for attributes first: a list has a thousand of them, and looking for keys is slow."""

    def get_attribute(self, obj: Any, attr: str, default: Any) -> Any:
        """The attribute, or that of an attribute; else what marshmallow finds."""
        try:
            return _reader(attr)(obj)
        except AttributeError:
            return super().get_attribute(obj, attr, default)


class Plain(fields.Nested):
    """A value whose parts are as JSON has them: read at once, since lists hold hundreds of them.

    Parts go by their own names (no `attribute`), and moments as the JSON provider writes them.
    """

    # Field and Nested name the value differently.
    def _serialize(self, value: Any, *_: Any, **__: Any) -> Any:  # type: ignore[override]
        if value is None:
            return None
        names = tuple(self.schema.fields)
        return dict(zip(names, _reader(*names)(value), strict=True))


class GenreSchema(OfValues):
    """A genre by its TMDb id."""

    id = fields.Integer(required=True)
    name = fields.String(required=True)


class CommunitySchema(OfValues):
    """What this site's people made of a movie; ratings are out of five."""

    likes = fields.Integer(required=True)
    votes_up = fields.Integer(required=True)
    votes_down = fields.Integer(required=True)
    rating_average = fields.Float(required=True, allow_none=True)
    rating_count = fields.Integer(required=True)


class ViewerSchema(ma.Schema):
    """What the caller has done with a movie."""

    favorite = fields.Boolean(required=True)
    watchlist = fields.Boolean(required=True)
    liked = fields.Boolean(required=True)
    vote = fields.String(required=True, allow_none=True, validate=validate.OneOf(("up", "down")))
    rating = fields.Float(required=True, allow_none=True)
    watched_at = Moment(required=True, allow_none=True)


class MovieSummarySchema(OfValues):
    """A movie in a list."""

    id = fields.Integer(required=True, attribute="movie.id")
    title = fields.String(required=True, attribute="movie.title")
    original_title = fields.String(required=True, attribute="movie.original_title")
    original_language = fields.String(required=True, attribute="movie.original_language")
    overview = fields.String(required=True, attribute="movie.overview")
    release_date = fields.Date(required=True, allow_none=True, attribute="movie.release_date")
    genres = fields.List(Plain(GenreSchema), required=True, attribute="movie.genres")
    poster_url = ImageUrl("poster", 342, required=True, attribute="movie.poster_path")
    backdrop_url = ImageUrl("backdrop", 1280, required=True, attribute="movie.backdrop_path")
    vote_average = fields.Float(required=True, attribute="movie.vote_average")
    vote_count = fields.Integer(required=True, attribute="movie.vote_count")
    popularity = fields.Float(required=True, attribute="movie.popularity")
    adult = fields.Boolean(required=True, attribute="movie.adult")
    community = Plain(CommunitySchema, required=True)
    viewer = Plain(ViewerSchema, required=True, allow_none=True)
    tmdb_favorite = fields.Boolean(
        allow_none=True,
        metadata={
            "description": "Whether it is a favorite of the TMDb account in `account_id`; null "
            "if not known. Only present if an account and its token were sent."
        },
    )


class PersonRefSchema(OfValues):
    """A person as named in credits."""

    id = fields.Integer(required=True)
    name = fields.String(required=True)
    photo_url = ImageUrl("profile", 185, required=True, attribute="profile_path")


class CastSchema(OfValues):
    """A part played."""

    person = fields.Nested(PersonRefSchema, required=True)
    character = fields.String(required=True)
    order = fields.Integer(required=True)


class CrewSchema(OfValues):
    """A job done."""

    person = fields.Nested(PersonRefSchema, required=True)
    job = fields.String(required=True)
    department = fields.String(required=True)


class VideoSchema(ma.Schema):
    """A trailer or clip at an outside site."""

    site = fields.String(required=True)
    key = fields.String(required=True)
    name = fields.String(required=True)
    type = fields.String(required=True)
    url = fields.String(required=True)


class ProviderSchema(OfValues):
    """A service a movie can be watched on."""

    id = fields.Integer(required=True)
    name = fields.String(required=True)
    logo_url = ImageUrl("logo", 92, required=True, attribute="logo_path")


class WatchProvidersSchema(OfValues):
    """Where to watch in one region; the data is JustWatch's."""

    region = fields.String(required=True)
    link = fields.String(required=True)
    stream = fields.List(fields.Nested(ProviderSchema), required=True)
    rent = fields.List(fields.Nested(ProviderSchema), required=True)
    buy = fields.List(fields.Nested(ProviderSchema), required=True)
    source = fields.Constant("JustWatch")


class NamedCodeSchema(ma.Schema):
    """A country or a language."""

    code = fields.String(required=True)
    name = fields.String(required=True)


class KeywordSchema(ma.Schema):
    """A keyword by its TMDb id."""

    id = fields.Integer(required=True)
    name = fields.String(required=True)


class CertificationSchema(ma.Schema):
    """An age certificate."""

    region = fields.String(required=True)
    value = fields.String(required=True)


class CollectionSchema(ma.Schema):
    """The series a movie belongs to."""

    id = fields.Integer(required=True)
    name = fields.String(required=True)
    poster_url = ImageUrl("poster", 342, required=True, attribute="poster_path")


class ExternalRatingSchema(ma.Schema):
    """What another source says of a movie, in its own words."""

    source = fields.String(required=True)
    value = fields.String(required=True)


class OmdbSchema(ma.Schema):
    """What OMDb adds to a movie."""

    awards = fields.String(required=True)
    plot = fields.String(required=True)
    metascore = fields.Integer(required=True, allow_none=True)
    imdb_rating = fields.Float(required=True, allow_none=True)
    imdb_votes = fields.Integer(required=True, allow_none=True)
    rated = fields.String(required=True)
    fetched_at = Moment(required=True)


class SourceSchema(ma.Schema):
    """Where an answer comes from and how old it is; `missing` names parts it did not tell."""

    name = fields.String(required=True)
    fetched_at = Moment(required=True)
    stale = fields.Boolean(required=True)
    missing = fields.List(fields.String(), required=True)


class MovieDetailSchema(MovieSummarySchema):
    """Everything about a movie."""

    tagline = fields.String(required=True, attribute="movie.tagline")
    runtime = fields.Integer(required=True, allow_none=True, attribute="movie.runtime")
    status = fields.String(required=True, attribute="movie.status")
    imdb_id = fields.String(required=True, allow_none=True, attribute="movie.imdb_id")
    homepage = fields.String(required=True, attribute="movie.homepage")
    budget = fields.Integer(required=True, allow_none=True, attribute="movie.budget")
    revenue = fields.Integer(required=True, allow_none=True, attribute="movie.revenue")
    countries = fields.List(Plain(NamedCodeSchema), required=True, attribute="movie.countries")
    languages = fields.List(Plain(NamedCodeSchema), required=True, attribute="movie.languages")
    keywords = fields.List(Plain(KeywordSchema), required=True, attribute="movie.keywords")
    cast = fields.List(fields.Nested(CastSchema), required=True, attribute="movie.cast")
    crew = fields.List(fields.Nested(CrewSchema), required=True, attribute="movie.crew")
    videos = fields.List(Plain(VideoSchema), required=True, attribute="movie.videos")
    watch_providers = fields.Nested(WatchProvidersSchema, required=True)
    certifications = fields.List(
        Plain(CertificationSchema), required=True, attribute="movie.certifications"
    )
    collection = fields.Nested(
        CollectionSchema, required=True, allow_none=True, attribute="movie.collection"
    )
    external_ratings = fields.List(Plain(ExternalRatingSchema), required=True)
    omdb = fields.Nested(OmdbSchema, required=True, allow_none=True)
    similar = fields.List(fields.Nested(MovieSummarySchema), required=True)
    source = fields.Nested(SourceSchema, required=True)


class MoviePageSchema(page_of(MovieSummarySchema)):  # type: ignore[misc]
    """A page of movies from an upstream source, and where that comes from."""

    source = fields.Nested(SourceSchema, required=True)


class RelatedMovieSchema(MovieSummarySchema):
    """A movie that goes with another; `origin` is who says so."""

    origin = fields.String(
        required=True,
        validate=validate.OneOf(("moviesite", "tmdb")),
        metadata={"description": "`tmdb`, or `moviesite` for movies liked together here."},
    )


class RelatedPageSchema(page_of(RelatedMovieSchema)):  # type: ignore[misc]
    """Movies that go with another."""

    source = fields.Nested(SourceSchema, required=True)


class GenresSchema(ma.Schema):
    """All genres of a language."""

    results = fields.List(fields.Nested(GenreSchema), required=True)


class DetailArgs(ViewingArgs):
    """Language of the texts, region of certificates and providers."""
