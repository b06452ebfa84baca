"""JSON shapes of recommendations. Every field is said; no query is made."""

import marshmallow as ma
from marshmallow import fields, validate

from moviesite.catalogue.browse_schemas import GENRES
from moviesite.catalogue.schemas import MovieSummarySchema
from moviesite.web.schemas import Moment, Text, ViewingArgs

STRATEGIES = ("hybrid", "content", "collab")


class RecommendationArgs(ViewingArgs):
    """How many, how found, and of which decade and genre."""

    limit = fields.Integer(load_default=20, validate=validate.Range(1, 100))
    strategy = fields.String(load_default="hybrid", validate=validate.OneOf(STRATEGIES))
    decade = fields.Integer(
        validate=validate.Range(1870, 2100),
        metadata={"description": "Its first year, such as 1990; any other year in it works too."},
    )
    genre = Text(limit=100, least=1, metadata=GENRES)


class NamedMovieSchema(ma.Schema):
    """A movie by its TMDb id."""

    id = fields.Integer(required=True)
    title = fields.String(required=True)


class NamedThingSchema(ma.Schema):
    """A person, genre or keyword by its TMDb id."""

    id = fields.Integer(required=True)
    name = fields.String(required=True)


class ReasonSchema(ma.Schema):
    """What speaks for a movie: another movie, somebody or something shared, or the rest."""

    kind = fields.String(
        required=True, validate=validate.OneOf(["movie", "person", "genre", "keyword", "rest"])
    )
    weight = fields.Float(required=True)
    movie = fields.Nested(NamedMovieSchema)
    person = fields.Nested(NamedThingSchema)
    genre = fields.Nested(NamedThingSchema)
    keyword = fields.Nested(NamedThingSchema)
    role = fields.String(validate=validate.OneOf(["director", "writer", "cast"]))
    basis = fields.String(
        validate=validate.OneOf(["liked", "rated", "watched"]),
        metadata={
            "description": "What the caller did with the movie: saved, liked, voted for or asked "
            "for more like it; rated it highly; or watched it to the end."
        },
    )


class RecommendationSchema(ma.Schema):
    """A recommended movie. The weights of its reasons add up to its score.

    Where nothing of the caller's speaks, the score tells the order alone.
    """

    movie = fields.Nested(MovieSummarySchema, required=True)
    score = fields.Float(required=True)
    is_new = fields.Boolean(
        required=True, metadata={"description": "Hardly anyone here has seen it yet."}
    )
    found_by = fields.String(
        required=True,
        validate=validate.OneOf(["taste", "trending", "variety"]),
        metadata={
            "description": "`taste` if there is anything to go by; else what is trending, or "
            "well-known movies that differ from each other."
        },
    )
    why = fields.String(required=True, metadata={"description": "The reasons in words."})
    reasons = fields.List(fields.Nested(ReasonSchema), required=True)


class RecommendationsSchema(ma.Schema):
    """What the caller is recommended, best first."""

    results = fields.List(fields.Nested(RecommendationSchema), required=True)
    strategy = fields.String(required=True, validate=validate.OneOf(STRATEGIES))
    personal = fields.Boolean(
        required=True, metadata={"description": "Whether there is anything to go by yet."}
    )
    computed_at = Moment(required=True)
