"""The JSON doors that genres and keywords have in common, made once for each. No statement."""

from typing import Any, NamedTuple

import marshmallow as ma
from flask import url_for
from flask_smorest import Blueprint

from moviesite.admin import term_queries, term_service
from moviesite.admin.term_queries import Kind
from moviesite.admin.term_schemas import TermsArgs
from moviesite.web.admins import admins_only, confirmed
from moviesite.web.idempotency_key import ONCE_HEADER, asked_for, once
from moviesite.web.identity import current_user
from moviesite.web.openapi import CREATED
from moviesite.web.paging import numbered_page
from moviesite.web.throttle import browse_limit


class Terms(NamedTuple):
    """A kind of term and the shapes of a new one, of a stored one, and of a page of them."""

    kind: Kind
    new: type[ma.Schema]
    stored: type[ma.Schema]
    page: type[ma.Schema]


def term_api(terms: Terms) -> Blueprint:
    """The doors of one kind."""
    many = f"{terms.kind.name}s"
    words = f"{many.capitalize()}, for admins."
    api = Blueprint(
        f"admin_{many}", __name__, url_prefix=f"/api/v1/admin/{many}", description=words
    )
    _add_lists(api, terms)
    _add_one(api, terms)
    _add_return(api, terms)
    return api


def _add_lists(api: Blueprint, terms: Terms) -> None:
    kind = terms.kind

    @api.get("")
    @browse_limit
    @admins_only(api)
    @api.doc(summary=f"{kind.name.capitalize()}s by name.")
    @api.arguments(TermsArgs, location="query")
    @api.response(200, terms.page)
    def everything(args: dict[str, Any]) -> Any:
        page, size = args["page"], args["page_size"]
        found = term_queries.terms(kind, args.get("search", ""), page=page, page_size=size)
        return numbered_page(found.rows, page=page, page_size=size, count=found.total)

    @api.post("")
    @browse_limit
    @admins_only(api)
    @api.doc(summary=f"Add a {kind.name} of your own.", parameters=[ONCE_HEADER])
    @api.arguments(terms.new)
    @api.response(201, terms.stored, headers=CREATED)
    @api.alt_response(409, description="Another one already has this name.")
    def add(given: dict[str, Any]) -> Any:
        user = current_user()
        key = once(f"admin-{kind.name}:{user.uuid}", asked_for(given))
        term_id = term_service.add(user, kind, given["name"], once=key)
        headers = {"Location": url_for(".one", term_id=term_id)}
        return term_queries.term(kind, term_id), 201, headers


def _add_one(api: Blueprint, terms: Terms) -> None:
    kind = terms.kind

    @api.get("/<id:term_id>")
    @browse_limit
    @admins_only(api)
    @api.doc(summary=f"One {kind.name}.")
    @api.response(200, terms.stored)
    @api.alt_response(404, description=f"No such {kind.name} is stored.")
    def one(term_id: int) -> Any:
        return term_queries.term(kind, term_id)

    @api.patch("/<id:term_id>")
    @browse_limit
    @admins_only(api)
    @api.doc(summary=f"Rename a {kind.name}; the new name survives every sync.")
    @api.arguments(terms.new)
    @api.response(200, terms.stored)
    @api.alt_response(404, description=f"No such {kind.name} is stored.")
    @api.alt_response(409, description="Another one already has this name.")
    def rename(given: dict[str, Any], term_id: int) -> Any:
        term_service.rename(current_user(), kind, term_id, given["name"])
        return term_queries.term(kind, term_id)

    @api.delete("/<id:term_id>")
    @browse_limit
    @admins_only(api)
    @confirmed
    @api.doc(
        summary=f"Remove a {kind.name} from every movie; no sync brings it back.",
        description="Needs a session confirmed with `PUT /me/confirmation`.",
    )
    @api.response(204)
    @api.alt_response(404, description=f"No such {kind.name} is stored.")
    def remove(term_id: int) -> None:
        term_service.remove(current_user(), kind, term_id)


def _add_return(api: Blueprint, terms: Terms) -> None:
    kind = terms.kind

    @api.delete("/<id:term_id>/overrides/name")
    @browse_limit
    @admins_only(api)
    @api.doc(summary=f"Reset a {kind.name} to its source's name.")
    @api.response(204)
    @api.alt_response(404, description="It already has its source's name.")
    @api.alt_response(409, description="Another one has that name now.")
    def reset(term_id: int) -> None:
        term_service.reset(current_user(), kind, term_id)

    @api.post("/<id:term_id>/restore")
    @browse_limit
    @admins_only(api)
    @api.doc(summary=f"Restore a removed {kind.name}; movies get it back as each is refreshed.")
    @api.response(200, terms.stored)
    @api.alt_response(404, description="It was not removed.")
    @api.alt_response(409, description="Another one has its name now.")
    def restore(term_id: int) -> Any:
        term_service.restore(current_user(), kind, term_id)
        return term_queries.term(kind, term_id)
