"""HTML door of the numbers behind what somebody saw, kept and rated."""

from flask import Blueprint, make_response, render_template
from werkzeug.wrappers import Response as AnyResponse

from moviesite.library import forms, queries
from moviesite.web.identity import current_user
from moviesite.web.personal import keep_private
from moviesite.web.throttle import browse_limit

pages = Blueprint("statistics_pages", __name__)
pages.after_request(keep_private)


@pages.get("/statistics")
@browse_limit
def statistics() -> AnyResponse:
    """Charts of all years, or of one."""
    user, year = current_user(), forms.year()
    found = queries.statistics(user, year)
    return make_response(render_template("library/statistics.html", found=found, year=year))
