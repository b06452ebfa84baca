"""JSON doors to links: one's own, and what they show to whoever has one."""

from typing import Any
from uuid import UUID

from flask_smorest import Blueprint

from moviesite.lists import presenting, share_queries, share_service, sharing
from moviesite.lists.schemas import (
    NewShareSchema,
    SharedArgs,
    SharedPageSchema,
    ShareLinkPageSchema,
    ShareLinkSchema,
)
from moviesite.web.access_tokens import signed_in
from moviesite.web.idempotency_key import ONCE_HEADER, asked_for, once
from moviesite.web.identity import current_user, user_or_none
from moviesite.web.paging import numbered_page
from moviesite.web.schemas import PagedArgs
from moviesite.web.throttle import browse_limit
from moviesite.web.versions import ask_each_time

api = Blueprint(
    "shares",
    __name__,
    url_prefix="/api/v1",
    description="Links that show a list, the favorites or the watchlist, always up to date.",
)
api.after_request(ask_each_time)


@api.get("/me/shares")
@browse_limit
@signed_in(api)
@api.arguments(PagedArgs, location="query")
@api.response(200, ShareLinkPageSchema)
def shares(args: dict[str, Any]) -> Any:
    """The caller's shared links, newest first."""
    page, size = args["page"], args["page_size"]
    found, count = share_queries.shares_of(current_user(), page=page, page_size=size)
    return numbered_page(found, page=page, page_size=size, count=count)


@api.post("/me/shares")
@browse_limit
@signed_in(api)
@api.doc(parameters=[ONCE_HEADER])
@api.arguments(NewShareSchema)
@api.response(201, ShareLinkSchema)
@api.alt_response(403, description="The list belongs to someone else.")
@api.alt_response(409, description="The caller has the maximum number of shared links.")
def share(given: dict[str, Any]) -> Any:
    """Create a shared link to one of the caller's lists, the favorites or the watchlist."""
    user = current_user()
    key = once(f"share:{user.uuid}", asked_for(given))
    return share_service.share(user, given.pop("source"), given.pop("name"), **given, once=key)


@api.delete("/me/shares/<uuid:share_id>")
@browse_limit
@signed_in(api)
@api.response(204)
@api.alt_response(404, description="The caller has no such link.")
def revoke(share_id: UUID) -> None:
    """Remove a shared link; it stops working."""
    share_service.revoke(current_user(), share_id)


@api.get("/shared/<token>")
@browse_limit
@api.arguments(SharedArgs, location="query")
@api.response(200, SharedPageSchema)
@api.alt_response(404, description="There was never such a link.")
@api.alt_response(410, description="It has expired, was removed, or what it showed was deleted.")
def shared(args: dict[str, Any], token: str) -> Any:
    """What a link shows right now, for anyone who has it."""
    opened = share_queries.opened(token)
    user, page, size = user_or_none(), args["page"], args["page_size"]
    content = sharing.content(opened, user, page=page, page_size=size)
    return numbered_page(
        presenting.rows_for(content.rows, user),
        page=page,
        page_size=size,
        count=content.total,
        name=opened.link.name,
        owner=opened.owner,
    )
