"""HTML doors to lists: all of them, one of them, and what its owner and followers do with it."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from moviesite.errors import InvalidInput
from moviesite.lists import (
    following_service,
    item_queries,
    policy,
    presenting,
    queries,
    seen_queries,
    service,
)
from moviesite.lists.page_forms import (
    DIRECTORY_ORDERS,
    ORDERS,
    done,
    item_wish,
    label,
    order_asked,
    typed,
    undo_offered,
    words,
)
from moviesite.lists.queries import Wanted
from moviesite.lists.schemas import CloneSchema, ListChangesSchema, NewListSchema
from moviesite.models import User
from moviesite.web.arguments import page_number
from moviesite.web.changed_fields import edited
from moviesite.web.htmx import render
from moviesite.web.identity import current_user, user_or_none
from moviesite.web.throttle import browse_limit

pages = Blueprint("list_pages", __name__)
pages.after_request(label)

PAGE_SIZE = 100
_DIRECTORY_SIZE = 24
_SHELF = 12
_FIELDS = ("name", "description", "visibility")


@pages.get("/lists")
@browse_limit
def lists() -> Response:
    """One's own lists, those one follows, and the directory of public ones."""
    return _all_lists()


@pages.post("/lists")
@browse_limit
def create() -> AnyResponse:
    """Make a list and go there."""
    user = current_user()
    try:
        given = typed(NewListSchema, "name", "description", "visibility")
        made = service.create(user, given.pop("name"), **given)
    except InvalidInput as error:
        return _refused(_all_lists(trouble=str(error)))
    return redirect(url_for(".one_list", list_id=made.uuid), 303)


@pages.get("/list/<uuid:list_id>")
@browse_limit
def one_list(list_id: UUID) -> Response:
    """A list: a page of its films, in its own order unless told otherwise."""
    return list_page(list_id)


@pages.post("/list/<uuid:list_id>/edit")
@browse_limit
def edit(list_id: UUID) -> AnyResponse:
    """Change name, description and who sees the list."""
    user = current_user()
    try:
        service.edit(user, list_id, typed(ListChangesSchema, *edited(*_FIELDS)))
    except InvalidInput as error:
        return _refused(list_page(list_id, trouble=str(error)))
    return done("Saved.", url_for(".one_list", list_id=list_id))


@pages.post("/list/<uuid:list_id>/curate")
@browse_limit
def curate(list_id: UUID) -> AnyResponse:
    """Put a list among those that the site recommends, or take it out."""
    chosen = request.form.get("curated") == "1"
    service.edit(current_user(), list_id, {"curated": chosen})
    message = "Added to featured lists." if chosen else "Removed from featured lists."
    return done(message, url_for(".one_list", list_id=list_id))


@pages.post("/list/<uuid:list_id>/delete")
@browse_limit
def delete(list_id: UUID) -> AnyResponse:
    """Delete the list, once its name was asked about."""
    user = current_user()
    shown = queries.shown(list_id, user)
    if "sure" not in request.form:
        message = "Check the box to delete the list. It cannot be recovered."
        return _refused(list_page(list_id, trouble=message))
    service.delete_list(user, list_id)
    return done(f"“{shown.movie_list.name}” is deleted.", url_for(".lists"))


@pages.post("/list/<uuid:list_id>/clone")
@browse_limit
def clone(list_id: UUID) -> AnyResponse:
    """Copy the list into a private one of one's own."""
    given = typed(CloneSchema, "name")
    made = service.clone(current_user(), list_id, name=given.get("name"))
    return done("This copy is yours and private.", url_for(".one_list", list_id=made.uuid))


@pages.post("/list/<uuid:list_id>/follow")
@browse_limit
def follow(list_id: UUID) -> AnyResponse:
    """Follow the list, or follow it no longer."""
    user = current_user()
    if request.form.get("follow") == "1":
        following_service.follow(user, list_id)
        message = "You are following this list. New films will be labeled “new”."
    else:
        following_service.unfollow(user, list_id)
        message = "You no longer follow this list."
    return done(message, url_for(".one_list", list_id=list_id))


@pages.post("/list/<uuid:list_id>/seen")
@browse_limit
def seen(list_id: UUID) -> AnyResponse:
    """What is in the list now is not new any more."""
    following_service.mark_seen(current_user(), list_id)
    return redirect(url_for(".lists"), 303)


def list_page(list_id: UUID, trouble: str = "") -> Response:
    """The page of a list, or the part that its own forms change."""
    user = user_or_none()
    context = list_context(list_id, user)
    undo = undo_offered() if user else None
    return render("lists/list.html", "lists/_items.html", **context, undo=undo, trouble=trouble)


def list_context(list_id: UUID, user: User | None) -> dict[str, Any]:
    """What a list's page shows; two statements, two more for a reader and one for a follower."""
    shown = queries.shown(list_id, user)
    movie_list, wish, page = shown.movie_list, item_wish(), page_number()
    found = item_queries.items(movie_list, wish, viewer=user, page=page, page_size=PAGE_SIZE)
    mine = policy.is_owner(user, movie_list)
    followed = queries.subscription(user, movie_list) if user and shown.subscribed else None
    return {
        "shown": shown,
        "list": movie_list,
        "rows": presenting.rows_for(presenting.rows(found.rows), None if mine else user),
        "total": found.total,
        "number": page,
        "total_pages": found.pages,
        "wish": wish,
        "orders": ORDERS,
        "ordering": ("-" if wish.order.descending else "") + wish.order.name,
        "mine": mine,
        "seen": seen_queries.seen_of(user, movie_list) if user else None,
        "seen_at": followed.seen_at if followed else None,
    }


def _all_lists(trouble: str = "") -> Response:
    user, page = user_or_none(), page_number()
    search, ordering = words("search"), order_asked(DIRECTORY_ORDERS)
    found = queries.directory(
        None,
        Wanted(search=search),
        order="subscribers" if ordering == "-subscribers" else "created_at",
        page=page,
        page_size=_DIRECTORY_SIZE,
    )
    context: dict[str, Any] = {
        "found": found.rows,
        "total": found.total,
        "number": page,
        "total_pages": found.pages,
        "search": search,
        "ordering": ordering,
        "orders": DIRECTORY_ORDERS,
        "trouble": trouble,
        "curated": [] if search or page > 1 else _shelf(None, Wanted(curated=True)),
    }
    if user is not None:
        context |= _own(user)
        context["seen_counts"] = _seen_counts(user, context)
    return render("lists/lists.html", "lists/_directory.html", **context)


def _own(user: User) -> dict[str, Any]:
    news, _ = queries.news(user, page_size=100)
    return {
        "own": _shelf(user, Wanted(owner=str(user.uuid)), page_size=100),
        "followed": _shelf(user, Wanted(subscribed=True), page_size=100),
        "new_counts": {one.shown.movie_list.id: one.new_count for one in news},
    }


def _seen_counts(user: User, context: dict[str, Any]) -> dict[int, int]:
    """How many films somebody saw of each list that the page shows."""
    shown = [one for key in ("found", "curated", "own", "followed") for one in context[key]]
    return seen_queries.seen_counts(user, {one.movie_list.id for one in shown})


def _shelf(user: User | None, wanted: Wanted, page_size: int = _SHELF) -> Any:
    return queries.directory(user, wanted, order="created_at", page_size=page_size).rows


def _refused(page: Response) -> Response:
    page.status_code = InvalidInput.status
    return page
