"""JSON door to the log, for those who run the site."""

from typing import Any

from flask_smorest import Blueprint

from moviesite.ops import log_queries
from moviesite.ops.log_queries import LogWish
from moviesite.ops.log_schemas import LogArgs, LogSchema
from moviesite.web.admins import admins_only
from moviesite.web.throttle import browse_limit

api = Blueprint("log", __name__, url_prefix="/api/v1/admin", description="Recent events.")


@api.get("/log")
@browse_limit
@admins_only(api)
@api.arguments(LogArgs, location="query")
@api.response(200, LogSchema)
def log(args: dict[str, Any]) -> Any:
    """Warnings, errors, and a line for each request and job in all processes, newest first.

    Limited by count: the oldest lines go first.
    """
    before = args.pop("before")
    return log_queries.lines(LogWish(**args), before=before)
