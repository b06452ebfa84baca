"""HTML door to the recommender's trainings, for those who run the site."""

from flask import Blueprint, render_template, url_for
from werkzeug.wrappers import Response as AnyResponse

from moviesite.errors import Conflict, NotFound
from moviesite.models.recommendations import IN_SERVICE, REPLACED
from moviesite.ops import recommender_service
from moviesite.recommendations import queries
from moviesite.web import admins
from moviesite.web.identity import current_user
from moviesite.web.throttle import browse_limit

pages = Blueprint("recommender_pages", __name__, url_prefix="/admin/recommender")
admins.guard(pages)


@pages.get("/runs")
@browse_limit
def runs() -> str:
    """The latest trainings, and which model serves."""
    found = queries.runs()
    serving = next((run for run in found if run.status == IN_SERVICE), None)
    earlier = any(run.status == REPLACED for run in found)
    return render_template("ops/runs.html", runs=found, serving=serving, earlier=earlier)


@pages.post("/roll-back")
@browse_limit
def roll_back() -> AnyResponse:
    """Put the model before this one back into service."""
    try:
        words = f"{recommender_service.roll_back(current_user()).version} is now in use."
    except (NotFound, Conflict) as error:
        words = error.detail
    return admins.done(words, url_for(".runs"))
