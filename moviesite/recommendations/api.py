"""JSON door to what the caller is recommended."""

from typing import Any

from flask_smorest import Blueprint

from moviesite.recommendations.forms import wish_of
from moviesite.recommendations.presenting import as_json, recommended
from moviesite.recommendations.schemas import RecommendationArgs, RecommendationsSchema
from moviesite.recommendations.starting import offered_to
from moviesite.web.access_tokens import signed_in
from moviesite.web.identity import current_user
from moviesite.web.throttle import browse_limit
from moviesite.web.viewing import current_language, current_region

api = Blueprint(
    "recommendations",
    __name__,
    url_prefix="/api/v1/me",
    description="Recommendations for the caller.",
)


@api.get("/recommendations")
@browse_limit
@signed_in(api)
@api.arguments(RecommendationArgs, location="query")
@api.response(200, RecommendationsSchema)
def recommendations(args: dict[str, Any]) -> Any:
    """Movies for the caller, each with the reasons behind its score.

    At most three reasons are named; the last one, `rest`, is everything else. Every change the
    caller makes shows in the very next answer. Until there is one, trending movies are mixed with
    well-known movies of many kinds.
    """
    user = current_user()
    picks = offered_to(user, wish_of(args), current_language(), current_region())
    return {
        "results": [as_json(one) for one in recommended(picks.rows, user)],
        "strategy": args["strategy"],
        "personal": picks.personal,
        "computed_at": picks.computed_at,
    }
