"""JSON shapes of reviews. Every field is said; what comes in is apart from what goes out."""

from typing import Any

import marshmallow as ma
from marshmallow import fields, validate

from moviesite.accounts.schemas import AvatarUrl
from moviesite.bounds import MAX_PAGE
from moviesite.catalogue.schemas import MovieSummarySchema
from moviesite.library.schemas import KeptArgs, KeptPageSchema, orders
from moviesite.models.reviews import HIGHEST_RATING, LOWEST_RATING, MAX_REASON, MAX_REVIEW
from moviesite.web.schemas import Flag, JsonNumber, Moment, PageSize, Text, ViewingArgs, page_of


class Halves(JsonNumber, fields.Float):
    """A rating: a JSON number in halves, from 0.5 to 5."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            allow_none=True,
            validate=[validate.Range(LOWEST_RATING, HIGHEST_RATING), _in_halves],
            metadata={"multipleOf": 0.5},
            **kwargs,
        )


def _in_halves(value: float) -> None:
    if value % 0.5:
        raise ma.ValidationError("Use half steps, such as 3.5.")


class WordsSchema(ma.Schema):
    """A rating, a text, or both. What a PATCH does not give stays; a PUT replaces all three."""

    rating = Halves()
    text = Text(MAX_REVIEW, allow_none=True)
    spoiler = Flag()


class AuthorSchema(ma.Schema):
    """Who wrote a review."""

    id = fields.UUID(required=True)
    username = fields.String(required=True)
    avatar_url = AvatarUrl(required=True, allow_none=True, attribute="avatar_path")


class ReviewSchema(ma.Schema):
    """A review. `text` is null where it is `withheld`, or where nothing was written."""

    id = fields.UUID(required=True)
    movie_id = fields.Integer(required=True)
    user = fields.Nested(AuthorSchema, required=True)
    rating = fields.Float(required=True, allow_none=True)
    text = fields.String(required=True, allow_none=True)
    spoiler = fields.Boolean(required=True)
    withheld = fields.Boolean(required=True)
    created_at = Moment(required=True)
    updated_at = Moment(required=True)


class ReviewWithMovieSchema(ReviewSchema):
    """A review of the caller's own, with its movie."""

    movie = fields.Nested(MovieSummarySchema, required=True)


class _Revealing(ma.Schema):
    reveal = fields.Boolean(
        load_default=False,
        metadata={"description": "Also show spoilers."},
    )


class ReviewsArgs(ViewingArgs, _Revealing):
    """Which page, and whether spoilers are wanted."""

    page = fields.Integer(load_default=1, validate=validate.Range(1, MAX_PAGE))
    page_size = PageSize()


class OwnReviewsArgs(KeptArgs):
    """The filters and orders of the catalogue; `rating` and `created_at` are the caller's own."""

    with_text = fields.Boolean(
        load_default=False, metadata={"description": "Leaves out ratings without text."}
    )
    ordering = orders(
        "`added_at`, `created_at` and `rating` are the review's own. What lacks a value comes last "
        "both ways.",
    )


class ReviewArgs(ViewingArgs, _Revealing):
    """Whether spoilers are wanted."""


class ReviewPageSchema(page_of(ReviewSchema)):  # type: ignore[misc]
    """A page of reviews, newest first; `count` is exact up to 10,000."""


class OwnReviewPageSchema(KeptPageSchema, page_of(ReviewWithMovieSchema)):  # type: ignore[misc]
    """A page of the caller's reviews."""


class ObjectionSchema(ma.Schema):
    """Why those who run the site should look at a review."""

    reason = Text(MAX_REASON, load_default="")


class ReportSchema(ma.Schema):
    """An objection."""

    id = fields.UUID(required=True, attribute="uuid")
    reason = fields.String(required=True)
    created_at = Moment(required=True)
