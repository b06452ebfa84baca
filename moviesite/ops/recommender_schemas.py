"""JSON shapes of the recommender's trainings. Never a query."""

import marshmallow as ma
from marshmallow import fields, validate

from moviesite.models.recommendations import RUN_STATES
from moviesite.web.schemas import GivenOnce, Moment


class RunArgs(GivenOnce):
    """How many trainings."""

    limit = fields.Integer(load_default=50, validate=validate.Range(1, 200))


class RecommenderRunSchema(ma.Schema):
    """One training: its data, how long it took, how good its model is, what became of it."""

    id = fields.UUID(required=True, attribute="uuid")
    version = fields.String(required=True)
    status = fields.String(required=True, validate=validate.OneOf(RUN_STATES))
    started_at = Moment(required=True)
    finished_at = Moment(required=True, allow_none=True)
    seconds = fields.Float(required=True, allow_none=True)
    people = fields.Integer(required=True)
    made_up = fields.Integer(
        required=True, metadata={"description": "How many of them are demo viewers."}
    )
    movies = fields.Integer(required=True)
    interactions = fields.Integer(required=True)
    metrics = fields.Dict(required=True)
    reason = fields.String(
        required=True, metadata={"description": "Why it was rejected or failed."}
    )


class RecommenderRunsSchema(ma.Schema):
    """The latest training runs, newest first."""

    results = fields.List(fields.Nested(RecommenderRunSchema), required=True)
