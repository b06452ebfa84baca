"""JSON shapes of accounts and tiers as those who run the site look after them."""

import marshmallow as ma
from marshmallow import fields, validate

from moviesite.admin.user_queries import SHOWN
from moviesite.models.accounts import MAX_EMAIL
from moviesite.models.tiers import CODE, MAX_CODE, MAX_NAME, MOST_A_DAY
from moviesite.web.schemas import Flag, Form, GivenOnce, Moment, PagedArgs, Text, Whole, page_of


def _code(**kwargs: object) -> fields.String:
    form = Form(f"^{CODE}$", error="Lowercase letters, digits, - and _.")
    return fields.String(validate=form, metadata={"example": "premium"}, **kwargs)  # type: ignore[arg-type]


class UsersArgs(PagedArgs):
    """Accounts by a part of the name or address, by what they are, by tier."""

    search = Text(MAX_EMAIL)
    show = fields.String(load_default="everybody", validate=validate.OneOf(SHOWN))
    tier = Text(MAX_CODE, metadata={"description": "A code; `-` for people with the default."})


class AdminUserSchema(ma.Schema):
    """An account; `sessions` is in how many places it is signed in."""

    id = fields.UUID(required=True, attribute="user.uuid")
    username = fields.String(required=True, attribute="user.username")
    email = fields.String(required=True, attribute="user.email")
    email_verified = fields.Boolean(required=True, attribute="user.email_verified")
    is_admin = fields.Boolean(required=True, attribute="user.is_admin")
    is_active = fields.Boolean(required=True, attribute="user.is_active")
    tier = fields.String(
        required=True,
        allow_none=True,
        attribute="user.tier_code",
        metadata={"description": "Null for the default tier."},
    )
    joined_at = Moment(required=True, attribute="user.joined_at")
    sessions = fields.Integer(required=True)
    last_used_at = Moment(required=True, allow_none=True)


AdminUserPageSchema = page_of(AdminUserSchema)


class UserEditSchema(ma.Schema):
    """What is changed of an account; the last two take a session that was confirmed."""

    tier = _code(allow_none=True)
    is_active = Flag(metadata={"description": "False closes the account and signs it out."})
    is_admin = Flag()


class EndedSchema(ma.Schema):
    """How many sessions ended."""

    ended = fields.Integer(required=True)


class TierSchema(ma.Schema):
    """A tier and how many people have it; who has none of their own has the default."""

    code = fields.String(required=True)
    name = fields.String(required=True)
    daily_limit = fields.Integer(required=True)
    is_default = fields.Boolean(required=True)
    people = fields.Integer(required=True)


class TiersSchema(ma.Schema):
    """All tiers, smallest first."""

    results = fields.List(fields.Nested(TierSchema), required=True)


class TierEditSchema(ma.Schema):
    """What is changed of a tier; what is absent stays."""

    name = Text(MAX_NAME, least=1)
    daily_limit = Whole(
        0, MOST_A_DAY, metadata={"description": "Model requests a day, from midnight UTC."}
    )
    is_default = Flag()


class NewTierSchema(ma.Schema):
    """A new tier."""

    code = _code(required=True)
    name = Text(MAX_NAME, least=1, required=True)
    daily_limit = Whole(0, MOST_A_DAY, required=True)
    is_default = Flag(load_default=False)


class TierRemovalArgs(GivenOnce):
    """Who takes the tier's people."""

    successor = _code()
