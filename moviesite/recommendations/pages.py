"""HTML door to what somebody is recommended."""

from flask import Blueprint, Response

from moviesite import clock
from moviesite.catalogue import genres
from moviesite.recommendations.forms import present_wish
from moviesite.recommendations.presenting import recommended
from moviesite.recommendations.starting import offered_to
from moviesite.web.conditional import keep_private
from moviesite.web.htmx import render
from moviesite.web.identity import current_user
from moviesite.web.throttle import browse_limit
from moviesite.web.viewing import current_language, current_region

pages = Blueprint("recommendations_pages", __name__)
pages.after_request(keep_private)

_FIRST_DECADE = 1920


@pages.get("/for-you")
@browse_limit
def for_you() -> Response:
    """Films for somebody, each with the reasons why; to begin with, those that anybody is shown."""
    user, wish = current_user(), present_wish()
    picks = offered_to(user, wish, current_language(), current_region())
    shown = recommended(picks.rows, user)
    return render(
        "recommendations/for_you.html",
        "recommendations/_picks.html",
        wish=wish,
        picks=picks,
        shown=shown,
        mine={one.item.movie.id: one.item.viewer for one in shown},
        genres=genres.everything(current_language()),
        decades=_decades(clock.now().year),
    )


def _decades(year: int) -> range:
    """Those that have begun by a year, newest first."""
    return range(year - year % 10, _FIRST_DECADE - 1, -10)
