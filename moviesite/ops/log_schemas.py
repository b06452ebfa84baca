"""JSON shapes of the log. Never a query."""

import marshmallow as ma
from marshmallow import fields, validate

from moviesite.ops.log_queries import KINDS, LEVELS
from moviesite.web.schemas import Form, GivenOnce, Text

_PLACE = Form(r"^\d{1,15}-\d{1,9}$", error="This is not a position in the log.")


class LogArgs(GivenOnce):
    """What of the log is wanted."""

    id = Text(100, load_default="", metadata={"description": "Id of a request or job."})
    query = Text(100, load_default="", metadata={"description": "Text anywhere in a line."})
    kind = fields.String(load_default="all", validate=validate.OneOf(list(KINDS)))
    level = fields.String(load_default="", validate=validate.OneOf(["", *LEVELS]))
    before = fields.String(
        load_default="",
        validate=lambda value: _PLACE(value) if value else None,
        metadata={"description": "`before` of the page with newer lines.", "example": "0-1"},
    )


class LineSchema(ma.Schema):
    """A line; secrets in it were blanked before it was stored."""

    place = fields.String(required=True)
    at = fields.String(required=True)
    kind = fields.String(required=True, validate=validate.OneOf(list(KINDS)[1:]))
    level = fields.String(required=True)
    words = fields.String(required=True)
    request_id = fields.String(required=True)
    job_id = fields.String(required=True)
    user_id = fields.Integer(required=True, allow_none=True)
    trace = fields.String(required=True)
    details = fields.Dict(keys=fields.String(), values=fields.String(), required=True)


class LogSchema(ma.Schema):
    """Lines, newest first, 100 at most."""

    available = fields.Boolean(
        required=True,
        metadata={"description": "False while Redis, which holds the lines, is down."},
    )
    before = fields.String(
        required=True, allow_none=True, metadata={"description": "Pass this to get older lines."}
    )
    lines = fields.List(fields.Nested(LineSchema), required=True)
