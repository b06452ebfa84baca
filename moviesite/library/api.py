"""JSON doors of favorites, the watchlist, likes and votes."""

from collections.abc import Callable
from typing import Any

from flask_smorest import Blueprint

from moviesite.catalogue.browse_schemas import filters_of
from moviesite.errors import NotFound
from moviesite.library import kept_queries, picking_queries, presenting, service
from moviesite.library.changes_service import Change
from moviesite.library.kept_queries import KeptPage, Wish
from moviesite.library.schemas import (
    BallotSchema,
    FavoriteMovieSchema,
    FavoritesPageSchema,
    KeptArgs,
    LikeSchema,
    LikesPageSchema,
    PickArgs,
    VoteSchema,
    VotesPageSchema,
    WatchlistArgs,
    WatchlistItemSchema,
    WatchlistPageSchema,
    WishSchema,
    order_of,
)
from moviesite.models import User
from moviesite.web.access_tokens import signed_in
from moviesite.web.identity import current_user
from moviesite.web.openapi import UNDOABLE
from moviesite.web.paging import numbered_page
from moviesite.web.throttle import browse_limit
from moviesite.web.undo import undo_header
from moviesite.web.viewing import current_region

api = Blueprint(
    "library", __name__, url_prefix="/api/v1", description="What the caller does with movies."
)

Answer = tuple[dict[str, Any], int, dict[str, str]]


@api.get("/me/favorites")
@browse_limit
@signed_in(api)
@api.arguments(KeptArgs(), location="query")
@api.response(200, FavoritesPageSchema)
def favorites(args: dict[str, Any]) -> Any:
    """The caller's favorites."""
    return _page(kept_queries.favorites_of, args)


@api.put("/me/favorites/<id:movie_id>")
@browse_limit
@signed_in(api)
@api.doc(**UNDOABLE)
@api.response(200, FavoriteMovieSchema, description="It was already there.")
@api.alt_response(201, schema=FavoriteMovieSchema, description="It was not there before.")
@api.alt_response(404, description="No such movie.")
def add_favorite(movie_id: int) -> Any:
    """Add a favorite."""
    return _put(service.add_favorite(current_user(), movie_id))


@api.delete("/me/favorites/<id:movie_id>")
@browse_limit
@signed_in(api)
@api.doc(**UNDOABLE)
@api.response(204)
def remove_favorite(movie_id: int) -> Any:
    """Remove a favorite."""
    return None, 204, undo_header(service.remove_favorite(current_user(), movie_id).undo)


@api.get("/me/watchlist")
@browse_limit
@signed_in(api)
@api.arguments(WatchlistArgs, location="query")
@api.response(200, WatchlistPageSchema)
def watchlist(args: dict[str, Any]) -> Any:
    """The caller's watchlist."""
    return _page(kept_queries.watchlist_of, args)


@api.get("/me/watchlist/pick")
@browse_limit
@signed_in(api)
@api.arguments(PickArgs, location="query")
@api.response(200, WatchlistItemSchema)
@api.alt_response(404, description="No released movie fits.")
def pick(args: dict[str, Any]) -> Any:
    """A random released movie from the caller's watchlist, one not yet seen where there is one."""
    user = current_user()
    kept = picking_queries.pick_from_watchlist(user, _wish(args), besides=args.get("besides", 0))
    if kept is None:
        raise NotFound("No released movie on your watchlist fits.")
    return _rows([kept], user)[0]


@api.put("/me/watchlist/<id:movie_id>")
@browse_limit
@signed_in(api)
@api.doc(**UNDOABLE)
@api.arguments(WishSchema)
@api.response(200, WatchlistItemSchema, description="It was already there.")
@api.alt_response(201, schema=WatchlistItemSchema, description="It was not there before.")
@api.alt_response(404, description="No such movie.")
def keep_on_watchlist(given: dict[str, Any], movie_id: int) -> Any:
    """Add a movie to the watchlist; fields left out of the optional body stay the same."""
    return _put(service.keep_on_watchlist(current_user(), movie_id, **given))


@api.delete("/me/watchlist/<id:movie_id>")
@browse_limit
@signed_in(api)
@api.doc(**UNDOABLE)
@api.response(204)
def remove_from_watchlist(movie_id: int) -> Any:
    """Remove a movie from the watchlist."""
    return None, 204, undo_header(service.remove_from_watchlist(current_user(), movie_id).undo)


@api.get("/me/likes")
@browse_limit
@signed_in(api)
@api.arguments(KeptArgs(), location="query")
@api.response(200, LikesPageSchema)
def likes(args: dict[str, Any]) -> Any:
    """What the caller likes."""
    return _page(kept_queries.likes_of, args)


@api.put("/movies/<id:movie_id>/like")
@browse_limit
@signed_in(api)
@api.doc(**UNDOABLE)
@api.response(200, LikeSchema, description="It was already liked.")
@api.alt_response(201, schema=LikeSchema, description="It was not liked before.")
@api.alt_response(404, description="No such movie.")
def like(movie_id: int) -> Any:
    """Like a movie."""
    return _put(service.like(current_user(), movie_id))


@api.delete("/movies/<id:movie_id>/like")
@browse_limit
@signed_in(api)
@api.doc(**UNDOABLE)
@api.response(204)
def unlike(movie_id: int) -> Any:
    """Remove the like."""
    return None, 204, undo_header(service.unlike(current_user(), movie_id).undo)


@api.get("/me/votes")
@browse_limit
@signed_in(api)
@api.arguments(KeptArgs(), location="query")
@api.response(200, VotesPageSchema)
def votes(args: dict[str, Any]) -> Any:
    """What the caller voted on."""
    return _page(kept_queries.votes_of, args)


@api.get("/me/votes/<id:movie_id>")
@browse_limit
@signed_in(api)
@api.response(200, VoteSchema)
@api.alt_response(404, description="The caller has not voted on it.")
def one_vote(movie_id: int) -> Any:
    """How the caller voted on a movie."""
    user = current_user()
    kept = kept_queries.vote_of(user, movie_id)
    if kept is None:
        raise NotFound("You have not voted on this movie.")
    return _rows([kept], user)[0]


@api.put("/me/votes/<id:movie_id>")
@browse_limit
@signed_in(api)
@api.doc(**UNDOABLE)
@api.arguments(BallotSchema)
@api.response(200, VoteSchema, description="There was a vote already; this one replaces it.")
@api.alt_response(201, schema=VoteSchema, description="There was none before.")
@api.alt_response(404, description="No such movie.")
def vote(given: dict[str, Any], movie_id: int) -> Any:
    """Vote for a movie or against it."""
    return _put(service.vote(current_user(), movie_id, given["value"]))


@api.delete("/me/votes/<id:movie_id>")
@browse_limit
@signed_in(api)
@api.doc(**UNDOABLE)
@api.response(204)
def withdraw_vote(movie_id: int) -> Any:
    """Remove the vote."""
    return None, 204, undo_header(service.withdraw_vote(current_user(), movie_id).undo)


def _services(args: dict[str, Any]) -> list[int]:
    given = args.get("services", "").replace("|", ",")
    return [int(one) for one in given.split(",") if one]


def _wish(args: dict[str, Any]) -> Wish:
    words, seen = args.get("search", ""), args.get("seen")
    return Wish(filters_of(args), words, _services(args), current_region(), seen)


def _page(read: Callable[..., KeptPage], args: dict[str, Any]) -> Answer:
    user, page, size = current_user(), args["page"], args["page_size"]
    found = read(user, _wish(args), order_of(args), page, size)
    return numbered_page(
        _rows(found.rows, user),
        page=page,
        page_size=size,
        count=found.total,
        count_exact=found.exact,
    )


def _rows(rows: Any, user: User) -> list[dict[str, Any]]:
    movies = presenting.kept_movies(rows, user)
    return [{**row._asdict(), "movie": movie} for row, movie in zip(rows, movies, strict=True)]


def _put(change: Change) -> Answer:
    """The row with its movie; what the service gave back is all but that."""
    user = current_user()
    movie = presenting.stored_movie(change.row.movie_id, user)
    vote = (
        {"value": "up" if change.row.value > 0 else "down"} if "value" in change.row._fields else {}
    )
    row = {**change.row._mapping, **vote, "movie": movie}
    return row, 201 if change.is_new else 200, undo_header(change.undo)
