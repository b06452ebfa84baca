"""JSON doors of accounts and tiers for those who run the site."""

from typing import Any
from uuid import UUID

from flask import url_for
from flask_smorest import Blueprint

from moviesite.admin import tiers_service, user_queries, user_service
from moviesite.admin.user_queries import UserWish
from moviesite.admin.user_schemas import (
    AdminUserPageSchema,
    AdminUserSchema,
    EndedSchema,
    NewTierSchema,
    TierEditSchema,
    TierRemovalArgs,
    TierSchema,
    TiersSchema,
    UserEditSchema,
    UsersArgs,
)
from moviesite.web.admins import admins_only, check_confirmed
from moviesite.web.idempotency_key import ONCE_HEADER, asked_for, once
from moviesite.web.identity import current_user, current_viewer
from moviesite.web.openapi import CREATED
from moviesite.web.paging import numbered_page
from moviesite.web.throttle import browse_limit

api = Blueprint(
    "admin_users",
    __name__,
    url_prefix="/api/v1/admin",
    description="Accounts and tiers, for admins.",
)


@api.get("/users")
@browse_limit
@admins_only(api)
@api.arguments(UsersArgs, location="query")
@api.response(200, AdminUserPageSchema)
def users(args: dict[str, Any]) -> Any:
    """Accounts, newest first."""
    wish = UserWish(args.get("search", ""), args["show"], args.get("tier", ""))
    page, size = args["page"], args["page_size"]
    found = user_queries.users(wish, page=page, page_size=size)
    return numbered_page(found.rows, page=page, page_size=size, count=found.total)


@api.get("/users/<uuid:user_id>")
@browse_limit
@admins_only(api)
@api.response(200, AdminUserSchema)
@api.alt_response(404, description="No such account.")
def user(user_id: UUID) -> Any:
    """One account."""
    return user_queries.user(user_id)


@api.patch("/users/<uuid:user_id>")
@browse_limit
@admins_only(api)
@api.arguments(UserEditSchema)
@api.response(200, AdminUserSchema)
@api.alt_response(404, description="No such account, or no such tier.")
@api.alt_response(409, description="There would be no admin left.")
def edit(given: dict[str, Any], user_id: UUID) -> Any:
    """Set someone's tier, close or reopen the account, make or remove an admin.

    The last two need a session confirmed with `PUT /me/confirmation`.
    """
    if user_service.DANGEROUS & given.keys():
        check_confirmed()
    user_service.edit(current_user(), user_id, given)
    return user_queries.user(user_id)


@api.delete("/users/<uuid:user_id>/sessions")
@browse_limit
@admins_only(api)
@api.response(200, EndedSchema)
@api.alt_response(404, description="No such account.")
def end_sessions(user_id: UUID) -> Any:
    """Sign someone out everywhere; for yourself, this session stays."""
    viewer = current_viewer()
    return {"ended": user_service.end_sessions(viewer.user, user_id, but=viewer.session)}


@api.get("/tiers")
@browse_limit
@admins_only(api)
@api.response(200, TiersSchema)
def tiers() -> Any:
    """All tiers, smallest first."""
    return {"results": tiers_service.listing()}


@api.post("/tiers")
@browse_limit
@admins_only(api)
@api.doc(parameters=[ONCE_HEADER])
@api.arguments(NewTierSchema)
@api.response(201, TierSchema, headers=CREATED)
@api.alt_response(409, description="There is already a tier with this code.")
def add_tier(given: dict[str, Any]) -> Any:
    """Add a tier; the first one is always the default."""
    user = current_user()
    key = once(f"admin-tier:{user.uuid}", asked_for(given))
    code = given.pop("code")
    tiers_service.create(user, code, **given, once=key)
    return tiers_service.one(code), 201, {"Location": url_for(".tier", code=code)}


@api.get("/tiers/<code>")
@browse_limit
@admins_only(api)
@api.response(200, TierSchema)
@api.alt_response(404, description="No such tier.")
def tier(code: str) -> Any:
    """One tier."""
    return tiers_service.one(code)


@api.patch("/tiers/<code>")
@browse_limit
@admins_only(api)
@api.arguments(TierEditSchema)
@api.response(200, TierSchema)
@api.alt_response(404, description="No such tier.")
@api.alt_response(409, description="There would be no default.")
def edit_tier(given: dict[str, Any], code: str) -> Any:
    """Change a tier; a new limit applies to today too."""
    tiers_service.edit(current_user(), code, given)
    return tiers_service.one(code)


@api.delete("/tiers/<code>")
@browse_limit
@admins_only(api)
@api.arguments(TierRemovalArgs, location="query")
@api.response(204)
@api.alt_response(404, description="No such tier.")
@api.alt_response(409, description="It is the default.")
def remove_tier(args: dict[str, Any], code: str) -> None:
    """Delete a tier; its people move to the `successor`, or to the default."""
    tiers_service.remove(current_user(), code, args.get("successor"))
