"""HTML door to the log, for those who run the site."""

from flask import Blueprint, render_template, request

from moviesite.ops import log_queries
from moviesite.ops.log_queries import LEVELS, LogWish
from moviesite.ops.log_schemas import LogArgs
from moviesite.web import admins
from moviesite.web.arguments import loaded
from moviesite.web.throttle import browse_limit

pages = Blueprint("log_pages", __name__, url_prefix="/admin")
admins.guard(pages)

_LABELS = {"id": "Id", "query": "Words", "kind": "What", "level": "Level"}


@pages.get("/log")
@browse_limit
def log() -> str:
    """What happened lately, and all that belongs to one request."""
    args = loaded(LogArgs, request.args.to_dict(), _LABELS)
    before = args.pop("before")
    wish = LogWish(**args)
    return render_template(
        "ops/log.html",
        found=log_queries.lines(wish, before=before),
        wish=wish,
        older=bool(before),
        levels=LEVELS,
        capacity=log_queries.capacity(),
    )
