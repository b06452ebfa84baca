"""JSON shapes of favorites that are kept on TMDb. A token never stands in a body."""

import marshmallow as ma
from marshmallow import fields, validate

from moviesite.bounds import MAX_ID
from moviesite.catalogue.schemas import MovieSummarySchema
from moviesite.models.lists import MAX_NAME
from moviesite.web.schemas import AccountId, Moment, PageArgs, Text, page_of


class FavoritesArgs(PageArgs):
    """Whose favorites, and which page of them."""

    account_id = AccountId(required=True)


class SharedArgs(PageArgs):
    """Which page of shared favorites."""


class TmdbFavoriteSchema(ma.Schema):
    """A favorite to be set or dropped on TMDb."""

    account_id = AccountId(required=True)
    movie_id = fields.Integer(required=True, strict=True, validate=validate.Range(1, MAX_ID))
    favorite = fields.Boolean(load_default=True)
    media_type = fields.String(load_default="movie", validate=validate.OneOf(["movie"]))


class TmdbShareSchema(ma.Schema):
    """A name under which an account's favorites are shown."""

    account_id = AccountId(required=True)
    list_name = Text(limit=MAX_NAME, least=1, required=True)


class TmdbSharedSchema(ma.Schema):
    """The record of a share: nothing else is kept."""

    account_id = fields.String(required=True)
    list_name = fields.String(required=True, attribute="name")
    url = fields.String(required=True)


class TmdbSharedPageSchema(page_of(MovieSummarySchema)):  # type: ignore[misc]
    """A page of what an account shares, and the name it is shared under."""

    name = fields.String(required=True)
    account_id = fields.String(required=True)


class TmdbConnectionSchema(ma.Schema):
    """A connected TMDb account, or one that waits at `authorize_url` to be let in."""

    connected = fields.Boolean(required=True)
    account_id = fields.String(required=True, allow_none=True)
    username = fields.String(required=True, allow_none=True)
    connected_at = Moment(required=True, allow_none=True)
    authorize_url = fields.String(
        allow_none=True,
        metadata={"description": "Where the account's owner approves; then call this again."},
    )
