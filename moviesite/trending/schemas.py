"""JSON shapes of what trends."""

import marshmallow as ma
from marshmallow import fields, validate

from moviesite.catalogue.schemas import MovieSummarySchema, SourceSchema
from moviesite.trending.formula import RANGES
from moviesite.trending.queries import BLEND, LOCAL, TMDB
from moviesite.web.schemas import Moment, ViewingArgs

# Films in an answer.
MOST = 100


class TrendingArgs(ViewingArgs):
    """Over which time, how many, and whose counting."""

    time_range = fields.String(load_default="week", validate=validate.OneOf(RANGES))
    limit = fields.Integer(load_default=20, validate=validate.Range(1, MOST))
    score_source = fields.String(
        load_default=BLEND,
        validate=validate.OneOf([BLEND, LOCAL, TMDB]),
        metadata={
            "description": "`local` is counted here, `tmdb` is TMDb's own order, and `blend` is "
            "the former filled up with the latter while there are few visitors."
        },
    )


class TrendingMovieSchema(MovieSummarySchema):
    """A movie that trends: its score, whose it is, and in words what it says."""

    score = fields.Float(
        required=True,
        metadata={
            "description": "Orders the rows within one answer. Counted here: people, each worth "
            "half after each half-life, times the rating. TMDb gives only an order."
        },
    )
    score_source = fields.String(required=True, validate=validate.OneOf([LOCAL, TMDB]))
    why = fields.String(required=True)
    rising = fields.Boolean(
        required=True,
        metadata={"description": "Getting far more interest than usual for this movie."},
    )


class TrendingSchema(ma.Schema):
    """What trends, best first, and what rises above its own usual.

    `score_source` is whose counting is in `results`; `stale` says that the counting has stopped.
    """

    results = fields.List(fields.Nested(TrendingMovieSchema), required=True)
    rising = fields.List(fields.Nested(TrendingMovieSchema), required=True)
    computed_at = Moment(required=True, allow_none=True)
    score_source = fields.String(required=True, validate=validate.OneOf([LOCAL, TMDB, BLEND]))
    stale = fields.Boolean(required=True)
    note = fields.String(required=True)
    source = fields.Nested(SourceSchema, required=True, allow_none=True)
