"""HTML door to the overview of the administration. Changes nothing."""

from flask import Blueprint, render_template

from moviesite.admin import queries
from moviesite.audit import WORDS
from moviesite.web import admins
from moviesite.web.throttle import browse_limit

pages = Blueprint("admin_pages", __name__, url_prefix="/admin")
admins.guard(pages)


@pages.get("")
@browse_limit
def overview() -> str:
    """How the site stands, and what was done last."""
    return render_template(
        "admin/overview.html",
        figures=queries.overview(),
        latest=queries.latest_acts(),
        acts=WORDS,
    )
