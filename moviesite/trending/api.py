"""JSON doors of what trends."""

from typing import Any

from flask_smorest import Blueprint

from moviesite.catalogue import presenting
from moviesite.trending import presenting as own
from moviesite.trending.schemas import TrendingArgs, TrendingSchema
from moviesite.web.identity import user_or_none
from moviesite.web.public import public
from moviesite.web.throttle import browse_limit
from moviesite.web.viewing import current_language, current_region

api = Blueprint("trending", __name__, url_prefix="/api/v1", description="What people watch now.")


@api.get("/movies/trending")
@public("time_range", "limit", "score_source")
@browse_limit
@api.arguments(TrendingArgs, location="query")
@api.response(200, TrendingSchema)
def trending(args: dict[str, Any]) -> Any:
    """What is trending here, filled up with TMDb's own order while there are few visitors."""
    user = user_or_none()
    trends = own.trends_for(
        user,
        args["time_range"],
        args["limit"],
        args["score_source"],
        current_language(),
        current_region(),
    )
    rows = own.rows([*trends.results, *trends.rising], user)
    return {
        "results": rows[: len(trends.results)],
        "rising": rows[len(trends.results) :],
        "computed_at": trends.computed_at,
        "score_source": trends.score_source,
        "stale": trends.stale,
        "note": trends.note,
        "source": presenting.source_of(trends.answer) if trends.answer else None,
    }
