"""JSON shapes of what trends."""

import marshmallow as ma
from marshmallow import fields, validate

from moviesite.catalogue.schemas import MovieSummarySchema, SourceSchema
from moviesite.web.schemas import Moment, ViewingArgs


class TrendingArgs(ViewingArgs):
    """Over which time, how many, and whose counting."""

    time_range = fields.String(load_default="week", validate=validate.OneOf(["day", "week"]))
    limit = fields.Integer(load_default=20, validate=validate.Range(1, 100))
    score_source = fields.String(
        load_default="blend",
        validate=validate.OneOf(["blend", "local", "tmdb"]),
        metadata={"description": "`blend` fills with TMDb's own order while local data is thin."},
    )


class TrendingMovieSchema(MovieSummarySchema):
    """A movie that trends: its score, and in words what the score says."""

    score = fields.Float(required=True)
    why = fields.String(required=True)


class TrendingSchema(ma.Schema):
    """What trends, best first; `score_source` is whose counting was used."""

    results = fields.List(fields.Nested(TrendingMovieSchema), required=True)
    computed_at = Moment(required=True, allow_none=True)
    score_source = fields.String(required=True)
    source = fields.Nested(SourceSchema, required=True, allow_none=True)
