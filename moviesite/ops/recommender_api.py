"""JSON door to the recommender's trainings, for those who run the site."""

from typing import Any

from flask_smorest import Blueprint

from moviesite.ops import recommender_service
from moviesite.ops.recommender_schemas import (
    RecommenderRunSchema,
    RecommenderRunsSchema,
    RunArgs,
)
from moviesite.recommendations import queries
from moviesite.web.admins import admins_only
from moviesite.web.identity import current_user
from moviesite.web.throttle import browse_limit

api = Blueprint(
    "recommender",
    __name__,
    url_prefix="/api/v1/admin/recommender",
    description="What the models were trained on, and which one is in use.",
)


@api.get("/runs")
@browse_limit
@admins_only(api)
@api.arguments(RunArgs, location="query")
@api.response(200, RecommenderRunsSchema)
def runs(args: dict[str, Any]) -> Any:
    """The latest training runs, newest first."""
    return {"results": queries.runs(limit=args["limit"])}


@api.post("/roll-back")
@browse_limit
@admins_only(api)
@api.response(200, RecommenderRunSchema)
@api.alt_response(404, description="There is no earlier model.")
@api.alt_response(409, description="Another one was put into use at the same time.")
def roll_back() -> Any:
    """Roll back to the previous model; done twice, the newer one is back."""
    return recommender_service.roll_back(current_user())
