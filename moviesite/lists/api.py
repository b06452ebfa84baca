"""JSON doors to lists and who follows them."""

from typing import Any
from uuid import UUID

from flask import url_for
from flask_smorest import Blueprint

from moviesite.errors import NotSignedIn, Outdated
from moviesite.lists import following_service, presenting, queries, service
from moviesite.lists.forms import state
from moviesite.lists.queries import Shown, Wanted
from moviesite.lists.schemas import (
    CloneSchema,
    DirectoryArgs,
    ListChangesSchema,
    ListNewsPageSchema,
    ListPageSchema,
    ListSchema,
    NewListSchema,
    SharedArgs,
    SubscriptionSchema,
)
from moviesite.models import User
from moviesite.web.access_tokens import signed_in
from moviesite.web.idempotency_key import ONCE_HEADER, asked_for, once
from moviesite.web.identity import current_user, user_or_none
from moviesite.web.openapi import CREATED, VERSIONED
from moviesite.web.paging import numbered_page
from moviesite.web.schemas import ViewingArgs
from moviesite.web.throttle import browse_limit
from moviesite.web.versions import IF_MATCH_HEADER, ask_each_time, expected_versions, version_tag

api = Blueprint(
    "lists",
    __name__,
    url_prefix="/api/v1",
    description="Named, ordered sets of movies. A private list exists only for its owner "
    "and for admins.",
)
api.after_request(ask_each_time)

_FULL = f"All of the caller's lists together can have at most {service.MOST_IN_ALL:,} movies."
Answer = tuple[Shown, int, dict[str, str]]


@api.get("/lists")
@browse_limit
@api.arguments(DirectoryArgs, location="query")
@api.response(200, ListPageSchema)
@api.alt_response(401, description="`subscribed` or `owner=me` without being signed in.")
def lists(args: dict[str, Any]) -> Any:
    """Public lists, and the caller's own."""
    user = user_or_none()
    order = args["ordering"]
    found = queries.directory(
        user,
        _wanted(args, user),
        order=order.lstrip("-"),
        descending=order[0] == "-",
        page=args["page"],
        page_size=args["page_size"],
    )
    return numbered_page(
        found.rows,
        page=args["page"],
        page_size=args["page_size"],
        count=found.total,
    )


@api.post("/lists")
@browse_limit
@signed_in(api)
@api.doc(parameters=[ONCE_HEADER])
@api.arguments(NewListSchema)
@api.response(201, ListSchema, headers={**CREATED, **VERSIONED})
@api.alt_response(409, description=_FULL)
def create(given: dict[str, Any]) -> Any:
    """Create a list. Movies not stored yet are fetched from the source, at most 20 at once."""
    user = current_user()
    key = once(f"list:{user.uuid}", asked_for(given))
    made = service.create(user, given.pop("name"), **given, once=key)
    return _answer(made.uuid, user, 201)


@api.get("/lists/<uuid:list_id>")
@browse_limit
@api.arguments(ViewingArgs, location="query")
@api.response(200, ListSchema)
@api.alt_response(404, description="There is no such list, or it is private.")
def one_list(_args: dict[str, Any], list_id: UUID) -> Any:
    """A list; its `ETag` is what `If-Match` takes."""
    return _answer(list_id, user_or_none())


@api.patch("/lists/<uuid:list_id>")
@browse_limit
@signed_in(api)
@api.doc(parameters=[IF_MATCH_HEADER])
@api.arguments(ListChangesSchema)
@api.response(200, ListSchema)
@api.alt_response(403, description="The list belongs to someone else.")
@api.alt_response(404, description="There is no such list, or it is private.")
@api.alt_response(409, description=_FULL)
@api.alt_response(412, description="Edited in the meantime; `present` is the current list.")
def edit(given: dict[str, Any], list_id: UUID) -> Any:
    """Change the given fields. `movie_ids` replaces the movies: leave it out to keep them."""
    user = current_user()
    try:
        service.edit(user, list_id, given, if_match=expected_versions())
    except Outdated as error:
        raise state(error, user) from error
    return _answer(list_id, user)


@api.delete("/lists/<uuid:list_id>")
@browse_limit
@signed_in(api)
@api.doc(parameters=[IF_MATCH_HEADER])
@api.response(204)
@api.alt_response(403, description="The list belongs to someone else.")
@api.alt_response(404, description="There is no such list, or it is private.")
@api.alt_response(412, description="Edited in the meantime; `present` is the current list.")
def delete(list_id: UUID) -> None:
    """Delete a list and its links, as its owner or as an admin."""
    user = current_user()
    try:
        service.delete_list(user, list_id, if_match=expected_versions())
    except Outdated as error:
        raise state(error, user) from error


@api.put("/lists/<uuid:list_id>/subscription")
@browse_limit
@signed_in(api)
@api.response(200, SubscriptionSchema)
@api.alt_response(201, schema=SubscriptionSchema, description="It was not followed before.")
@api.alt_response(404, description="There is no such list, or it is private.")
@api.alt_response(409, description="The list is the caller's own.")
def follow(list_id: UUID) -> Any:
    """Follow a list. Repeated, it clears the count of new movies."""
    is_new = following_service.follow(current_user(), list_id)
    return {"subscribed": True}, 201 if is_new else 200


@api.delete("/lists/<uuid:list_id>/subscription")
@browse_limit
@signed_in(api)
@api.response(204)
def unfollow(list_id: UUID) -> None:
    """Unfollow a list."""
    following_service.unfollow(current_user(), list_id)


@api.post("/lists/<uuid:list_id>/clone")
@browse_limit
@signed_in(api)
@api.doc(parameters=[ONCE_HEADER])
@api.arguments(CloneSchema, required=False)
@api.response(201, ListSchema, headers={**CREATED, **VERSIONED})
@api.alt_response(404, description="There is no such list, or it is private.")
@api.alt_response(409, description=_FULL)
def clone(given: dict[str, Any], list_id: UUID) -> Any:
    """Copy a list into a private one. Notes are copied from your own lists only."""
    user = current_user()
    key = once(f"clone:{user.uuid}", asked_for({**given, "list": str(list_id)}))
    made = service.clone(user, list_id, name=given.get("name"), once=key)
    return _answer(made.uuid, user, 201)


@api.get("/me/lists/updates")
@browse_limit
@signed_in(api)
@api.arguments(SharedArgs, location="query")
@api.response(200, ListNewsPageSchema)
def updates(args: dict[str, Any]) -> Any:
    """Followed lists with something new since they were followed or last seen."""
    user, page, size = current_user(), args["page"], args["page_size"]
    news, count = queries.news(user, page=page, page_size=size)
    movies = queries.newest_movies(user, [one.shown.movie_list.id for one in news])
    return numbered_page(presenting.news_rows(news, movies), page=page, page_size=size, count=count)


def _answer(list_id: UUID, user: User | None, status: int = 200) -> Answer:
    shown = queries.shown(list_id, user)
    found = shown.movie_list
    rest = (found.subscriber_count, shown.subscribed, shown.cover, found.owner.username)
    headers = {"ETag": version_tag(found.version, rest)}
    if status == 201:
        headers["Location"] = url_for(".one_list", list_id=list_id)
    return shown, status, headers


def _wanted(args: dict[str, Any], user: User | None) -> Wanted:
    owner, subscribed = args.get("owner", ""), args.get("subscribed")
    if user is None and (subscribed is not None or owner == "me"):
        raise NotSignedIn
    if owner == "me" and user is not None:
        owner = str(user.uuid)
    return Wanted(owner, subscribed, args.get("search", ""))
