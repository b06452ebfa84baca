"""JSON doors of keywords for those who run the site."""

from typing import Any

from flask import url_for
from flask_smorest import Blueprint

from moviesite.admin import term_queries, term_service
from moviesite.admin.term_queries import KEYWORDS
from moviesite.admin.term_schemas import (
    AdminKeywordPageSchema,
    AdminKeywordSchema,
    NewKeywordSchema,
    TermsArgs,
)
from moviesite.web.admins import admins_only, confirmed
from moviesite.web.identity import current_user
from moviesite.web.paging import numbered_page
from moviesite.web.throttle import browse_limit

api = Blueprint(
    "admin_keywords",
    __name__,
    url_prefix="/api/v1/admin",
    description="Keywords, for those who run the site.",
)


@api.get("/keywords")
@browse_limit
@admins_only(api)
@api.arguments(TermsArgs, location="query")
@api.response(200, AdminKeywordPageSchema)
def keywords(args: dict[str, Any]) -> Any:
    """Keywords by name."""
    page, size = args["page"], args["page_size"]
    found = term_queries.terms(KEYWORDS, args.get("search", ""), page=page, page_size=size)
    body, headers = numbered_page(
        found.rows, page=page, page_size=size, total_pages=found.pages(size), count=found.total
    )
    return body, 200, headers


@api.post("/keywords")
@browse_limit
@admins_only(api)
@api.arguments(NewKeywordSchema)
@api.response(201, AdminKeywordSchema)
@api.alt_response(409, description="Another one has this name.")
def add(given: dict[str, Any]) -> Any:
    """Add a keyword that no source has."""
    term_id = term_service.add(current_user(), KEYWORDS, given["name"])
    headers = {"Location": url_for(".keyword", term_id=term_id)}
    return term_queries.term(KEYWORDS, term_id), 201, headers


@api.get("/keywords/<id:term_id>")
@browse_limit
@admins_only(api)
@api.response(200, AdminKeywordSchema)
@api.alt_response(404, description="No such keyword is stored.")
def keyword(term_id: int) -> Any:
    """One keyword."""
    return term_queries.term(KEYWORDS, term_id)


@api.patch("/keywords/<id:term_id>")
@browse_limit
@admins_only(api)
@api.arguments(NewKeywordSchema)
@api.response(200, AdminKeywordSchema)
@api.alt_response(404, description="No such keyword is stored.")
@api.alt_response(409, description="Another one has this name.")
def rename(given: dict[str, Any], term_id: int) -> Any:
    """Call a keyword otherwise than its source; that outlives every sync."""
    term_service.rename(current_user(), KEYWORDS, term_id, given["name"])
    return term_queries.term(KEYWORDS, term_id)


@api.delete("/keywords/<id:term_id>/overrides/name")
@browse_limit
@admins_only(api)
@api.response(204)
@api.alt_response(404, description="It is called as its source calls it.")
@api.alt_response(409, description="Another one has that name by now.")
def reset(term_id: int) -> None:
    """Call a keyword as its source does again."""
    term_service.reset(current_user(), KEYWORDS, term_id)


@api.delete("/keywords/<id:term_id>")
@browse_limit
@admins_only(api)
@confirmed
@api.response(204)
@api.alt_response(404, description="No such keyword is stored.")
def remove(term_id: int) -> None:
    """Take a keyword off every film; no sync brings it back.

    Takes a session that was confirmed by `PUT /me/confirmation`.
    """
    term_service.remove(current_user(), KEYWORDS, term_id)


@api.post("/keywords/<id:term_id>/restore")
@browse_limit
@admins_only(api)
@api.response(200, AdminKeywordSchema)
@api.alt_response(404, description="It was not removed.")
@api.alt_response(409, description="Another one has its name by now.")
def restore(term_id: int) -> Any:
    """Let a removed keyword in again; films get it back as each is fetched anew."""
    term_service.restore(current_user(), KEYWORDS, term_id)
    return term_queries.term(KEYWORDS, term_id)
