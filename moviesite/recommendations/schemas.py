"""JSON shapes of recommendations. Every field is said; no query is made."""

import marshmallow as ma
from marshmallow import fields, validate

from moviesite.catalogue.schemas import MovieSummarySchema
from moviesite.web.schemas import Moment, Text, ViewingArgs

STRATEGIES = ("hybrid", "content", "collab")


class RecommendationArgs(ViewingArgs):
    """How many, how found, and of which decade and genre."""

    limit = fields.Integer(load_default=20, validate=validate.Range(1, 100))
    strategy = fields.String(load_default="hybrid", validate=validate.OneOf(STRATEGIES))
    decade = fields.Integer(
        validate=validate.Range(1870, 2100),
        metadata={"description": "Its first year, such as 1990; any year of it is taken."},
    )
    genre = Text(limit=100, least=1, metadata={"description": "A TMDb id or a slug."})


class NamedMovieSchema(ma.Schema):
    """A movie by its TMDb id."""

    id = fields.Integer(required=True)
    title = fields.String(required=True)


class NamedThingSchema(ma.Schema):
    """A person, genre or keyword by its TMDb id."""

    id = fields.Integer(required=True)
    name = fields.String(required=True)


class ReasonSchema(ma.Schema):
    """What speaks for a movie: a liked movie, somebody or something shared, or the rest."""

    kind = fields.String(
        required=True, validate=validate.OneOf(["movie", "person", "genre", "keyword", "rest"])
    )
    weight = fields.Float(required=True)
    movie = fields.Nested(NamedMovieSchema)
    person = fields.Nested(NamedThingSchema)
    genre = fields.Nested(NamedThingSchema)
    keyword = fields.Nested(NamedThingSchema)
    role = fields.String(validate=validate.OneOf(["director", "writer", "cast"]))


class RecommendationSchema(ma.Schema):
    """A recommended movie. The weights of its reasons add up to its score."""

    movie = fields.Nested(MovieSummarySchema, required=True)
    score = fields.Float(required=True)
    is_new = fields.Boolean(
        required=True, metadata={"description": "Hardly anybody here has seen it yet."}
    )
    reasons = fields.List(fields.Nested(ReasonSchema), required=True)


class RecommendationsSchema(ma.Schema):
    """What the caller is recommended, best first."""

    results = fields.List(fields.Nested(RecommendationSchema), required=True)
    strategy = fields.String(required=True)
    computed_at = Moment(required=True)
