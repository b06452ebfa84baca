"""JSON doors of statistics."""

from typing import Any

from flask_smorest import Blueprint

from moviesite.library import statistics_queries
from moviesite.library.statistics_schemas import (
    StatisticsArgs,
    StatisticsSchema,
    WatchlistStatisticsArgs,
    WatchlistStatisticsSchema,
)
from moviesite.web.access_tokens import signed_in
from moviesite.web.identity import current_user
from moviesite.web.throttle import browse_limit

api = Blueprint(
    "statistics", __name__, url_prefix="/api/v1/me", description="The caller's library in numbers."
)


@api.get("/watchlist/statistics")
@browse_limit
@signed_in(api)
@api.arguments(WatchlistStatisticsArgs, location="query")
@api.response(200, WatchlistStatisticsSchema)
def watchlist(args: dict[str, Any]) -> Any:
    """The watchlist in numbers."""
    return statistics_queries.watchlist_statistics(current_user(), args.get("region", ""))._asdict()


@api.get("/statistics")
@browse_limit
@signed_in(api)
@api.arguments(StatisticsArgs, location="query")
@api.response(200, StatisticsSchema)
def statistics(args: dict[str, Any]) -> Any:
    """What the caller has seen and rated, ever or in one year."""
    return statistics_queries.statistics(current_user(), args.get("year"))._asdict()
