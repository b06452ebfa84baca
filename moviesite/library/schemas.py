"""JSON shapes of what is somebody's own. Every field is said; no query is made."""

import datetime as dt
from typing import Any

import marshmallow as ma
from marshmallow import fields, validate

from moviesite.bounds import MAX_ID
from moviesite.catalogue.browse_schemas import BrowseArgs
from moviesite.catalogue.schemas import MovieSummarySchema
from moviesite.library.kept_queries import KEPT_ORDERS, WATCHLIST_ORDERS, KeptOrder
from moviesite.models.library import (
    FEEDBACK,
    HIDDEN_KINDS,
    HIGHEST_PRIORITY,
    LOWEST_PRIORITY,
    MAX_NOTE,
)
from moviesite.web.schemas import (
    CursorPageSchema,
    Form,
    Moment,
    PageSize,
    Text,
    ViewingArgs,
    Whole,
    page_of,
)

_MAX_CURSOR = 200
_LONGEST_PLAY = 10 * 86400


class Instant(fields.AwareDateTime):
    """A moment, RFC 3339; without an offset it is in UTC."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="iso", default_timezone=dt.UTC, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> dt.datetime:
        moment = super()._deserialize(value, attr, data, **kwargs)
        try:
            return moment.astimezone(dt.UTC)
        except OverflowError as error:
            raise self.make_error("invalid", input=value, obj_type="datetime") from error


def orders(more: str = "", *, names: tuple[str, ...] = KEPT_ORDERS) -> fields.String:
    """How to put in order what is somebody's own; `more` is said of it besides."""
    description = f"`-` reverses; by default, most recently added first. {more}".strip()
    return fields.String(
        validate=validate.OneOf([sign + name for name in names for sign in ("", "-")]),
        metadata={"description": description},
    )


class KeptArgs(BrowseArgs):
    """The filters and orders of the catalogue, that of adding, and whether it was seen."""

    ordering = orders()
    seen = fields.Boolean(
        metadata={"description": "Only what the caller has seen, or (`false`) has not seen."}
    )


class WatchlistArgs(KeptArgs):
    """The same with the order of priority, and what can be streamed in the region."""

    ordering = orders(names=WATCHLIST_ORDERS)
    services = fields.String(
        validate=[
            validate.Length(max=200),
            Form(r"^[0-9]{1,9}([,|][0-9]{1,9})*$", error="Ids, with pipes between them."),
        ],
        metadata={"description": "Ids of services, any of which streams the movie in `region`."},
    )


class PickArgs(WatchlistArgs):
    """The same for one of them."""

    class Meta:
        exclude = ("ordering", "page", "page_size")

    besides = fields.Integer(
        validate=validate.Range(1, MAX_ID),
        metadata={"description": "The movie that came before; it comes again as the only one."},
    )


class FavoriteMovieSchema(ma.Schema):
    """A movie that the caller keeps."""

    movie = fields.Nested(MovieSummarySchema, required=True)
    added_at = Moment(required=True)


class LikeSchema(ma.Schema):
    """A movie that the caller likes."""

    movie = fields.Nested(MovieSummarySchema, required=True)
    added_at = Moment(required=True)


class WatchlistItemSchema(ma.Schema):
    """A movie that the caller means to see; of priorities 5 is the highest."""

    movie = fields.Nested(MovieSummarySchema, required=True)
    added_at = Moment(required=True)
    priority = fields.Integer(required=True)
    note = fields.String(required=True)


class VoteSchema(ma.Schema):
    """How the caller voted on a movie."""

    movie = fields.Nested(MovieSummarySchema, required=True)
    added_at = Moment(required=True)
    value = fields.String(required=True, validate=validate.OneOf(["up", "down"]))


class KeptPageSchema(ma.Schema):
    """Whether the page's `count` is of all."""

    count_exact = fields.Boolean(
        required=True, metadata={"description": "Filtered results are counted up to 10,000."}
    )


class FavoritesPageSchema(KeptPageSchema, page_of(FavoriteMovieSchema)):  # type: ignore[misc]
    """A page of favorites."""


class WatchlistPageSchema(KeptPageSchema, page_of(WatchlistItemSchema)):  # type: ignore[misc]
    """A page of the watchlist."""


class LikesPageSchema(KeptPageSchema, page_of(LikeSchema)):  # type: ignore[misc]
    """A page of likes."""


class VotesPageSchema(KeptPageSchema, page_of(VoteSchema)):  # type: ignore[misc]
    """A page of votes."""


class WishSchema(ma.Schema):
    """What is not given stays as it is."""

    priority = Whole(LOWEST_PRIORITY, HIGHEST_PRIORITY)
    note = Text(MAX_NOTE)


class BallotSchema(ma.Schema):
    """A vote."""

    value = fields.String(required=True, validate=validate.OneOf(["up", "down"]))


class NewPlaySchema(ma.Schema):
    """A play; without `watched_at` it was just now, without `progress_seconds` to the end."""

    movie_id = Whole(1, MAX_ID, required=True)
    watched_at = Instant()
    progress_seconds = Whole(0, _LONGEST_PLAY, allow_none=True)
    leave_watchlist = fields.Boolean(
        truthy={True}, falsy={False}, metadata={"description": "Also remove it from the watchlist."}
    )


class MovedPlaySchema(ma.Schema):
    """When a play was; what is not given stays as it is."""

    watched_at = Instant()


class PlaySchema(ma.Schema):
    """A play of a movie; `finished` where nine tenths or more of it were seen."""

    id = fields.UUID(required=True)
    movie = fields.Nested(MovieSummarySchema, required=True)
    watched_at = Moment(required=True)
    progress_seconds = fields.Integer(required=True, allow_none=True)
    finished = fields.Boolean(required=True)


class HistoryArgs(ViewingArgs):
    """Which plays: all, those of a month in the caller's time, or of one movie."""

    cursor = Text(_MAX_CURSOR, metadata={"description": "From `next_cursor` of a page."})
    month = fields.String(
        validate=Form(
            r"^(18[89]|19\d|20\d|21\d)\d-(0[1-9]|1[0-2])$", error="Use a month such as 2026-01."
        )
    )
    movie_id = fields.Integer(validate=validate.Range(1, MAX_ID))
    page_size = PageSize()


class HistoryPageSchema(CursorPageSchema):
    """Plays, newest first; `next` leads to those before them and is null at the end."""

    results = fields.List(fields.Nested(PlaySchema), required=True)


class CountedSchema(ma.Schema):
    """Whether the view counts: one does for each viewer, movie and hour."""

    counted = fields.Boolean(required=True)


class OpinionSchema(ma.Schema):
    """What the caller says of a recommended movie."""

    value = fields.String(required=True, validate=validate.OneOf(FEEDBACK))


class FeedbackSchema(ma.Schema):
    """What the caller said of a recommended movie."""

    movie_id = fields.Integer(required=True)
    value = fields.String(required=True, validate=validate.OneOf(FEEDBACK))
    added_at = Moment(required=True)


class HiddenSchema(ma.Schema):
    """Something that the caller does not want to be offered."""

    kind = fields.String(required=True, validate=validate.OneOf(HIDDEN_KINDS))
    id = fields.Integer(required=True, attribute="target_id")
    added_at = Moment(required=True)


class NamedHiddenSchema(HiddenSchema):
    """The same with its name, null where it is not stored."""

    name = fields.String(required=True, allow_none=True)


class HiddenListSchema(ma.Schema):
    """All that the caller muted, latest first, at most 1,000."""

    results = fields.List(fields.Nested(NamedHiddenSchema), required=True)


class UndoSchema(ma.Schema):
    """The token in the `Undo-Token` of the change that is to be taken back."""

    token = fields.UUID(required=True)


class UndoneSchema(ma.Schema):
    """What was taken back; `movie_id` is null where it was about no movie."""

    kind = fields.String(required=True)
    subject = fields.String(required=True)
    movie_id = fields.Integer(required=True, allow_none=True)


def order_of(args: dict[str, Any]) -> KeptOrder | None:
    """The order that the arguments ask for, None without one."""
    given: str | None = args.get("ordering")
    return KeptOrder(given.lstrip("-"), given[0] == "-") if given else None
