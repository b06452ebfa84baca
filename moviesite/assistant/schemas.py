"""JSON shapes of wishes in people's own words. Every field is said; no query is made."""

import marshmallow as ma
from marshmallow import fields, validate

from moviesite.assistant.advice_service import FALLBACKS
from moviesite.catalogue.schemas import MovieSummarySchema, SourceSchema
from moviesite.web.schemas import Moment, Text

# Longer than any limit on tokens that an operator may set makes sense for.
LONGEST_PROMPT = 20_000


class PromptSchema(ma.Schema):
    """A wish."""

    prompt = Text(LONGEST_PROMPT, least=1, required=True)
    engine = fields.String(
        load_default="any",
        validate=validate.OneOf(["any", "rules"]),
        metadata={"description": "`rules` does not ask a model and is free."},
    )


class ResembledFilmSchema(ma.Schema):
    """The film that others are to resemble."""

    id = fields.Integer(required=True)
    title = fields.String(required=True)


class InterpretationSchema(ma.Schema):
    """What a wish was taken for."""

    filters = fields.Dict(
        required=True,
        metadata={"description": "Names and values as in `/movies/discover`."},
    )
    seen = fields.Boolean(
        required=True,
        allow_none=True,
        metadata={"description": "Only movies the caller has seen, or has not; null for all."},
    )
    on_my_services = fields.Boolean(required=True)
    like = fields.Nested(ResembledFilmSchema, required=True, allow_none=True)
    not_understood = fields.List(
        fields.String(),
        required=True,
        metadata={"description": "Words that were not understood, normalized, in order."},
    )


class HitSchema(ma.Schema):
    """A film and the share of the wishes that it meets, in percent."""

    movie = fields.Nested(MovieSummarySchema, required=True)
    match = fields.Integer(required=True, validate=validate.Range(0, 100))


class ReplySchema(ma.Schema):
    """Films for a wish. Answers by rules cost nothing of the day.

    `interpretation` is what rules take the wish for; a model names films by the words alone.
    """

    interpretation = fields.Nested(InterpretationSchema, required=True)
    results = fields.List(fields.Nested(HitSchema), required=True)
    used = fields.Integer(required=True)
    left = fields.Integer(required=True)
    engine = fields.String(
        required=True,
        validate=validate.OneOf(["rules", "model"]),
        metadata={"description": "What found the movies."},
    )
    fallback = fields.String(
        required=True,
        allow_none=True,
        validate=validate.OneOf(FALLBACKS),
        metadata={"description": "Why rules answered instead of the model."},
    )
    reason = fields.String(
        required=True,
        allow_none=True,
        validate=validate.OneOf(["too_long", "nothing_understood"]),
        metadata={"description": "Why nothing was searched for."},
    )
    problem = fields.String(
        required=True, allow_none=True, metadata={"description": "What is missing from the answer."}
    )
    source = fields.Nested(SourceSchema, required=True, allow_none=True)


class QuotaSchema(ma.Schema):
    """Calls of a model in a day, which ends at midnight UTC."""

    tier = fields.String(required=True, attribute="tier.code")
    limit = fields.Integer(required=True)
    used = fields.Integer(required=True)
    left = fields.Integer(required=True)
    resets_at = Moment(required=True)
    model = fields.Boolean(
        required=True, metadata={"description": "Whether this site has a model."}
    )
