"""JSON shapes of how the site is used. Never a query."""

import marshmallow as ma
from marshmallow import fields, validate

from moviesite.ops.analytics_queries import SPANS
from moviesite.web.schemas import GivenOnce, Moment


class AnalyticsArgs(GivenOnce):
    """Of how many days, the present one included, and in which shape."""

    days = fields.Integer(load_default=30, validate=validate.OneOf(SPANS))
    format = fields.String(
        load_default="json",
        validate=validate.OneOf(["json", "csv"]),
        metadata={"description": "`csv` returns the same numbers as a file."},
    )


class SignUpSchema(ma.Schema):
    """Who joined on a day."""

    day = fields.Date(required=True)
    new_users = fields.Integer(required=True)
    by_password = fields.Integer(required=True, attribute="new_by_password")
    by_google = fields.Integer(required=True, attribute="new_by_google")


class ActiveSchema(ma.Schema):
    """Who came on a day, and in the 7 and 30 days that end with it."""

    day = fields.Date(required=True)
    daily = fields.Integer(required=True, attribute="active_day")
    weekly = fields.Integer(required=True, attribute="active_week")
    monthly = fields.Integer(required=True, attribute="active_month")


class DaySchema(ma.Schema):
    """A day in numbers, in UTC."""

    day = fields.Date(required=True)
    counted = fields.Boolean(
        required=True,
        metadata={"description": "False where nothing was counted; everything is 0 then."},
    )
    new_users = fields.Integer(required=True)
    new_by_password = fields.Integer(required=True)
    new_by_google = fields.Integer(required=True)
    active_day = fields.Integer(required=True)
    active_week = fields.Integer(required=True)
    active_month = fields.Integer(required=True)
    plays = fields.Integer(required=True)
    viewers = fields.Integer(required=True)


class WatchedSchema(ma.Schema):
    """A film by its plays."""

    place = fields.Integer(required=True)
    movie_id = fields.Integer(required=True)
    title = fields.String(required=True, allow_none=True)
    plays = fields.Integer(required=True)
    viewer_days = fields.Integer(
        required=True, metadata={"description": "Each viewer counts once per day."}
    )


class VainSchema(ma.Schema):
    """Words that found nothing, and how often."""

    words = fields.String(required=True)
    times = fields.Integer(required=True)


class AnalyticsSchema(ma.Schema):
    """How the site is used."""

    days = fields.Integer(required=True)
    counted_at = Moment(required=True, allow_none=True)
    by_day = fields.List(fields.Nested(DaySchema), required=True)
    most_watched = fields.List(fields.Nested(WatchedSchema), required=True)
    searched_in_vain = fields.List(fields.Nested(VainSchema), required=True)


class MostWatchedSchema(ma.Schema):
    """Films seen to their end most often."""

    days = fields.Integer(required=True)
    results = fields.List(fields.Nested(WatchedSchema), required=True)


class NewUsersSchema(ma.Schema):
    """Who joined, by day."""

    days = fields.Integer(required=True)
    results = fields.List(fields.Nested(SignUpSchema), required=True)


class ActiveUsersSchema(ma.Schema):
    """Who came, by day."""

    days = fields.Integer(required=True)
    results = fields.List(fields.Nested(ActiveSchema), required=True)


class VainSearchesSchema(ma.Schema):
    """Searches that found nothing."""

    days = fields.Integer(required=True)
    results = fields.List(fields.Nested(VainSchema), required=True)
