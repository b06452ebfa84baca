"""JSON doors of plays, of counted views, and of taking changes back."""

import datetime as dt
from typing import Any
from uuid import UUID

from flask import request
from flask_smorest import Blueprint

from moviesite.library import history_queries, presenting, service
from moviesite.library.changes_service import Change
from moviesite.library.schemas import (
    CountedSchema,
    HistoryArgs,
    HistoryPageSchema,
    MovedPlaySchema,
    NewPlaySchema,
    PlaySchema,
    UndoneSchema,
    UndoSchema,
)
from moviesite.web.access_tokens import signed_in
from moviesite.web.idempotency_key import ONCE_HEADER, asked_for, once
from moviesite.web.identity import current_user, user_or_none
from moviesite.web.openapi import UNDOABLE
from moviesite.web.paging import cursor_page
from moviesite.web.throttle import browse_limit
from moviesite.web.undo import undo_header

api = Blueprint(
    "history", __name__, url_prefix="/api/v1", description="What the caller has seen, and when."
)


@api.get("/me/history")
@browse_limit
@signed_in(api)
@api.arguments(HistoryArgs, location="query")
@api.response(200, HistoryPageSchema)
def history(args: dict[str, Any]) -> Any:
    """The caller's plays, newest first."""
    user, size = current_user(), args["page_size"]
    page = history_queries.history_of(
        user,
        cursor=args.get("cursor"),
        month=_month(args.get("month")),
        movie_id=args.get("movie_id"),
        page_size=size,
    )
    shown = presenting.kept_movies(page.rows, user)
    rows = [{**row._asdict(), "movie": item} for row, item in zip(page.rows, shown, strict=True)]
    return cursor_page(rows, page_size=size, cursor=page.cursor)


@api.post("/me/history")
@browse_limit
@signed_in(api)
@api.doc(parameters=[ONCE_HEADER], **UNDOABLE)
@api.arguments(NewPlaySchema)
@api.response(201, PlaySchema)
@api.alt_response(404, description="No such movie.")
@api.alt_response(409, description="What this `Idempotency-Key` created has since been deleted.")
def record(given: dict[str, Any]) -> Any:
    """Log a play, first viewing or rewatch."""
    user = current_user()
    key = once(f"play:{user.uuid}", asked_for(given))
    movie_id = given.pop("movie_id")
    change = service.record_viewing(user, movie_id, **given, once=key)
    return _played(change, 201)


@api.patch("/me/history/<uuid:viewing_id>")
@browse_limit
@signed_in(api)
@api.doc(**UNDOABLE)
@api.arguments(MovedPlaySchema)
@api.response(200, PlaySchema)
@api.alt_response(404, description="Not one of the caller's plays.")
def move(given: dict[str, Any], viewing_id: UUID) -> Any:
    """Change when a play was."""
    return _played(service.move_viewing(current_user(), viewing_id, given.get("watched_at")), 200)


@api.delete("/me/history/<uuid:viewing_id>")
@browse_limit
@signed_in(api)
@api.doc(**UNDOABLE)
@api.response(204)
@api.alt_response(404, description="Not one of the caller's plays.")
def delete(viewing_id: UUID) -> Any:
    """Delete a play."""
    return None, 204, undo_header(service.delete_viewing(current_user(), viewing_id).undo)


@api.post("/movies/<id:movie_id>/views")
@browse_limit
@api.response(202, CountedSchema)
@api.alt_response(404, description="No such movie.")
def count_view(movie_id: int) -> Any:
    """Count a view of a movie: at most one per viewer, movie and hour.

    Without signing in, a viewer is a keyed hash of the address (IPv6 by its /64).
    """
    counted = service.count_view(movie_id, user_or_none(), request.remote_addr or "")
    return {"counted": counted}


@api.post("/me/undo")
@browse_limit
@signed_in(api)
@api.arguments(UndoSchema)
@api.response(200, UndoneSchema)
@api.alt_response(404, description="The list or movie it belongs to is gone.")
@api.alt_response(409, description="Already undone, changed since, or too long ago.")
def undo(given: dict[str, Any]) -> Any:
    """Undo a change with the `Undo-Token` of its answer, once, within a day."""
    return service.undo(current_user(), given["token"])._asdict()


def _played(change: Change, status: int) -> Any:
    movie = presenting.stored_movie(change.row.movie_id, current_user())
    row = {**change.row._mapping, "id": change.row.uuid, "movie": movie}
    return row, status, undo_header(change.undo)


def _month(given: str | None) -> dt.date | None:
    """The first day of `2026-01`, whose form was checked."""
    return dt.date.fromisoformat(f"{given}-01") if given else None
