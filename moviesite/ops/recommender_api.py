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
    description="What recommending was learnt from, and which model serves.",
)


@api.get("/runs")
@browse_limit
@admins_only(api)
@api.arguments(RunArgs, location="query")
@api.response(200, RecommenderRunsSchema)
def runs(args: dict[str, Any]) -> Any:
    """The latest trainings, newest first."""
    return {"results": queries.runs(limit=args["limit"])}


@api.post("/roll-back")
@browse_limit
@admins_only(api)
@api.response(200, RecommenderRunSchema)
@api.alt_response(404, description="No earlier model is left.")
@api.alt_response(409, description="Another one was put into service at this moment.")
def roll_back() -> Any:
    """Put the model that was replaced last back into service; done twice, the newer is back."""
    return recommender_service.roll_back(current_user())
