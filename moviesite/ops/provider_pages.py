"""HTML door to outside sources and the cache, for those who run the site."""

from flask import Blueprint, render_template, url_for
from werkzeug.wrappers import Response as AnyResponse

from moviesite.ops import provider_queries, provider_service
from moviesite.web import admins
from moviesite.web.identity import current_user
from moviesite.web.throttle import browse_limit

pages = Blueprint("provider_pages", __name__, url_prefix="/admin")
admins.guard(pages)


@pages.get("/providers")
@browse_limit
def providers() -> str:
    """How the sources are doing, what the cache spares them, how old what is kept is."""
    return render_template("ops/providers.html", found=provider_queries.providers())


@pages.get("/providers/purge")
@browse_limit
@admins.confirmed
def ask_to_purge() -> str:
    """What a purge does, before it is done."""
    return render_template("ops/purge.html")


@pages.post("/providers/purge")
@browse_limit
@admins.confirmed
def purge() -> AnyResponse:
    """Have everything that came from TMDb deleted."""
    provider_service.purge(current_user())
    words = "A worker is deleting everything that came from TMDb."
    return admins.done(words, url_for(".providers"))
