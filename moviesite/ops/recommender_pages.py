"""HTML door to the recommender's trainings, for those who run the site."""

from flask import Blueprint, render_template

from moviesite.models.recommendations import IN_SERVICE
from moviesite.recommendations import queries
from moviesite.web import admins
from moviesite.web.throttle import browse_limit

pages = Blueprint("recommender_pages", __name__, url_prefix="/admin/recommender")
admins.guard(pages)


@pages.get("/runs")
@browse_limit
def runs() -> str:
    """The latest trainings, and which model serves."""
    found = queries.runs()
    serving = next((run for run in found if run.status == IN_SERVICE), None)
    return render_template("ops/runs.html", runs=found, serving=serving)
