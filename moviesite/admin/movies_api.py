"""JSON doors of films for those who run the site, and of what is cached."""

from typing import Any

from flask import url_for
from flask_smorest import Blueprint

from moviesite.admin import caches_service, movie_queries, movie_service, removal_service
from moviesite.admin.movie_schemas import (
    AddedMovieSchema,
    AdminMoviePageSchema,
    AdminMoviesArgs,
    AdminMovieSchema,
    CacheSchema,
    ForgottenSchema,
    MovieEditSchema,
    RemovalArgs,
)
from moviesite.web.admins import admins_only, confirmed
from moviesite.web.idempotency_key import ONCE_HEADER, asked_for, once
from moviesite.web.identity import current_user
from moviesite.web.openapi import CREATED
from moviesite.web.paging import numbered_page
from moviesite.web.schemas import NothingSchema
from moviesite.web.throttle import browse_limit

api = Blueprint(
    "admin_movies",
    __name__,
    url_prefix="/api/v1/admin",
    description="Movies, for admins.",
)


@api.get("/movies")
@browse_limit
@admins_only(api)
@api.arguments(AdminMoviesArgs, location="query")
@api.response(200, AdminMoviePageSchema)
def movies(args: dict[str, Any]) -> Any:
    """Stored movies, by words or id; or those edited or removed here."""
    page, size = args["page"], args["page_size"]
    found = movie_queries.movies(args.get("search", ""), args["show"], page=page, page_size=size)
    return numbered_page(found.rows, page=page, page_size=size, count=found.total)


@api.post("/movies")
@browse_limit
@admins_only(api)
@api.doc(parameters=[ONCE_HEADER])
@api.arguments(AddedMovieSchema)
@api.response(201, AdminMovieSchema, headers=CREATED)
@api.alt_response(404, description="The source has no such movie.")
@api.alt_response(409, description="It is already here, or was removed here.")
@api.alt_response(503, description="The source is not answering.")
def add(given: dict[str, Any]) -> Any:
    """Add a movie by its TMDb id, with any fields of your own.

    Every movie has its source's id: movies unknown to the source cannot be added.
    """
    user = current_user()
    key = once(f"admin-movie:{user.uuid}", asked_for(given))
    movie_id = given.pop("id")
    movie_service.add(user, movie_id, movie_service.as_said(given), once=key)
    address = url_for(".movie", movie_id=movie_id)
    return _sheet(movie_id), 201, {"Location": address}


@api.get("/movies/<id:movie_id>")
@browse_limit
@admins_only(api)
@api.response(200, AdminMovieSchema)
@api.alt_response(404, description="No such movie is stored.")
def movie(movie_id: int) -> Any:
    """Everything about one movie, your edits, and how much people's data depends on it."""
    return _sheet(movie_id)


@api.patch("/movies/<id:movie_id>")
@browse_limit
@admins_only(api)
@api.arguments(MovieEditSchema)
@api.response(200, AdminMovieSchema)
@api.alt_response(404, description="No such movie is stored.")
def edit(given: dict[str, Any], movie_id: int) -> Any:
    """Edit a movie's fields, or reset them to the source's values.

    Changes show in the next request and survive every sync.
    """
    reset = given.pop("reset", ())
    movie_service.edit(current_user(), movie_id, movie_service.as_said(given), reset=reset)
    return _sheet(movie_id)


@api.delete("/movies/<id:movie_id>")
@browse_limit
@admins_only(api)
@confirmed
@api.arguments(RemovalArgs, location="query")
@api.response(204)
@api.alt_response(404, description="No such movie is stored.")
@api.alt_response(409, description="More people's data depends on it than `held`.")
def remove(args: dict[str, Any], movie_id: int) -> None:
    """Remove a movie and all people's data about it (`held_by`); no sync brings it back.

    Needs a session confirmed with `PUT /me/confirmation`.
    """
    removal_service.remove(current_user(), movie_id, held=args.get("held"))


@api.post("/movies/<id:movie_id>/restore")
@browse_limit
@admins_only(api)
@api.response(202, NothingSchema)
@api.alt_response(404, description="It was not removed.")
def restore(movie_id: int) -> None:
    """Restore a removed movie; the workers fetch it."""
    removal_service.restore(current_user(), movie_id)


@api.post("/movies/<id:movie_id>/sync")
@browse_limit
@admins_only(api)
@api.response(202, NothingSchema)
@api.alt_response(404, description="No such movie is stored.")
def sync(movie_id: int) -> None:
    """Have the workers refresh a movie."""
    movie_service.sync(current_user(), movie_id)


@api.post("/cache/refresh")
@browse_limit
@admins_only(api)
@api.arguments(CacheSchema)
@api.response(200, ForgottenSchema)
def refresh(given: dict[str, Any]) -> Any:
    """Refresh one kind of cached data."""
    kind = given["kind"]
    return {"kind": kind, "forgotten": caches_service.refresh(current_user(), kind)}


def _sheet(movie_id: int) -> dict[str, Any]:
    sheet = movie_queries.sheet(movie_id)
    linked = {
        name: [{"id": id_, "name": text} for id_, text in getattr(sheet, name)]
        for name in ("genres", "keywords")
    }
    sayings = {name: one._asdict() for name, one in sheet.overrides.items()}
    return {**sheet.values, **sheet._asdict(), **linked, "overrides": sayings}
