"""HTML doors of accounts for those who run the site. No statement of its own."""

from typing import Any
from uuid import UUID

from flask import Blueprint, request
from flask import url_for as address_of
from werkzeug.wrappers import Response as AnyResponse

from moviesite.admin import tiers_service, user_queries, user_service
from moviesite.admin.page_forms import REFUSALS, answered
from moviesite.admin.schemas import page_asked
from moviesite.admin.user_queries import DEFAULT_TIER, UserWish
from moviesite.admin.user_schemas import UserEditSchema, UsersArgs
from moviesite.web import admins
from moviesite.web.admins import confirmed, done
from moviesite.web.identity import current_user, current_viewer
from moviesite.web.page_forms import Form
from moviesite.web.throttle import browse_limit

pages = Blueprint("admin_user_pages", __name__, url_prefix="/admin/users")
admins.guard(pages)

# What a button of the page asks for, and what is said afterwards.
_STEPS: dict[str, tuple[dict[str, Any], str]] = {
    "promote": ({"is_admin": True}, "is now an admin."),
    "demote": ({"is_admin": False}, "is no longer an admin."),
    "close": ({"is_active": False}, "can no longer sign in and is signed out everywhere."),
    "open": ({"is_active": True}, "can sign in again."),
}


@pages.get("")
@browse_limit
def users() -> AnyResponse:
    """Accounts, newest first."""
    args = page_asked(UsersArgs, request.args)
    wish = UserWish(args.get("search", ""), args["show"], args.get("tier", ""))
    found = user_queries.users(wish, page=args["page"])
    return answered(
        "admin/users.html",
        Form("users"),
        found=found,
        wish=wish,
        page=args["page"],
        tiers=tiers_service.listing(),
    )


@pages.get("/<uuid:user_id>")
@browse_limit
def user(user_id: UUID) -> AnyResponse:
    """One account."""
    return _user(user_id, Form("user"))


@pages.post("/<uuid:user_id>/tier")
@browse_limit
def set_tier(user_id: UUID) -> AnyResponse:
    """Give somebody a tier of their own, or the default."""
    form, typed = Form("user"), request.form.get("tier", "")
    try:
        given = form.load(UserEditSchema, {"tier": None if typed == DEFAULT_TIER else typed})
        user_service.edit(current_user(), user_id, given)
    except REFUSALS as error:
        return _user(user_id, form.fail(error))
    return done("The tier is saved.", _address(user_id))


@pages.post("/<uuid:user_id>/end-sessions")
@browse_limit
def end_sessions(user_id: UUID) -> AnyResponse:
    """Sign somebody out everywhere, but not the one who asks for it here."""
    viewer = current_viewer()
    ended = user_service.end_sessions(viewer.user, user_id, but=viewer.session)
    return done(
        "Signed out on one device." if ended == 1 else f"Signed out on {ended} devices.",
        _address(user_id),
    )


@pages.get("/<uuid:user_id>/<any(promote, demote, close, open):step>")
@browse_limit
@confirmed
def ask(user_id: UUID, step: str) -> AnyResponse:
    """What a step means, before it is taken."""
    return _step(user_id, step, Form(step))


@pages.post("/<uuid:user_id>/<any(promote, demote, close, open):step>")
@browse_limit
@confirmed
def take(user_id: UUID, step: str) -> AnyResponse:
    """Let somebody run the site or not, close or open an account."""
    changes, words = _STEPS[step]
    name = user_queries.user(user_id).user.username
    try:
        user_service.edit(current_user(), user_id, changes)
    except REFUSALS as error:
        return _step(user_id, step, Form(step).fail(error))
    left = user_id == current_user().uuid and step == "demote"
    return done(f"{name} {words}", "/" if left else _address(user_id))


def _user(user_id: UUID, form: Form) -> AnyResponse:
    line, tiers = user_queries.user(user_id), tiers_service.listing()
    return answered("admin/user.html", form, line=line, tiers=tiers, me=current_user())


def _step(user_id: UUID, step: str, form: Form) -> AnyResponse:
    line = user_queries.user(user_id)
    return answered("admin/user_step.html", form, line=line, step=step, me=current_user())


def _address(user_id: UUID) -> str:
    return address_of(".user", user_id=user_id)
