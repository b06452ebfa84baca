"""HTML door to how the site is used, for those who run it."""

from collections.abc import Callable, Sequence
from typing import Any

import marshmallow as ma
from flask import Blueprint, Response, render_template, request

from moviesite.errors import NotFound
from moviesite.ops import analytics_queries, charts
from moviesite.ops.analytics_api import table
from moviesite.ops.analytics_queries import SPANS, Day
from moviesite.ops.analytics_schemas import (
    ActiveSchema,
    AnalyticsArgs,
    SignUpSchema,
    VainSchema,
    WatchedSchema,
)
from moviesite.web import admins
from moviesite.web.arguments import loaded
from moviesite.web.throttle import browse_limit

pages = Blueprint("analytics_pages", __name__, url_prefix="/admin")
admins.guard(pages)

_LABELS = {"days": "Days"}
_SHOWN = 20


@pages.get("/analytics")
@browse_limit
def analytics() -> str:
    """Charts and tables of the last days."""
    span = _span()
    days = analytics_queries.days(span)
    return render_template(
        "ops/analytics.html",
        span=span,
        spans=SPANS,
        today=days[-1],
        days=days,
        charts=_charts(days),
        watched=analytics_queries.most_watched(span, _SHOWN),
        vain=analytics_queries.searched_in_vain(span)[:_SHOWN],
        counted_at=analytics_queries.counted_at(),
    )


@pages.get("/analytics/<table_name>.csv")
@browse_limit
def download(table_name: str) -> Response:
    """The numbers of one chart as a file."""
    found = _TABLES.get(table_name)
    if found is None:
        raise NotFound
    schema, rows = found
    return table(table_name, schema, rows(_span()))


_TABLES: dict[str, tuple[type[ma.Schema], Callable[[int], Sequence[Any]]]] = {
    "most-watched": (WatchedSchema, analytics_queries.most_watched),
    "new-users": (SignUpSchema, analytics_queries.days),
    "active-users": (ActiveSchema, analytics_queries.days),
    "searches-in-vain": (VainSchema, analytics_queries.searched_in_vain),
}


def _span() -> int:
    span: int = loaded(AnalyticsArgs, request.args.to_dict(), _LABELS)["days"]
    return span


def _charts(days: Sequence[Day]) -> dict[str, list[charts.Column]]:
    return {
        "active": charts.columns(days, lambda day: day.active_day, adds_up=False),
        "joined": charts.columns(days, lambda day: day.new_users, adds_up=True),
        "plays": charts.columns(days, lambda day: day.plays, adds_up=True),
    }
