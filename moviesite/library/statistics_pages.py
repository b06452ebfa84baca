"""HTML door of the numbers behind what somebody saw, kept and rated."""

from flask import Blueprint, render_template

from moviesite.library import charts, forms, statistics_queries
from moviesite.library.charts import Bar
from moviesite.library.statistics_queries import Statistics
from moviesite.web.conditional import keep_private
from moviesite.web.filters import country_name
from moviesite.web.identity import current_user
from moviesite.web.throttle import browse_limit

pages = Blueprint("statistics_pages", __name__)
pages.after_request(keep_private)


@pages.get("/statistics")
@browse_limit
def statistics() -> str:
    """Charts of all years, or of one."""
    user, year = current_user(), forms.year()
    found = statistics_queries.statistics(user, year)
    return render_template(
        "library/statistics.html",
        found=found,
        year=year,
        charts=_charts(found),
        kept=user.favorite_count,
        wished=user.watchlist_count,
    )


def _charts(found: Statistics) -> dict[str, list[Bar]]:
    return {
        "ratings": charts.stars(found.ratings),
        "months": charts.months(found.months),
        "genres": charts.named(found.genres),
        "decades": charts.decades(found.decades),
        "lengths": charts.lengths(found.lengths),
        "countries": [
            row._replace(label=country_name(row.label)) for row in charts.named(found.countries)
        ],
        "directors": charts.recurring(found.directors),
        "actors": charts.recurring(found.actors),
    }
