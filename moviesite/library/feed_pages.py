"""The door of calendar apps: no cookie and no sign-in, the secret in the address lets them in."""

from urllib.parse import urlsplit

from flask import Blueprint, request
from werkzeug.wrappers import Response as AnyResponse

from moviesite.config import current_config
from moviesite.library import calendar_queries, ical
from moviesite.web.conditional import keep_out_of_searches
from moviesite.web.downloads import download
from moviesite.web.filters import absolute, movie_url
from moviesite.web.site import Site
from moviesite.web.throttle import browse_limit

pages = Blueprint("feed_pages", __name__)
pages.after_request(keep_out_of_searches)


@pages.get("/calendar/<token>.ics")
@browse_limit
def feed(token: str) -> AnyResponse:
    """Releases of the watchlist that this address shows: two statements.

    Without a `Last-Modified`: a film that was taken off the list leaves no date behind, and whoever
    asked by date alone would go on showing it.
    """
    releases = calendar_queries.releases_of(calendar_queries.shown_by(token))
    linked = [(release, absolute(movie_url(release)) or "") for release in releases]
    host = urlsplit(current_config().public_url).hostname or Site.name
    # A name of its own: browsers would save the file under its address, secret and all.
    body = ical.calendar_of(linked, f"{Site.name}: watchlist", host)
    response = download(body, "watchlist.ics", "text/calendar")
    response.headers["Cache-Control"] = "private, no-cache"
    response.add_etag()
    return response.make_conditional(request)
