"""JSON door to outside sources and the cache, for those who run the site."""

from typing import Any

from flask_smorest import Blueprint

from moviesite.ops import provider_queries
from moviesite.ops.provider_schemas import ProvidersSchema
from moviesite.web.admins import admins_only
from moviesite.web.throttle import browse_limit

api = Blueprint(
    "providers", __name__, url_prefix="/api/v1/admin", description="Outside sources and the cache."
)


@api.get("/providers")
@browse_limit
@admins_only(api)
@api.response(200, ProvidersSchema)
def providers() -> Any:
    """Breakers, calls and their outcomes, cache lookups, and the age of stored data."""
    return provider_queries.providers()
