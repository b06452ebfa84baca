"""JSON doors of the address by which calendar apps follow the caller's watchlist."""

from typing import Any

from flask_smorest import Blueprint

from moviesite.errors import NotFound
from moviesite.library import calendar_queries, calendar_service
from moviesite.library.calendar_schemas import CalendarFeedSchema
from moviesite.web.access_tokens import signed_in
from moviesite.web.idempotency_key import ONCE_HEADER, once
from moviesite.web.identity import current_user
from moviesite.web.throttle import browse_limit

api = Blueprint(
    "calendar",
    __name__,
    url_prefix="/api/v1/me",
    description="A calendar of the releases on the caller's watchlist, for any calendar app.",
)


@api.get("/calendar-feed")
@browse_limit
@signed_in(api)
@api.response(200, CalendarFeedSchema)
@api.alt_response(404, description="The caller has no calendar address.")
def feed() -> Any:
    """The caller's calendar address."""
    found = calendar_queries.feed_of(current_user())
    if found is None:
        raise NotFound("You have no calendar address.")
    return found


@api.post("/calendar-feed")
@browse_limit
@signed_in(api)
@api.doc(parameters=[ONCE_HEADER])
@api.response(201, CalendarFeedSchema)
@api.alt_response(404, description="The address created with this key no longer works.")
def create() -> Any:
    """Create the calendar address, or a new one: the one before stops working."""
    user = current_user()
    return calendar_service.open_feed(user, once(f"calendar-feed:{user.uuid}", ""))


@api.delete("/calendar-feed")
@browse_limit
@signed_in(api)
@api.response(204)
def remove() -> None:
    """Remove the calendar address; it stops working."""
    calendar_service.close_feed(current_user())
