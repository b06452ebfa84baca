"""JSON doors of reported reviews and of the programme's lists, for those who run the site."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from flask_smorest import Blueprint

from moviesite.admin import list_queries, list_service, report_queries, report_service
from moviesite.admin.report_schemas import (
    AdminListPageSchema,
    AdminListsArgs,
    AdminListSchema,
    CuratedSchema,
    DismissedSchema,
    ReportedPageSchema,
    ReportedSchema,
)
from moviesite.errors import Outdated
from moviesite.web.admins import admins_only
from moviesite.web.identity import current_user
from moviesite.web.paging import numbered_page
from moviesite.web.schemas import PagedArgs
from moviesite.web.throttle import browse_limit
from moviesite.web.versions import IF_MATCH_HEADER, expected_versions

_CHANGED = "Edited in the meantime; `present` is the review as it is now."

api = Blueprint(
    "admin_reviews",
    __name__,
    url_prefix="/api/v1/admin",
    description="Reported reviews and featured lists, for admins.",
)


@api.get("/reviews")
@browse_limit
@admins_only(api)
@api.arguments(PagedArgs, location="query")
@api.response(200, ReportedPageSchema)
def reported(args: dict[str, Any]) -> Any:
    """Reported reviews, most recently reported first."""
    page, size = args["page"], args["page_size"]
    found = report_queries.reported(page=page, page_size=size)
    return numbered_page(found.rows, page=page, page_size=size, count=found.total)


@api.get("/reviews/<uuid:review_id>")
@browse_limit
@admins_only(api)
@api.response(200, ReportedSchema)
@api.alt_response(404, description="No such review.")
def one(review_id: UUID) -> Any:
    """One review with its open reports."""
    return report_queries.one(review_id)


@api.post("/reviews/<uuid:review_id>/dismiss")
@browse_limit
@admins_only(api)
@api.doc(parameters=[IF_MATCH_HEADER])
@api.response(200, DismissedSchema)
@api.alt_response(404, description="No such review, or it has no reports.")
@api.alt_response(412, description=_CHANGED)
def dismiss(review_id: UUID) -> Any:
    """Keep a review and dismiss its reports."""
    with _showing(review_id):
        count = report_service.dismiss(current_user(), review_id, if_match=expected_versions())
    return {"dismissed": count}


@api.delete("/reviews/<uuid:review_id>")
@browse_limit
@admins_only(api)
@api.doc(parameters=[IF_MATCH_HEADER])
@api.response(204)
@api.alt_response(404, description="No such review.")
@api.alt_response(412, description=_CHANGED)
def remove(review_id: UUID) -> None:
    """Remove a review and the reports about it."""
    with _showing(review_id):
        report_service.remove(current_user(), review_id, if_match=expected_versions())


@contextmanager
def _showing(review_id: UUID) -> Iterator[None]:
    """Whoever decides on what was edited meanwhile gets to read it."""
    try:
        yield
    except Outdated as error:
        error.extra["present"] = ReportedSchema().dump(report_queries.one(review_id))
        raise


@api.get("/lists")
@browse_limit
@admins_only(api)
@api.arguments(AdminListsArgs, location="query")
@api.response(200, AdminListPageSchema)
def lists(args: dict[str, Any]) -> Any:
    """Public lists, most followed first, or only the featured ones."""
    page, size = args["page"], args["page_size"]
    found = list_queries.lists(args.get("search", ""), args["show"], page=page, page_size=size)
    return numbered_page(found.rows, page=page, page_size=size, count=found.total)


@api.patch("/lists/<uuid:list_id>")
@browse_limit
@admins_only(api)
@api.arguments(CuratedSchema)
@api.response(200, AdminListSchema)
@api.alt_response(404, description="No such list.")
@api.alt_response(409, description="Not everybody may see it.")
def curate(given: dict[str, Any], list_id: UUID) -> Any:
    """Feature a public list, or stop featuring it."""
    list_service.curate(current_user(), list_id, given["curated"])
    return list_queries.one(list_id)
