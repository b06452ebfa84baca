"""JSON doors to signing in, in header and cookie mode, and to recovery."""

from typing import Any

from flask_smorest import Blueprint

from moviesite.accounts import address_service, queries, service, session_service
from moviesite.accounts.forms import client, stranger
from moviesite.accounts.schemas import (
    EmailSchema,
    PairSchema,
    RefreshSchema,
    RegisterSchema,
    ResetSchema,
    SignInSchema,
    TokenSchema,
    TokensSchema,
)
from moviesite.accounts.session_service import Opened
from moviesite.errors import InvalidInput
from moviesite.models import User
from moviesite.web import access_tokens
from moviesite.web.idempotency_key import ONCE_HEADER, once
from moviesite.web.schemas import NothingSchema
from moviesite.web.throttle import browse_limit

api = Blueprint(
    "auth",
    __name__,
    url_prefix="/api/v1/auth",
    description="Signing in. Tokens travel in the `Authorization` header, or, for browsers that "
    "sign in with `X-Auth-Mode: cookie`, in cookies that no script can read.",
)

MODE = {
    "in": "header",
    "name": access_tokens.MODE_HEADER,
    "schema": {"type": "string", "enum": ["header", "cookie"]},
    "description": "With `cookie` the answer sets cookies and leaves the tokens out of its body.",
}


@api.post("/register")
@browse_limit
@api.doc(parameters=[MODE, ONCE_HEADER])
@api.arguments(RegisterSchema)
@api.response(201, TokensSchema)
@api.alt_response(409, description="The email address or username in `errors` is taken.")
def register(given: dict[str, Any]) -> Any:
    """Create an account and sign in. At most 5 attempts an hour from one address."""
    user = service.register(
        given["email"],
        given["password"],
        client(),
        username=given.get("username"),
        once=once(
            f"register:{stranger(given['email'])}",
            f"{given['email']}\n{given.get('username', '')}",
        ),
    )
    return signed_in(user)


@api.post("/token")
@browse_limit
@api.doc(parameters=[MODE])
@api.arguments(SignInSchema)
@api.response(200, TokensSchema)
@api.alt_response(401, description="Unknown name or wrong password; the answer does not say which.")
def token(given: dict[str, Any]) -> Any:
    """Sign in. At most 10 failures in 5 minutes for one account, 25 from one address."""
    return signed_in(service.sign_in(given["identifier"], given["password"], client()))


@api.post("/refresh")
@browse_limit
@api.arguments(RefreshSchema)
@api.response(200, PairSchema)
@api.alt_response(401, description="Not valid, or reused; then the whole session ends.")
@api.alt_response(403, description="Cookie mode, and `X-CSRF-Token` is missing or wrong.")
def refresh(given: dict[str, Any]) -> Any:
    """Trade a refresh token for a new pair; a retry within 10 seconds gets the same one."""
    return _tokens(session_service.refresh(_shown(given)), in_cookies="refresh" not in given)


@api.post("/verify")
@browse_limit
@api.arguments(TokenSchema)
@api.response(200, NothingSchema)
@api.alt_response(401, description="No access token, or its session has ended.")
def verify(given: dict[str, Any]) -> Any:
    """Whether an access token is valid right now."""
    access_tokens.check(given["token"])
    return {}


@api.post("/logout")
@browse_limit
@api.arguments(RefreshSchema)
@api.response(204)
@api.alt_response(403, description="Cookie mode, and `X-CSRF-Token` is missing or wrong.")
def logout(given: dict[str, Any]) -> None:
    """End a session: its refresh and access tokens stop working."""
    session_service.end_by_refresh_token(_shown(given))
    if "refresh" not in given:
        access_tokens.drop_cookies()


@api.post("/password-reset")
@browse_limit
@api.arguments(EmailSchema)
@api.response(202, NothingSchema)
def reset(given: dict[str, Any]) -> None:
    """Email a link to set a new password. The answer is the same for every address."""
    service.request_password_reset(given["email"], client())


@api.post("/password-reset/confirm")
@browse_limit
@api.arguments(ResetSchema)
@api.response(204)
def confirm_reset(given: dict[str, Any]) -> None:
    """Set a new password with an emailed token, once, within 30 minutes; every session ends."""
    service.confirm_password_reset(given["token"], given["password"])


@api.post("/verify-email")
@browse_limit
@api.arguments(TokenSchema)
@api.response(204)
@api.alt_response(409, description="Someone else took the new address in the meantime.")
def verify_email(given: dict[str, Any]) -> None:
    """Confirm an email address with the token sent there, and switch to it if requested."""
    address_service.verify_email(given["token"])


def signed_in(user: User) -> dict[str, Any]:
    """The answer to whoever has shown who they are: a new session's tokens, and the account."""
    opened = session_service.open_api(user, client())
    tokens = _tokens(opened, in_cookies=access_tokens.wants_cookies())
    return {"user": queries.account_of(user), **tokens}


def _tokens(opened: Opened, *, in_cookies: bool) -> dict[str, str]:
    if in_cookies:
        access_tokens.set_cookies(*opened)
        return {}
    access = access_tokens.issue(opened.user, opened.session)
    return {"access": access, "refresh": opened.refresh}


def _shown(given: dict[str, Any]) -> str:
    """The refresh token of the body, else of the cookie; raises InvalidInput without either."""
    found = given.get("refresh") or access_tokens.carried_refresh_token()
    if not found:
        raise InvalidInput.of("refresh", "Missing data for required field.")
    return str(found)
