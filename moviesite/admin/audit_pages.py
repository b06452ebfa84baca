"""HTML door to the audit log. It can be read and nothing else."""

from flask import Blueprint, render_template, request

from moviesite.admin import audit_queries
from moviesite.admin.audit_queries import AuditWish
from moviesite.admin.schemas import AuditArgs
from moviesite.audit import WORDS
from moviesite.web import admins
from moviesite.web.arguments import loaded
from moviesite.web.throttle import browse_limit

pages = Blueprint("audit_pages", __name__, url_prefix="/admin")
admins.guard(pages)

_LABELS = {"since": "From", "until": "Until", "actor": "Who", "act": "What"}


@pages.get("/audit")
@browse_limit
def audit() -> str:
    """What those who run the site did, newest first."""
    given = {name: text for name, text in request.args.items() if text}
    args = loaded(AuditArgs, given, _LABELS)
    cursor, size = args.pop("cursor", None), args.pop("page_size")
    wish = AuditWish(**args)
    page = audit_queries.entries(wish, cursor=cursor, page_size=size)
    return render_template("admin/audit.html", page=page, wish=wish, acts=WORDS)
