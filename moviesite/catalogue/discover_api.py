"""JSON doors of discovering."""

from typing import Any

from flask_smorest import Blueprint

from moviesite.catalogue import live
from moviesite.catalogue.api import page_answer
from moviesite.catalogue.discover_schemas import (
    COUNTRIES,
    DiscoverArgs,
    ServicesArgs,
    ServicesSchema,
)
from moviesite.catalogue.schemas import MoviePageSchema
from moviesite.providers.base import DiscoverQuery
from moviesite.tmdb_account.presenting import marked
from moviesite.web.public import public
from moviesite.web.throttle import browse_limit, discover_limit
from moviesite.web.tmdb_token import DESCRIBED, needed_grant
from moviesite.web.viewing import adult_included, current_language, current_region

api = Blueprint("discover", __name__, url_prefix="/api/v1", description="Movies by what they are.")


@api.get("/movies/discover")
@discover_limit
@api.doc(**DESCRIBED)
@api.arguments(DiscoverArgs, location="query")
@api.response(200, MoviePageSchema)
@api.alt_response(401, description="`account_id` without a TMDb token.")
@api.alt_response(403, description="TMDb refused the token, or it belongs to another account.")
def discover(args: dict[str, Any]) -> Any:
    """Movies live from TMDb, with its own filters.

    Adult movies are included only for signed-in people whose profile shows them.
    """
    own = {
        "language": current_language(),
        "region": current_region(),
        "include_adult": adult_included(args.get("include_adult")),
    }
    for value, country in COUNTRIES.items():
        if args.get(value):
            args.setdefault(country, current_region())
    account_id = args.pop("account_id", None)
    grant = needed_grant() if account_id else None
    body, status, headers = page_answer(live.discover(DiscoverQuery(**{**args, **own})))
    if grant:
        body["results"] = marked(body["results"], grant, account_id, current_language())
    return body, status, headers


@api.get("/watch-providers")
@public()
@browse_limit
@api.arguments(ServicesArgs, location="query")
@api.response(200, ServicesSchema)
def watch_providers(_args: dict[str, Any]) -> Any:
    """Services to watch movies on in a region."""
    region, language = current_region(), current_language()
    return {
        "region": region,
        "results": live.watch_providers(region, language).value,
        "regions": live.watch_regions(language).value,
    }
