"""JSON and CSV door to how the site is used, for those who run it."""

from collections.abc import Sequence
from typing import Any

import marshmallow as ma
from flask import Response
from flask_smorest import Blueprint

from moviesite import spreadsheets
from moviesite.ops import analytics_queries
from moviesite.ops.analytics_schemas import (
    ActiveSchema,
    ActiveUsersSchema,
    AnalyticsArgs,
    AnalyticsSchema,
    DaySchema,
    MostWatchedSchema,
    NewUsersSchema,
    SignUpSchema,
    VainSchema,
    VainSearchesSchema,
    WatchedSchema,
)
from moviesite.web.admins import admins_only
from moviesite.web.downloads import download
from moviesite.web.openapi import ALSO_CSV
from moviesite.web.throttle import browse_limit

api = Blueprint(
    "analytics",
    __name__,
    url_prefix="/api/v1/admin/analytics",
    description="How the site is used, in numbers by day. No one is named.",
)


@api.get("")
@browse_limit
@admins_only(api)
@api.doc(**ALSO_CSV)
@api.arguments(AnalyticsArgs, location="query")
@api.response(200, AnalyticsSchema)
def analytics(args: dict[str, Any]) -> Any:
    """Everything; as CSV, only the days."""
    span = args["days"]
    days = analytics_queries.days(span)
    if args["format"] == "csv":
        return table("days", DaySchema, days)
    return {
        "days": span,
        "counted_at": analytics_queries.counted_at(),
        "by_day": days,
        "most_watched": analytics_queries.most_watched(span),
        "searched_in_vain": analytics_queries.searched_in_vain(span),
    }


@api.get("/most-watched")
@browse_limit
@admins_only(api)
@api.doc(**ALSO_CSV)
@api.arguments(AnalyticsArgs, location="query")
@api.response(200, MostWatchedSchema)
def most_watched(args: dict[str, Any]) -> Any:
    """Movies seen to their end most often."""
    rows = analytics_queries.most_watched(args["days"])
    return _answer(args, "most-watched", WatchedSchema, rows)


@api.get("/new-users")
@browse_limit
@admins_only(api)
@api.doc(**ALSO_CSV)
@api.arguments(AnalyticsArgs, location="query")
@api.response(200, NewUsersSchema)
def new_users(args: dict[str, Any]) -> Any:
    """New accounts by day, and how they signed up."""
    return _answer(args, "new-users", SignUpSchema, analytics_queries.days(args["days"]))


@api.get("/daily-active-users")
@browse_limit
@admins_only(api)
@api.doc(**ALSO_CSV)
@api.arguments(AnalyticsArgs, location="query")
@api.response(200, ActiveUsersSchema)
def daily_active_users(args: dict[str, Any]) -> Any:
    """Active people by day, and in the week and month ending on it."""
    return _answer(args, "active-users", ActiveSchema, analytics_queries.days(args["days"]))


@api.get("/searches")
@browse_limit
@admins_only(api)
@api.doc(**ALSO_CSV)
@api.arguments(AnalyticsArgs, location="query")
@api.response(200, VainSearchesSchema)
def searches(args: dict[str, Any]) -> Any:
    """Searches with no results, and how often; never who typed them."""
    rows = analytics_queries.searched_in_vain(args["days"])
    return _answer(args, "searches-in-vain", VainSchema, rows)


def _answer(args: dict[str, Any], name: str, schema: type[ma.Schema], rows: Sequence[Any]) -> Any:
    if args["format"] == "csv":
        return table(name, schema, rows)
    return {"days": args["days"], "results": rows}


def table(name: str, schema: type[ma.Schema], rows: Sequence[Any]) -> Response:
    """The rows as a file, with the names that JSON has."""
    shown = schema(many=True).dump(rows)
    names = list(schema().dump_fields)
    body = spreadsheets.written(names, ([row[one] for one in names] for row in shown))
    return download(body.encode(), f"moviesite-{name}.csv", "text/csv")
