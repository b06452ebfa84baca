"""HTML doors of tiers for those who run the site. No statement of its own."""

from typing import Any

from flask import Blueprint, request
from flask import url_for as address_of
from werkzeug.wrappers import Response as AnyResponse

from moviesite.admin import tiers_service
from moviesite.admin.page_forms import REFUSALS, answered
from moviesite.admin.user_schemas import NewTierSchema, TierEditSchema
from moviesite.web import admins
from moviesite.web.admins import done
from moviesite.web.identity import current_user
from moviesite.web.page_forms import Form
from moviesite.web.throttle import browse_limit

pages = Blueprint("admin_tier_pages", __name__, url_prefix="/admin/tiers")
admins.guard(pages)


@pages.get("")
@browse_limit
def tiers() -> AnyResponse:
    """Every tier, the smallest first, and the form that makes one."""
    return _list(Form("add"))


@pages.post("")
@browse_limit
def add() -> AnyResponse:
    """Make a tier."""
    form = Form("add", _typed("code", "name", "daily_limit"))
    try:
        given = form.load(NewTierSchema, _read(form.values))
        tiers_service.create(current_user(), given.pop("code"), **given)
    except REFUSALS as error:
        return _list(form.fail(error))
    return done("The tier is added.", address_of(".tiers"))


@pages.get("/<code>")
@browse_limit
def tier(code: str) -> AnyResponse:
    """One tier, to be changed."""
    found = tiers_service.one(code)
    return _one(code, Form("edit", found._asdict()))


@pages.post("/<code>")
@browse_limit
def edit(code: str) -> AnyResponse:
    """Change a tier."""
    form = Form("edit", _typed("name", "daily_limit"))
    try:
        given = form.load(TierEditSchema, _read(form.values))
        tiers_service.edit(current_user(), code, given)
    except REFUSALS as error:
        return _one(code, form.fail(error))
    return done("The tier is saved.", address_of(".tiers"))


@pages.post("/<code>/delete")
@browse_limit
def remove(code: str) -> AnyResponse:
    """Delete a tier; its people get another."""
    try:
        tiers_service.remove(current_user(), code, request.form.get("successor") or None)
    except REFUSALS as error:
        return _one(code, Form("edit", tiers_service.one(code)._asdict()).fail(error))
    return done("The tier is deleted.", address_of(".tiers"))


def _typed(*names: str) -> dict[str, Any]:
    return {name: request.form.get(name, "").strip()[:200] for name in names}


def _read(typed: dict[str, Any]) -> dict[str, Any]:
    """With a number where one was typed; a tick makes it the default, its lack changes nothing."""
    limit = typed["daily_limit"]
    number = int(limit) if limit.isascii() and limit.isdecimal() and len(limit) < 10 else limit
    default = {"is_default": True} if "is_default" in request.form else {}
    return {**typed, "daily_limit": number, **default}


def _list(form: Form) -> AnyResponse:
    return answered("admin/tiers.html", form, tiers=tiers_service.listing())


def _one(code: str, form: Form) -> AnyResponse:
    found = tiers_service.listing()
    one = tiers_service.one(code)
    others = [other for other in found if other.code != code]
    return answered("admin/tier.html", form, tier=one, others=others)
