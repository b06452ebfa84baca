"""JSON doors of what trends."""

from typing import Any

from flask_smorest import Blueprint

from moviesite.catalogue import presenting
from moviesite.library.presenting import offered, with_viewer
from moviesite.trending import queries
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
    """What trends; by TMDb's order, and saying so, as long as nothing is counted here."""
    trends = queries.trending(
        args["time_range"],
        args["limit"],
        args["score_source"],
        current_language(),
        current_region(),
    )
    user = user_or_none()
    allowed = {movie.id for movie in offered([trend.movie for trend in trends.results], user)}
    results = [trend for trend in trends.results if trend.movie.id in allowed]
    shown = with_viewer(presenting.listed([trend.movie for trend in results]), user)
    return {
        "results": [
            {**item._asdict(), "score": trend.score, "why": trend.why}
            for item, trend in zip(shown, results, strict=True)
        ],
        "computed_at": trends.computed_at,
        "score_source": trends.score_source,
        "source": presenting.source_of(trends.answer) if trends.answer else None,
    }
