"""HTML doors of reported reviews for those who run the site. No statement of its own."""

from collections.abc import Container
from uuid import UUID

from flask import Blueprint, request
from flask import url_for as address_of
from werkzeug.wrappers import Response as AnyResponse

from moviesite.admin import report_queries, report_service
from moviesite.admin.page_forms import answered
from moviesite.admin.schemas import page_asked
from moviesite.errors import Outdated
from moviesite.web import admins
from moviesite.web.admins import done
from moviesite.web.identity import current_user
from moviesite.web.page_forms import Form
from moviesite.web.schemas import PagedArgs
from moviesite.web.throttle import browse_limit

pages = Blueprint("admin_review_pages", __name__, url_prefix="/admin/reviews")
admins.guard(pages)


@pages.get("")
@browse_limit
def reports() -> AnyResponse:
    """Reviews that people object to, last reported first."""
    page = page_asked(PagedArgs, request.args)["page"]
    found = report_queries.reported(page=page)
    return answered("admin/reports.html", Form("reports"), found=found, page=page)


@pages.post("/<uuid:review_id>/dismiss")
@browse_limit
def dismiss(review_id: UUID) -> AnyResponse:
    """Let a review stand."""
    try:
        count = report_service.dismiss(current_user(), review_id, if_match=_read())
    except Outdated as error:
        return _edited(error)
    words = "One report is" if count == 1 else f"{count} reports are"
    return done(f"{words} dismissed. The review stays.", address_of(".reports"))


@pages.post("/<uuid:review_id>/remove")
@browse_limit
def remove(review_id: UUID) -> AnyResponse:
    """Take a review away."""
    try:
        report_service.remove(current_user(), review_id, if_match=_read())
    except Outdated as error:
        return _edited(error)
    return done("The review and the reports about it are removed.", address_of(".reports"))


def _read() -> Container[int] | None:
    """The version of the review that the page showed."""
    version = request.form.get("version", type=int)
    return None if version is None else (version,)


def _edited(error: Outdated) -> AnyResponse:
    return done(f"{error} Nothing was done.", address_of(".reports"))
