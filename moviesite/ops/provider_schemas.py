"""JSON shapes of outside sources and the cache. Never a query."""

import marshmallow as ma
from marshmallow import fields, validate

from moviesite.ops.provider_queries import ANSWERING, PAUSED, SILENT
from moviesite.web.schemas import Moment


class SourceLineSchema(ma.Schema):
    """A source: its breaker, and what its calls came to."""

    name = fields.String(required=True)
    state = fields.String(required=True, validate=validate.OneOf([ANSWERING, SILENT, PAUSED]))
    calls = fields.Integer(required=True)
    answers = fields.Integer(required=True)
    failures = fields.Integer(required=True)
    refused = fields.Integer(
        required=True, metadata={"description": "Not sent, because the breaker was open."}
    )
    busy = fields.Integer(
        required=True,
        metadata={"description": "Not sent, because too many calls were in progress."},
    )
    seconds_each = fields.Float(required=True, allow_none=True)


class CacheLineSchema(ma.Schema):
    """Look-ups of one kind of answer."""

    kind = fields.String(required=True)
    fresh = fields.Integer(required=True)
    stale = fields.Integer(required=True)
    missed = fields.Integer(required=True)
    ratio = fields.Float(
        required=True,
        allow_none=True,
        metadata={"description": "The share answered without asking a source, from 0 to 1."},
    )


class HeldSchema(ma.Schema):
    """What is kept of TMDb's, by age; its terms allow six months, we 150 days."""

    oldest_answer_at = Moment(required=True, allow_none=True)
    oldest_movie_at = Moment(required=True, allow_none=True)
    too_old_answers = fields.Integer(required=True)
    too_old_movies = fields.Integer(required=True)


class OpeningSchema(ma.Schema):
    """A time in which a source was silent."""

    provider = fields.String(required=True)
    opened_at = Moment(required=True)
    closed_at = Moment(required=True, allow_none=True)
    mailed_at = Moment(required=True, allow_none=True)


class ProvidersSchema(ma.Schema):
    """Sources, cache, and what is kept."""

    sources = fields.List(fields.Nested(SourceLineSchema), required=True)
    cache = fields.List(fields.Nested(CacheLineSchema), required=True)
    held = fields.Nested(HeldSchema, required=True)
    openings = fields.List(fields.Nested(OpeningSchema), required=True)
    workers_counted = fields.Boolean(required=True)
