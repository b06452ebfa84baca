"""HTML doors of what trends."""

from flask import Blueprint, render_template

from moviesite.catalogue import presenting
from moviesite.library.presenting import offered
from moviesite.trending import forms, queries
from moviesite.web.identity import user_or_none
from moviesite.web.public import public
from moviesite.web.throttle import browse_limit
from moviesite.web.viewing import current_language, current_region

pages = Blueprint("trending_pages", __name__)


@pages.get("/trending")
@public("time_range", "limit")
@public("time_range", "limit")
@browse_limit
def trending() -> str:
    """What trends over a day or a week, in order, saying by whose counting."""
    wanted = forms.trending_wish()
    trends = queries.trending(
        wanted.time_range, wanted.limit, "blend", current_language(), current_region()
    )
    allowed = {m.id for m in offered([t.movie for t in trends.results], user_or_none())}
    trends = trends._replace(results=[t for t in trends.results if t.movie.id in allowed])
    return render_template(
        "trending/trending.html",
        wanted=wanted,
        trends=trends,
        source=presenting.source_of(trends.answer) if trends.answer else None,
        most=forms.MOST,
    )
