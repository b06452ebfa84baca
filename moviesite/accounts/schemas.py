"""JSON shapes of accounts. Every field is said; what comes in is apart from what goes out."""

from typing import Any
from zoneinfo import available_timezones

import marshmallow as ma
from marshmallow import fields, validate

from moviesite.accounts import media, names
from moviesite.accounts.passwords import LONGEST, SHORTEST
from moviesite.bounds import MAX_ID
from moviesite.models.accounts import MAX_BIO, MAX_EMAIL, MAX_USERNAME
from moviesite.text import is_clean
from moviesite.web.schemas import LANGUAGE, REGION, Flag, Moment, Several, Text, page_of

# No secret of ours is longer; what is longer need not be looked at.
LONGEST_TOKEN = 2048
# Google's are about 1,200 characters long.
MAX_ID_TOKEN = 8192
MOST_PROVIDERS = 100


class Secret(fields.String):
    """A password or token, taken as it is: not trimmed, never shown again."""

    def __init__(self, limit: int, least: int = 1, **kwargs: Any) -> None:
        super().__init__(validate=validate.Length(least, limit), load_only=True, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = str(super()._deserialize(value, attr, data, **kwargs))
        if not is_clean(text):
            raise ma.ValidationError("Contains characters that cannot be typed.")
        return text


class AvatarUrl(fields.String):
    """The picture's address, absolute; null without one."""

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> str | None:  # noqa: ARG002 - the signature is marshmallow's
        return media.address_of(value)


class Unset(fields.String):
    """Text in which nothing is null in JSON and empty in the database."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(allow_none=True, **kwargs)

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> str | None:  # noqa: ARG002 - the signature is marshmallow's
        return value or None


def _email(description: str = "", **kwargs: Any) -> Text:
    metadata = {"format": "idn-email", "maxLength": MAX_EMAIL, "description": description}
    check = _Check(names.is_email, "This is not an email address.")
    return Text(MAX_EMAIL, validate=check, metadata=metadata, **kwargs)


def _username(description: str = "") -> Text:
    message = f"At most {MAX_USERNAME} letters, digits, and . _ + - between them."
    metadata = {"pattern": r"^[^\s@]+$", "maxLength": MAX_USERNAME, "description": description}
    return Text(MAX_USERNAME, validate=_Check(names.is_username, message), metadata=metadata)


class _Check(validate.Validator):
    """A rule of the domain as marshmallow wants it."""

    def __init__(self, rule: Any, message: str) -> None:
        self._rule, self._message = rule, message

    def __call__(self, value: str) -> str:
        if not self._rule(value):
            raise ma.ValidationError(self._message)
        return value


class UserSchema(ma.Schema):
    """Somebody's own account, as they see it."""

    id = fields.UUID(required=True, attribute="user.uuid")
    username = fields.String(required=True, attribute="user.username")
    email = fields.String(required=True, attribute="user.email")
    email_verified = fields.Boolean(required=True, attribute="user.email_verified")
    pending_email = fields.String(
        required=True,
        allow_none=True,
        attribute="user.pending_email",
        metadata={"description": "What `email` becomes once the link sent there is followed."},
    )
    avatar_url = AvatarUrl(required=True, allow_none=True, attribute="user.avatar_path")
    locale = Unset(required=True, attribute="user.locale")
    time_zone = Unset(required=True, attribute="user.time_zone")
    bio = fields.String(required=True, attribute="user.bio")
    region = Unset(required=True, attribute="user.region")
    providers = fields.List(fields.Integer(), required=True, attribute="user.providers")
    show_adult = fields.Boolean(required=True, attribute="user.show_adult")
    is_admin = fields.Boolean(required=True, attribute="user.is_admin")
    tier = fields.String(
        required=True,
        attribute="tier.code",
        metadata={"description": "The account's own tier, else this site's default."},
    )
    joined_at = Moment(required=True, attribute="user.joined_at")


class RegisterSchema(ma.Schema):
    """A new account."""

    email = _email(required=True)
    username = _username("Derived from the email address if left out.")
    password = Secret(
        LONGEST,
        SHORTEST,
        required=True,
        metadata={"description": "Rejected if common, or equal to the username or email address."},
    )


class SignInSchema(ma.Schema):
    """Who somebody is and how they prove it."""

    identifier = Text(
        MAX_EMAIL, least=1, required=True, metadata={"description": "Email address or username."}
    )
    # A longer one is nobody's; one that is too short may be told to be wrong like any other.
    password = Secret(1000, required=True)


class TokensSchema(ma.Schema):
    """A pair of tokens and whose they are; without the tokens where cookies carry them."""

    user = fields.Nested(UserSchema, required=True)
    access = fields.String()
    refresh = fields.String()


class GoogleSchema(ma.Schema):
    """What a front end of its own got from Google."""

    id_token = Secret(MAX_ID_TOKEN, required=True)
    nonce = Secret(
        255, metadata={"description": "What the front end sent to Google; it must be in the token."}
    )


class RefreshSchema(ma.Schema):
    """A refresh token; a browser in cookie mode leaves it out."""

    refresh = Secret(LONGEST_TOKEN)


class PairSchema(ma.Schema):
    """A new pair of tokens; empty where cookies carry them."""

    access = fields.String()
    refresh = fields.String()


class TokenSchema(ma.Schema):
    """A token that somebody was given."""

    token = Secret(LONGEST_TOKEN, required=True)


class EmailSchema(ma.Schema):
    """An address."""

    email = _email(required=True)


class ResetSchema(TokenSchema):
    """A mailed secret and the password that it sets."""

    password = Secret(LONGEST, SHORTEST, required=True)


class ConfirmationSchema(ma.Schema):
    """The current password or, where the account has none, a mailed token."""

    password = Secret(1000, metadata={"description": "The current password."})
    token = Secret(
        LONGEST_TOKEN,
        metadata={"description": "From `/me/confirmation`, where the account has no password."},
    )


class ConfirmedSchema(ma.Schema):
    """Until when the session may do what is dangerous."""

    confirmed_until = Moment(required=True)


class ProfileSchema(ConfirmationSchema):
    """What somebody changes about themselves; what is absent stays.

    `password` or `token` is for a new `email` alone.
    """

    username = _username()
    email = _email("Waits in `pending_email` until it is confirmed. Takes `password` or `token`.")
    locale = Unset(validate=LANGUAGE, metadata={"example": "de-DE"})
    time_zone = Unset(
        validate=_Check(lambda name: name in available_timezones(), "This is not a time zone."),
        metadata={"example": "Europe/Berlin"},
    )
    bio = Text(MAX_BIO)
    region = Unset(validate=REGION, metadata={"example": "DE"})
    providers = Several(
        fields.Integer(strict=True, validate=validate.Range(1, MAX_ID)),
        MOST_PROVIDERS,
        metadata={"description": "Ids from `/watch-providers` of services this person has."},
    )
    show_adult = Flag()


class PasswordSchema(ma.Schema):
    """The current password and the next one."""

    current = Secret(1000, required=True)
    new = Secret(LONGEST, SHORTEST, required=True)


class SessionSchema(ma.Schema):
    """Where somebody is signed in."""

    id = fields.UUID(required=True, attribute="session.uuid")
    device = fields.String(required=True, attribute="session.device")
    address = fields.String(required=True, attribute="session.address")
    created_at = Moment(required=True, attribute="session.created_at")
    last_used_at = Moment(required=True, attribute="session.last_used_at")
    current = fields.Boolean(required=True)


SessionPageSchema = page_of(SessionSchema)
