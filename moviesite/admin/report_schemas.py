"""JSON shapes of reported reviews and of lists in the programme."""

import marshmallow as ma
from marshmallow import fields, validate

from moviesite.admin.list_queries import SHOWN
from moviesite.web.schemas import Flag, Moment, PagedArgs, Text, page_of


class ReviewReportSchema(ma.Schema):
    """A report: who, why, and how many reports they have made and had settled."""

    username = fields.String(required=True)
    reason = fields.String(required=True)
    created_at = Moment(required=True)
    made = fields.Integer(required=True)
    settled = fields.Integer(required=True)


class ReportedSchema(ma.Schema):
    """A review that people object to; `author_reported` counts reports about its author."""

    id = fields.UUID(required=True)
    movie_id = fields.Integer(required=True)
    movie_title = fields.String(required=True)
    author = fields.String(required=True)
    author_reported = fields.Integer(required=True)
    rating = fields.Float(required=True, allow_none=True)
    text = fields.String(required=True)
    spoiler = fields.Boolean(required=True)
    created_at = Moment(required=True)
    version = fields.Integer(required=True)
    report_count = fields.Integer(required=True)
    reports = fields.List(
        fields.Nested(ReviewReportSchema),
        required=True,
        metadata={"description": "The newest ten."},
    )


ReportedPageSchema = page_of(ReportedSchema)


class DismissedSchema(ma.Schema):
    """How many reports were settled."""

    dismissed = fields.Integer(required=True)


class AdminListsArgs(PagedArgs):
    """Public lists by words; `show` narrows to those in the programme."""

    search = Text(200)
    show = fields.String(load_default="all", validate=validate.OneOf(SHOWN))


class AdminListSchema(ma.Schema):
    """A public list."""

    id = fields.UUID(required=True, attribute="uuid")
    name = fields.String(required=True)
    owner = fields.String(required=True)
    movie_count = fields.Integer(required=True)
    subscriber_count = fields.Integer(required=True)
    curated = fields.Boolean(required=True)
    created_at = Moment(required=True)


AdminListPageSchema = page_of(AdminListSchema)


class CuratedSchema(ma.Schema):
    """Whether a list is in the programme: shown first in the directory."""

    curated = Flag(required=True)
