"""JSON door to the audit log. It can be read and nothing else."""

from typing import Any

from flask_smorest import Blueprint

from moviesite.admin import audit_queries
from moviesite.admin.audit_queries import AuditWish
from moviesite.admin.schemas import AuditArgs, AuditPageSchema
from moviesite.web.admins import admins_only
from moviesite.web.paging import cursor_page
from moviesite.web.throttle import browse_limit

api = Blueprint(
    "audit", __name__, url_prefix="/api/v1/admin", description="What admins did, when and to what."
)


@api.get("/audit")
@browse_limit
@admins_only(api)
@api.arguments(AuditArgs, location="query")
@api.response(200, AuditPageSchema)
def audit(args: dict[str, Any]) -> Any:
    """What admins did, newest first."""
    cursor, size = args.pop("cursor", None), args.pop("page_size")
    page = audit_queries.entries(AuditWish(**args), cursor=cursor, page_size=size)
    rows = [{**_columns(row), "subject": row} for row in page.rows]
    return cursor_page(rows, page_size=size, cursor=page.cursor)


def _columns(row: Any) -> dict[str, Any]:
    names = ("uuid", "at", "actor_name", "act", "before", "after", "request_id")
    return {name: getattr(row, name) for name in names}
