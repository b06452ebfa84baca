"""JSON doors to wishes in people's own words, and to what is left of the day."""

from typing import Any

from flask_smorest import Blueprint

from moviesite.assistant import advice_service, quota_service, service
from moviesite.assistant.advice_service import has_model
from moviesite.assistant.forms import asker
from moviesite.assistant.schemas import PromptSchema, QuotaSchema, ReplySchema
from moviesite.catalogue import presenting
from moviesite.library.presenting import with_viewer
from moviesite.web.access_tokens import signed_in
from moviesite.web.identity import current_user, user_or_none
from moviesite.web.throttle import assistant_limit, browse_limit

api = Blueprint(
    "assistant",
    __name__,
    url_prefix="/api/v1",
    description="Movies for a request in your own words.",
)


@api.post("/assistant/search")
@assistant_limit
@api.arguments(PromptSchema)
@api.response(200, ReplySchema)
def search(given: dict[str, Any]) -> Any:
    """Movies for a request in your own words, and the filters it was read as.

    If this site has a model, it answers signed-in callers, using up one of their requests for the
    day. Otherwise rules answer, for free. If they answer in place of the model, `fallback` says
    why, and that request is given back. `reason` says why nothing was searched for: the request
    is too long, or none of it was understood.
    """
    find = service.search if given["engine"] == "rules" else advice_service.search
    reply = find(given["prompt"], asker())
    shown = with_viewer(presenting.listed([hit.movie for hit in reply.hits]), user_or_none())
    results = [
        {"movie": item, "match": hit.match} for item, hit in zip(shown, reply.hits, strict=True)
    ]
    source = presenting.source_of(reply.answer) if reply.answer else None
    return {**reply._asdict(), "results": results, "source": source}


@api.get("/me/quota")
@browse_limit
@signed_in(api)
@api.response(200, QuotaSchema)
def quota() -> Any:
    """The caller's tier, and model requests used and left today."""
    mine = quota_service.quota_of(current_user())
    return {**mine._asdict(), "left": mine.left, "limit": mine.limit, "model": has_model()}
