"""JSON shapes of imports. Every field is said; no query is made."""

import marshmallow as ma
from marshmallow import fields

from moviesite.web.schemas import Moment


class ImportLineSchema(ma.Schema):
    """A line of the file whose film nobody knows."""

    place = fields.String(required=True, metadata={"example": "ratings.csv, line 12"})
    title = fields.String(required=True)
    year = fields.Integer(required=True, allow_none=True)


class ImportedListSchema(ma.Schema):
    """A list that came along, as it is now."""

    id = fields.UUID(required=True, attribute="uuid")
    name = fields.String(required=True)
    movie_count = fields.Integer(required=True)


class ImportSchema(ma.Schema):
    """How far an import is. Of its lines about films `waiting` have not had their turn, `kept`
    said something new, `known` said what was here already, and of `missing` nobody knows the film.
    """

    source = fields.String(required=True, metadata={"example": "Letterboxd"})
    begun_at = Moment(required=True)
    finished_at = Moment(required=True, allow_none=True)
    waiting = fields.Integer(required=True)
    kept = fields.Integer(required=True)
    known = fields.Integer(required=True)
    missing = fields.Integer(required=True)
    others = fields.Integer(
        required=True, metadata={"description": "Lines about series, games and the like."}
    )
    hidden = fields.Integer(
        required=True,
        metadata={"description": "Genres, people, keywords and movies of the file now hidden."},
    )
    unread = fields.List(
        fields.String(),
        required=True,
        metadata={"description": "Messages about what could not be read."},
    )
    not_found = fields.List(
        fields.Nested(ImportLineSchema),
        required=True,
        metadata={"description": "The first 200 of those `missing`."},
    )
    lists = fields.List(
        fields.Nested(ImportedListSchema),
        required=True,
        metadata={"description": "Lists that were imported, each now one of the caller's lists."},
    )
