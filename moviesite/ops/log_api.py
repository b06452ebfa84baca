"""JSON door to the log, for those who run the site."""

from typing import Any

from flask_smorest import Blueprint

from moviesite.ops import log_queries
from moviesite.ops.log_queries import LogWish
from moviesite.ops.log_schemas import LogArgs, LogSchema
from moviesite.web.admins import admins_only
from moviesite.web.throttle import browse_limit

api = Blueprint("log", __name__, url_prefix="/api/v1/admin", description="What happened lately.")


@api.get("/log")
@browse_limit
@admins_only(api)
@api.arguments(LogArgs, location="query")
@api.response(200, LogSchema)
def log(args: dict[str, Any]) -> Any:
    """Warnings, errors, and a summary of each request and job, newest first, of all processes.

    Bounded by count: what is oldest goes first.
    """
    before = args.pop("before")
    return log_queries.lines(LogWish(**args), before=before)
