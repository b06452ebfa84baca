"""HTML door to what is cached. No statement of its own."""

from flask import Blueprint, request
from flask import url_for as address_of
from werkzeug.wrappers import Response as AnyResponse

from moviesite.admin import caches_service
from moviesite.admin.caches_service import CHOICES
from moviesite.admin.page_forms import REFUSALS, answered
from moviesite.web import admins
from moviesite.web.admins import done
from moviesite.web.identity import current_user
from moviesite.web.page_forms import Form
from moviesite.web.throttle import browse_limit

pages = Blueprint("admin_cache_pages", __name__, url_prefix="/admin/cache")
admins.guard(pages)


@pages.get("")
@browse_limit
def caches() -> AnyResponse:
    """The kinds of what is cached."""
    return answered("admin/caches.html", Form("cache"), kinds=CHOICES)


@pages.post("")
@browse_limit
def refresh() -> AnyResponse:
    """Have one kind asked for anew."""
    kind = request.form.get("kind", "")
    try:
        gone = caches_service.refresh(current_user(), kind)
    except REFUSALS as error:
        return answered("admin/caches.html", Form("cache").fail(error), kinds=CHOICES)
    entries = "entry" if gone == 1 else "entries"
    words = f"{CHOICES[kind]}: {gone:,} {entries} cleared. The next request will fetch fresh data."
    return done(words, address_of(".caches"))
