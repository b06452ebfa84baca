"""JSON shapes that the parts of the administration share. Never a query."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

import marshmallow as ma
from marshmallow import fields, validate

from moviesite.audit import Act
from moviesite.models.accounts import MAX_USERNAME
from moviesite.models.audit import MAX_SUBJECT_ID
from moviesite.web.arguments import loaded
from moviesite.web.schemas import CursorPageSchema, GivenOnce, Moment, PageSize, Text

_EARLIEST, _LATEST = dt.date(2000, 1, 1), dt.date(9000, 1, 1)
_MAX_CURSOR = 40


def _day(words: str) -> fields.Date:
    return fields.Date(validate=validate.Range(_EARLIEST, _LATEST), metadata={"description": words})


class AuditArgs(GivenOnce):
    """What of the audit log is wanted."""

    actor = Text(MAX_USERNAME, metadata={"description": "A username, or `command line`."})
    act = fields.String(validate=validate.OneOf([str(act) for act in Act]))
    kind = Text(20, metadata={"description": "Kind of what was changed, such as `movie`."})
    subject = Text(MAX_SUBJECT_ID, metadata={"description": "Its id."})
    request_id = Text(64)
    since = _day("First day to include, in UTC.")
    until = _day("Last day to include.")
    cursor = Text(_MAX_CURSOR, metadata={"description": "`next_cursor` of the previous page."})
    page_size = PageSize()


class SubjectSchema(ma.Schema):
    """What was acted on, as it was called then."""

    kind = fields.String(required=True, attribute="subject_kind")
    id = fields.String(required=True, attribute="subject_id")
    name = fields.String(required=True, attribute="subject_name")


class AuditEntrySchema(ma.Schema):
    """An act of who runs the site; `before` and `after` hold what differs, by field."""

    id = fields.UUID(required=True, attribute="uuid")
    at = Moment(required=True)
    actor = fields.String(
        required=True,
        attribute="actor_name",
        metadata={"description": "The username at the time, or `command line`."},
    )
    act = fields.String(required=True, validate=validate.OneOf([str(act) for act in Act]))
    subject = fields.Nested(SubjectSchema, required=True)
    before = fields.Dict(required=True)
    after = fields.Dict(required=True)
    request_id = fields.String(required=True)


class AuditPageSchema(CursorPageSchema):
    """A page of the log, newest first."""

    results = fields.List(fields.Nested(AuditEntrySchema), required=True)


def page_asked(schema: type[ma.Schema], given: Mapping[str, str]) -> dict[str, Any]:
    """What the address of a page asks for; empty fields of a form say nothing."""
    return loaded(schema, {name: text for name, text in given.items() if text})
