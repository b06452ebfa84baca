"""JSON doors to the movies in a list."""

from typing import Any
from uuid import UUID

from flask_smorest import Blueprint

from moviesite.errors import Outdated
from moviesite.lists import item_queries, item_service, presenting, queries
from moviesite.lists.forms import state
from moviesite.lists.schemas import (
    ItemArgs,
    ListItemPageSchema,
    ListItemSchema,
    PlaceSchema,
    item_wish,
)
from moviesite.web.access_tokens import signed_in
from moviesite.web.identity import current_user, user_or_none
from moviesite.web.openapi import UNDOABLE
from moviesite.web.paging import numbered_page
from moviesite.web.throttle import browse_limit
from moviesite.web.undo import undo_header
from moviesite.web.versions import IF_MATCH_HEADER, ask_each_time, expected_versions

api = Blueprint(
    "list_items",
    __name__,
    url_prefix="/api/v1/lists/<uuid:list_id>/movies",
    description="The movies in a list. Positions count from 0 and have no gaps.",
)
api.after_request(ask_each_time)


@api.get("")
@browse_limit
@api.arguments(ItemArgs, location="query")
@api.response(200, ListItemPageSchema)
@api.alt_response(401, description="`seen` without being signed in.")
@api.alt_response(404, description="There is no such list, or it is private.")
def items(args: dict[str, Any], list_id: UUID) -> Any:
    """The movies in a list, in its own order by default."""
    user = user_or_none()
    movie_list = queries.shown(list_id, user).movie_list
    page, size = args["page"], args["page_size"]
    found = item_queries.items(movie_list, item_wish(args), viewer=user, page=page, page_size=size)
    return numbered_page(
        presenting.rows_for(presenting.rows(found.rows), user),
        page=page,
        page_size=size,
        count=found.total,
    )


@api.put("/<id:movie_id>")
@browse_limit
@signed_in(api)
@api.doc(parameters=[IF_MATCH_HEADER])
@api.arguments(PlaceSchema, required=False)
@api.response(200, ListItemSchema)
@api.alt_response(201, schema=ListItemSchema, description="The movie was not in the list.")
@api.alt_response(403, description="The list belongs to someone else.")
@api.alt_response(404, description="There is no such movie, or no such list, or it is private.")
@api.alt_response(409, description="This list is full, or all of the caller's lists together are.")
@api.alt_response(412, description="Edited in the meantime; `present` is the current list.")
def put(given: dict[str, Any], list_id: UUID, movie_id: int) -> Any:
    """Add a movie, at the end by default; one already in the list moves or gets the note."""
    user = current_user()
    try:
        placed = item_service.put_movie(
            user, list_id, movie_id, **given, if_match=expected_versions()
        )
    except Outdated as error:
        raise state(error, user) from error
    headers = {"ETag": f'"{placed.movie_list.version}"'}
    [row] = presenting.rows_for(presenting.rows([placed.item]), user)
    return row, 201 if placed.is_new else 200, headers


@api.delete("/<id:movie_id>")
@browse_limit
@signed_in(api)
@api.doc(parameters=[IF_MATCH_HEADER], **UNDOABLE)
@api.response(204)
@api.alt_response(403, description="The list belongs to someone else.")
@api.alt_response(404, description="There is no such list, or it is private.")
@api.alt_response(412, description="Edited in the meantime; `present` is the current list.")
def remove(list_id: UUID, movie_id: int) -> Any:
    """Remove a movie; the others close the gap."""
    user = current_user()
    try:
        taken = item_service.remove_movie(user, list_id, movie_id, if_match=expected_versions())
    except Outdated as error:
        raise state(error, user) from error
    return None, 204, undo_header(taken.undo)
