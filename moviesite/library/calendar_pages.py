"""HTML doors to the address by which calendar apps follow somebody's watchlist."""

from flask import Blueprint, Response, redirect, url_for
from werkzeug.wrappers import Response as AnyResponse

from moviesite.library import calendar_queries, calendar_service
from moviesite.library.calendar_schemas import feed_address, webcal
from moviesite.web.conditional import keep_private
from moviesite.web.htmx import render, wants_fragment
from moviesite.web.identity import current_user
from moviesite.web.personal import Notice, notify
from moviesite.web.qr import qr_svg
from moviesite.web.throttle import browse_limit

pages = Blueprint("calendar_pages", __name__, url_prefix="/watchlist/calendar")
pages.after_request(keep_private)


@pages.get("")
@browse_limit
def calendar() -> Response:
    """The address and what a calendar app shows by it, or how to get one."""
    return _shown()


@pages.post("")
@browse_limit
def create() -> AnyResponse:
    """Make the address, or another one in its place."""
    user = current_user()
    replaced = calendar_queries.feed_of(user) is not None
    calendar_service.open_feed(user)
    return _done("Your new address is ready. The old one no longer works." if replaced else _READY)


@pages.post("/off")
@browse_limit
def remove() -> AnyResponse:
    """End the address at once."""
    calendar_service.close_feed(current_user())
    return _done("Your calendar address is removed and no longer works.")


_READY = "Your calendar address is ready."


def _done(said: str) -> AnyResponse:
    if wants_fragment():
        return _shown(said)
    notify(Notice(said))
    return redirect(url_for(".calendar"), 303)


def _shown(said: str = "") -> Response:
    user = current_user()
    feed = calendar_queries.feed_of(user)
    address = feed_address(feed.token) if feed else None
    return render(
        "library/calendar.html",
        "library/_calendar.html",
        address=address,
        webcal=webcal(address) if address else None,
        upcoming=calendar_queries.releases_of(user, upcoming=True),
        qr_svg=qr_svg,
        said=said,
    )
