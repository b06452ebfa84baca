"""JSON shapes of jobs. Never a query."""

import marshmallow as ma
from marshmallow import fields, validate

from moviesite.job_history import Outcome
from moviesite.ops.job_service import State
from moviesite.web.schemas import Moment


class QueueSchema(ma.Schema):
    """A queue by numbers."""

    name = fields.String(required=True)
    waiting = fields.Integer(required=True)
    oldest_seconds = fields.Float(
        required=True, metadata={"description": "How long the next job has been waiting."}
    )
    running = fields.Integer(required=True)
    delayed = fields.Integer(required=True, metadata={"description": "Jobs waiting to be retried."})
    failed = fields.Integer(required=True)


class JobLineSchema(ma.Schema):
    """One job."""

    id = fields.String(required=True)
    job = fields.String(required=True)
    arguments = fields.List(fields.String(), required=True)
    queue = fields.String(required=True)
    at = Moment(
        required=True,
        allow_none=True,
        metadata={"description": "When it was queued, started, will be retried, or failed."},
    )
    reason = fields.String(
        required=True, metadata={"description": "Why the last attempt failed, if it did."}
    )
    tries_left = fields.Integer(required=True, allow_none=True)


class RunSchema(ma.Schema):
    """How a kind of job went the last time."""

    ended_at = Moment(required=True)
    outcome = fields.String(required=True, validate=validate.OneOf([str(one) for one in Outcome]))
    seconds = fields.Float(required=True, allow_none=True)
    reason = fields.String(required=True)


class PeriodicSchema(ma.Schema):
    """A job that comes again."""

    name = fields.String(required=True)
    job = fields.String(required=True)
    every_seconds = fields.Integer(required=True)
    started_at = Moment(required=True, allow_none=True)
    next_at = Moment(required=True, allow_none=True)
    last = fields.Nested(RunSchema, required=True, allow_none=True)


class WorkerSchema(ma.Schema):
    """A worker that gave a sign of life lately."""

    name = fields.String(required=True)
    host = fields.String(required=True)
    state = fields.String(required=True)
    silent_seconds = fields.Float(required=True)
    doing = fields.String(required=True, metadata={"description": "A job's id, or empty."})
    done = fields.Integer(required=True)
    failed = fields.Integer(required=True)
    since = Moment(required=True, allow_none=True)


class RuleSchema(ma.Schema):
    """How a kind of job is run; times in seconds."""

    job = fields.String(required=True)
    queue = fields.String(required=True)
    timeout = fields.Integer(required=True)
    retry_after = fields.List(fields.Integer(), required=True)
    failure_ttl = fields.Integer(required=True)
    last = fields.Nested(RunSchema, required=True, allow_none=True)


class OutboxSchema(ma.Schema):
    """Jobs that a write asked for and that no queue has yet."""

    waiting = fields.Integer(required=True)
    oldest_at = Moment(required=True, allow_none=True)


class JobsSchema(ma.Schema):
    """How the jobs stand; every list holds 50 at most."""

    available = fields.Boolean(
        required=True, metadata={"description": "False while Redis is down; lists are empty then."}
    )
    outbox = fields.Nested(OutboxSchema, required=True)
    queues = fields.List(fields.Nested(QueueSchema), required=True)
    running = fields.List(fields.Nested(JobLineSchema), required=True)
    waiting = fields.List(fields.Nested(JobLineSchema), required=True)
    delayed = fields.List(fields.Nested(JobLineSchema), required=True)
    failed = fields.List(fields.Nested(JobLineSchema), required=True)
    workers = fields.List(fields.Nested(WorkerSchema), required=True)
    periodic = fields.List(fields.Nested(PeriodicSchema), required=True)
    rules = fields.List(fields.Nested(RuleSchema), required=True)


class ChangedJobSchema(ma.Schema):
    """What became of a job."""

    id = fields.String(required=True)
    state = fields.String(required=True, validate=validate.OneOf([str(one) for one in State]))
