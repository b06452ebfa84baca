"""JSON doors of what the caller does not want to be offered."""

from typing import Any

from flask_smorest import Blueprint

from moviesite.library import muting_queries, service
from moviesite.library.schemas import (
    FeedbackSchema,
    HiddenListSchema,
    HiddenSchema,
    OpinionSchema,
)
from moviesite.web.access_tokens import signed_in
from moviesite.web.identity import current_user
from moviesite.web.openapi import UNDOABLE
from moviesite.web.schemas import ViewingArgs
from moviesite.web.throttle import browse_limit
from moviesite.web.undo import undo_header

api = Blueprint(
    "muting",
    __name__,
    url_prefix="/api/v1/me",
    description="What the caller has hidden: it is left out of suggestions, rows, searches and "
    "recommendations. Pages and the caller's own library stay complete.",
)

_KIND = "<any(genre,person,keyword,movie):kind>"


@api.get("/hidden")
@browse_limit
@signed_in(api)
@api.arguments(ViewingArgs, location="query")
@api.response(200, HiddenListSchema)
def hidden(_args: dict[str, Any]) -> Any:
    """Everything the caller has hidden."""
    return {"results": muting_queries.hidden_of(current_user())}


@api.put(f"/hidden/{_KIND}/<id:target_id>")
@browse_limit
@signed_in(api)
@api.doc(**UNDOABLE)
@api.response(200, HiddenSchema, description="It was already hidden.")
@api.alt_response(201, schema=HiddenSchema, description="It was not hidden before.")
@api.alt_response(404, description="No such movie or genre, or no such kind of thing.")
@api.alt_response(409, description="The caller already hides 1,000 things, the maximum.")
def hide(kind: str, target_id: int) -> Any:
    """Hide a genre, person, keyword or movie by its TMDb id."""
    change = service.hide(current_user(), kind, target_id)
    return change.row, 201 if change.is_new else 200, undo_header(change.undo)


@api.delete(f"/hidden/{_KIND}/<id:target_id>")
@browse_limit
@signed_in(api)
@api.doc(**UNDOABLE)
@api.response(204)
def unhide(kind: str, target_id: int) -> Any:
    """Show it again."""
    return None, 204, undo_header(service.unhide(current_user(), kind, target_id).undo)


@api.put("/feedback/<id:movie_id>")
@browse_limit
@signed_in(api)
@api.doc(**UNDOABLE)
@api.arguments(OpinionSchema)
@api.response(200, FeedbackSchema, description="There was feedback already; this replaces it.")
@api.alt_response(201, schema=FeedbackSchema, description="There was none before.")
@api.alt_response(404, description="No such movie.")
def give_feedback(given: dict[str, Any], movie_id: int) -> Any:
    """Give feedback on a recommended movie: more like it, less, or not interested."""
    change = service.give_feedback(current_user(), movie_id, given["value"])
    return change.row, 201 if change.is_new else 200, undo_header(change.undo)


@api.delete("/feedback/<id:movie_id>")
@browse_limit
@signed_in(api)
@api.doc(**UNDOABLE)
@api.response(204)
def withdraw_feedback(movie_id: int) -> Any:
    """Remove the feedback."""
    return None, 204, undo_header(service.withdraw_feedback(current_user(), movie_id).undo)
