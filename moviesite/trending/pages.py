"""HTML doors of what trends: the charts, and how they come about."""

from flask import Blueprint, Response, render_template

from moviesite.catalogue import live, presenting
from moviesite.library import shelves as own_shelves
from moviesite.trending import forms, formula, queries
from moviesite.trending.presenting import trends_for
from moviesite.trending.schemas import MOST
from moviesite.web.htmx import render
from moviesite.web.identity import user_or_none
from moviesite.web.public import public
from moviesite.web.throttle import browse_limit
from moviesite.web.viewing import current_language, current_region

pages = Blueprint("trending_pages", __name__)


@pages.get("/trending")
@public("time_range", "limit")
@browse_limit
def trending() -> Response:
    """What trends over a day or a week, in order, saying by whose counting."""
    wanted = forms.trending_wish()
    user = user_or_none()
    trends = trends_for(
        user, wanted.time_range, wanted.limit, queries.BLEND, current_language(), current_region()
    )
    return render(
        "trending/trending.html",
        "trending/_fragment.html",
        wanted=wanted,
        trends=trends,
        mine=own_shelves.mine(user, (trend.movie for trend in (*trends.results, *trends.rising))),
        ours=[trend for trend in trends.results if trend.score_source == queries.LOCAL],
        theirs=[trend for trend in trends.results if trend.score_source == queries.TMDB],
        theirs_name=live.source_in_words(),
        source=presenting.source_of(trends.answer) if trends.answer else None,
        has_more=len(trends.results) == wanted.limit < MOST,
        most=MOST,
    )


@pages.get("/trending/how")
@public()
def how() -> str:
    """The formula, explained to people."""
    return render_template("trending/how.html", formula=formula)
