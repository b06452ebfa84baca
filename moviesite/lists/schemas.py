"""JSON shapes of lists and links. Every field is said; nothing is asked of the database."""

import datetime as dt
from typing import Any

import marshmallow as ma
from flask import url_for
from marshmallow import fields, validate

from moviesite.bounds import MAX_ID
from moviesite.catalogue.browse_schemas import filters_of
from moviesite.catalogue.schemas import MovieSummarySchema
from moviesite.library.schemas import KeptArgs
from moviesite.lists.item_queries import ITEM_ORDERS, ItemOrder, ItemWish
from moviesite.models.accounts import MAX_USERNAME
from moviesite.models.lists import (
    MAX_DESCRIPTION,
    MAX_ITEM_NOTE,
    MAX_MOVIES,
    MAX_NAME,
    SHARE_SOURCES,
    VISIBILITIES,
)
from moviesite.web.filters import absolute
from moviesite.web.images import image_url
from moviesite.web.schemas import Moment, PageArgs, PageSize, Several, Text, Whole, page_of

# A moment further away is a mistake of typing.
LATEST = dt.datetime(2200, 1, 1, tzinfo=dt.UTC)
_DIRECTORY_ORDERS = ["subscribers", "-subscribers", "created_at", "-created_at"]


class Cover(fields.Field[Any]):
    """Addresses of a cover's posters from their paths."""

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> list[str | None]:  # noqa: ARG002 - the signature is marshmallow's
        return [image_url(path, "poster", 342) for path in value]


class AwareMoment(fields.AwareDateTime):
    """A moment with its offset from UTC, within the years that databases and people know."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="iso", **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> dt.datetime:
        moment = super()._deserialize(value, attr, data, **kwargs)
        if not dt.datetime(1970, 1, 2, tzinfo=dt.UTC) < moment < LATEST:
            raise self.make_error("invalid", obj_type="datetime", input=value)
        return moment.astimezone(dt.UTC)


class ListOwnerSchema(ma.Schema):
    """Whose a list is."""

    id = fields.UUID(required=True, attribute="uuid")
    username = fields.String(required=True)


class ListSchema(ma.Schema):
    """A list; `cover` holds up to four posters, `subscribed` whether the caller follows it."""

    id = fields.UUID(required=True, attribute="movie_list.uuid")
    name = fields.String(required=True, attribute="movie_list.name")
    description = fields.String(required=True, attribute="movie_list.description")
    visibility = fields.String(
        required=True, attribute="movie_list.visibility", validate=validate.OneOf(VISIBILITIES)
    )
    curated = fields.Boolean(
        required=True,
        attribute="movie_list.curated",
        metadata={"description": "Featured by the people who run the site."},
    )
    owner = fields.Nested(ListOwnerSchema, required=True, attribute="movie_list.owner")
    movie_count = fields.Integer(required=True, attribute="movie_list.movie_count")
    subscriber_count = fields.Integer(required=True, attribute="movie_list.subscriber_count")
    subscribed = fields.Boolean(required=True)
    cover = Cover(
        required=True,
        metadata={"type": "array", "items": {"type": "string", "format": "uri-reference"}},
    )
    created_at = Moment(required=True, attribute="movie_list.created_at")
    updated_at = Moment(required=True, attribute="movie_list.updated_at")
    version = fields.Integer(required=True, attribute="movie_list.version")


class ListPageSchema(page_of(ListSchema)):  # type: ignore[misc]
    """A page of lists."""


class DirectoryArgs(PageArgs):
    """Which lists, in which order."""

    owner = Text(
        MAX_USERNAME,
        least=1,
        metadata={"description": "A user's `id` or username; `me` is the caller."},
    )
    subscribed = fields.Boolean(
        metadata={"description": "Only those the caller follows, or does not follow."}
    )
    search = Text(200, metadata={"description": "Words in the name or description."})
    ordering = fields.String(
        load_default="-subscribers", validate=validate.OneOf(_DIRECTORY_ORDERS)
    )
    page_size = PageSize()


def _movie_ids() -> fields.Field[Any]:
    return Several(
        Whole(1, MAX_ID),
        MAX_MOVIES,
        metadata={"description": "In this order; if a movie appears twice, the first counts."},
    )


def _name(**kwargs: Any) -> Text:
    return Text(MAX_NAME, least=1, **kwargs)


class NewListSchema(ma.Schema):
    """A new list; private unless told otherwise."""

    name = _name(required=True)
    description = Text(MAX_DESCRIPTION)
    visibility = fields.String(validate=validate.OneOf(VISIBILITIES))
    movie_ids = _movie_ids()


class ListChangesSchema(ma.Schema):
    """What is to change of a list; what is absent stays. `movie_ids` replaces all movies."""

    name = _name()
    description = Text(MAX_DESCRIPTION)
    visibility = fields.String(validate=validate.OneOf(VISIBILITIES))
    movie_ids = _movie_ids()
    curated = fields.Boolean(truthy={True}, falsy={False}, metadata={"description": "Admins only."})


class CloneSchema(ma.Schema):
    """A name for the copy, that of the list by default."""

    name = _name()


class ListItemSchema(ma.Schema):
    """A movie in a list; positions count from 0 without gaps."""

    movie = fields.Nested(MovieSummarySchema, required=True)
    position = fields.Integer(required=True)
    note = fields.String(required=True)
    added_at = Moment(required=True)


class ListItemPageSchema(page_of(ListItemSchema)):  # type: ignore[misc]
    """A page of a list's movies."""


class PlaceSchema(ma.Schema):
    """Where a movie goes and what is noted; what is absent stays, or is the end and nothing."""

    position = Whole(0, MAX_MOVIES - 1)
    note = Text(MAX_ITEM_NOTE)


class ItemArgs(KeptArgs):
    """How a list's movies are narrowed, put in order and cut into pages."""

    ordering = fields.String(
        validate=validate.OneOf([sign + name for name in ITEM_ORDERS for sign in ("", "-")]),
        metadata={"description": "`-` reverses. By default: the list's own order."},
    )


class ShareLinkSchema(ma.Schema):
    """A link that shows others something of the caller's, always as it is at the moment."""

    id = fields.UUID(required=True, attribute="uuid")
    source = fields.String(required=True, validate=validate.OneOf(SHARE_SOURCES))
    list_id = fields.Method("_list_id", required=True, metadata={"type": ["string", "null"]})
    name = fields.String(required=True)
    token = fields.String(required=True)
    url = fields.Method("_url", required=True, metadata={"type": "string", "format": "uri"})
    expires_at = Moment(required=True, allow_none=True)
    created_at = Moment(required=True)

    def _list_id(self, link: Any) -> str | None:
        return str(link.shared_list.uuid) if link.shared_list else None

    def _url(self, link: Any) -> str:
        return share_address(link.token)


class ShareLinkPageSchema(page_of(ShareLinkSchema)):  # type: ignore[misc]
    """A page of the caller's live links."""


class NewShareSchema(ma.Schema):
    """What is to be shared, under which name, until when."""

    source = fields.String(required=True, validate=validate.OneOf(SHARE_SOURCES))
    list_id = fields.UUID(metadata={"description": "Id of the list, if `source` is `list`."})
    name = _name(required=True)
    expires_at = AwareMoment(allow_none=True, metadata={"description": "Never, if left out."})


class SharedOwnerSchema(ma.Schema):
    """Who shares: nothing but a name is told."""

    username = fields.String(required=True)


class SharedItemSchema(ma.Schema):
    """A shared movie; `position` is null and `note` empty but for a list's."""

    movie = fields.Nested(MovieSummarySchema, required=True)
    position = fields.Integer(required=True, allow_none=True)
    note = fields.String(required=True)
    added_at = Moment(required=True)


class SharedPageSchema(page_of(SharedItemSchema)):  # type: ignore[misc]
    """What a link shows at this moment."""

    name = fields.String(required=True)
    owner = fields.Nested(SharedOwnerSchema, required=True)


class SharedArgs(PageArgs):
    """Which page of what is shared, or new."""

    page_size = PageSize()


class NewMovieSchema(ma.Schema):
    """A movie that is new to a follower."""

    id = fields.Integer(required=True, attribute="movie.id")
    title = fields.String(required=True, attribute="movie.title")
    poster_url = fields.Method("_poster", required=True, metadata={"type": ["string", "null"]})
    added_at = Moment(required=True)

    def _poster(self, item: Any) -> str | None:
        return image_url(item.movie.poster_path, "poster", 342)


class ListNewsSchema(ma.Schema):
    """A followed list in which something is new, and the newest five of it."""

    list = fields.Nested(ListSchema, required=True, attribute="shown")
    new_count = fields.Integer(required=True)
    newest_at = Moment(required=True)
    movies = fields.List(fields.Nested(NewMovieSchema), required=True)


class ListNewsPageSchema(page_of(ListNewsSchema)):  # type: ignore[misc]
    """A page of followed lists with something new, newest first."""


class SubscriptionSchema(ma.Schema):
    """That the caller follows a list."""

    subscribed = fields.Boolean(required=True)


def item_wish(args: dict[str, Any]) -> ItemWish:
    """What of a list the arguments ask for."""
    given = args.get("ordering") or "position"
    order = ItemOrder(given.lstrip("-"), given[0] == "-")
    return ItemWish(args.get("search", ""), filters_of(args), order, args.get("seen"))


def share_address(token: str) -> str:
    """The whole address that a link is given out under."""
    return absolute(url_for("shared_pages.shared", token=token)) or ""
