"""HTML doors of the programme's lists for those who run the site. No statement of its own."""

from uuid import UUID

from flask import Blueprint, request
from flask import url_for as address_of
from werkzeug.wrappers import Response as AnyResponse

from moviesite.admin import list_queries, list_service
from moviesite.admin.page_forms import REFUSALS, answered
from moviesite.admin.report_schemas import AdminListsArgs
from moviesite.admin.schemas import page_asked
from moviesite.web import admins
from moviesite.web.admins import done
from moviesite.web.identity import current_user
from moviesite.web.page_forms import Form
from moviesite.web.throttle import browse_limit

pages = Blueprint("admin_list_pages", __name__, url_prefix="/admin/lists")
admins.guard(pages)


@pages.get("")
@browse_limit
def lists() -> AnyResponse:
    """Public lists, most followed first, or those of the programme."""
    return _list(Form("lists"))


@pages.post("/<uuid:list_id>")
@browse_limit
def curate(list_id: UUID) -> AnyResponse:
    """Put a list into the programme, or take it out."""
    chosen = request.form.get("curated") == "1"
    try:
        list_service.curate(current_user(), list_id, chosen)
    except REFUSALS as error:
        return _list(Form("lists").fail(error))
    words = "The list is now featured." if chosen else "The list is no longer featured."
    return done(words, address_of(".lists", show=request.form.get("show") or None))


def _list(form: Form) -> AnyResponse:
    args = page_asked(AdminListsArgs, request.args)
    search, show, page = args.get("search", ""), args["show"], args["page"]
    found = list_queries.lists(search, show, page=page)
    return answered("admin/lists.html", form, found=found, search=search, show=show, page=page)
