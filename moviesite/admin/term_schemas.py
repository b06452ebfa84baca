"""JSON shapes of genres and keywords as those who run the site look after them."""

import marshmallow as ma
from marshmallow import fields

from moviesite.admin.term_queries import GENRES, KEYWORDS
from moviesite.web.schemas import PagedArgs, Text, page_of


class TermsArgs(PagedArgs):
    """Words in the name, and a page."""

    search = Text(200)


class NewGenreSchema(ma.Schema):
    """What a genre is called."""

    name = Text(GENRES.longest, least=1, required=True)


class NewKeywordSchema(ma.Schema):
    """What a keyword is called."""

    name = Text(KEYWORDS.longest, least=1, required=True)


class AdminGenreSchema(ma.Schema):
    """A genre; `source_name` is what its source calls it, where that differs.

    `own` is whether it was added here: such ids begin at 1,000,000,000.
    """

    id = fields.Integer(required=True)
    name = fields.String(required=True)
    source_name = fields.String(required=True, allow_none=True)
    movie_count = fields.Integer(required=True)
    own = fields.Boolean(required=True)


class AdminKeywordSchema(AdminGenreSchema):
    """A keyword, in the same way."""


AdminGenrePageSchema = page_of(AdminGenreSchema)
AdminKeywordPageSchema = page_of(AdminKeywordSchema)
