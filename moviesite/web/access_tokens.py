"""Access tokens of the API: what is in them, where they travel, how a bad one is answered.

Knows no table: whom a token names is looked up by `identity`.
"""

import datetime as dt
import hmac
from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, Response, after_this_request, request
from flask_jwt_extended import (
    create_access_token,
    decode_token,
    jwt_required,
    set_access_cookies,
    unset_access_cookies,
)
from flask_jwt_extended.exceptions import CSRFError, JWTExtendedException
from flask_smorest import Api, Blueprint
from jwt import PyJWTError

from moviesite.config import Config, current_config
from moviesite.errors import Forbidden, NotSignedIn
from moviesite.extensions import jwt
from moviesite.keys import derived_key, signature
from moviesite.models.accounts import Session, User
from moviesite.web import identity
from moviesite.web.errors import AUTHENTICATE, answer

View = TypeVar("View", bound=Callable[..., Any])

ACCESS_COOKIE, REFRESH_COOKIE, CSRF_COOKIE = "access_token", "refresh_token", "csrf_token"
CSRF_HEADER = "X-CSRF-Token"
MODE_HEADER = "X-Auth-Mode"
# Refresh tokens go to the few addresses that take them and to no other.
REFRESH_PATH = "/api/v1/auth"

_REQUIRED = {"sub", "sid", "exp", "iat", "jti", "csrf"}
_BEARER, _COOKIE = "bearer", "cookie"
# How calls of signed-in people are signed, in the API's description.
SIGNED: list[dict[str, list[str]]] = [{_BEARER: []}, {_COOKIE: []}]
_SCHEMES = {
    _BEARER: {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"},
    _COOKIE: {
        "type": "apiKey",
        "in": "cookie",
        "name": ACCESS_COOKIE,
        "description": f"Set by signing in with `{MODE_HEADER}: cookie`. Calls that change "
        f"something repeat the cookie `{CSRF_COOKIE}` in `{CSRF_HEADER}`.",
    },
}


def settings(config: Config) -> dict[str, Any]:
    """What flask-jwt-extended needs to know. Algorithm, issuer and audience are fixed."""
    audience = f"{config.public_url}/api"
    return {
        "JWT_SECRET_KEY": derived_key(config.secret_key, "access").hex(),
        "JWT_ALGORITHM": "HS256",
        "JWT_DECODE_ALGORITHMS": ["HS256"],
        "JWT_ENCODE_ISSUER": config.public_url,
        "JWT_DECODE_ISSUER": config.public_url,
        "JWT_ENCODE_AUDIENCE": audience,
        "JWT_DECODE_AUDIENCE": audience,
        "JWT_ACCESS_TOKEN_EXPIRES": dt.timedelta(minutes=config.access_token_minutes),
        "JWT_TOKEN_LOCATION": ["headers", "cookies"],
        "JWT_ACCESS_COOKIE_NAME": ACCESS_COOKIE,
        "JWT_ACCESS_CSRF_COOKIE_NAME": CSRF_COOKIE,
        "JWT_ACCESS_CSRF_HEADER_NAME": CSRF_HEADER,
        "JWT_COOKIE_SAMESITE": "Lax",
        "JWT_COOKIE_SECURE": config.production,
        "JWT_SESSION_COOKIE": False,
    }


def init_app(app: Flask, api: Api) -> None:
    """Bind to the application and tell the API's description how calls are signed."""
    jwt.init_app(app)
    jwt.user_lookup_loader(identity.by_token)
    jwt.token_verification_loader(_is_complete)
    jwt.unauthorized_loader(_refuse)
    jwt.invalid_token_loader(_refuse)
    for register in (
        jwt.expired_token_loader,
        jwt.user_lookup_error_loader,
        jwt.token_verification_failed_loader,
    ):
        register(_refuse)
    app.register_error_handler(CSRFError, _refuse_request)
    for name, scheme in _SCHEMES.items():
        api.spec.components.security_scheme(name, scheme)


def spell_scheme() -> None:
    """Schemes are written in any case (RFC 9110), of which the library knows one alone."""
    scheme, _, token = request.environ.get("HTTP_AUTHORIZATION", "").partition(" ")
    if scheme.lower() == _BEARER:
        request.environ["HTTP_AUTHORIZATION"] = f"Bearer {token}"


def signed_in(blueprint: Blueprint) -> Callable[[View], View]:
    """Let only calls of signed-in people through, and say so in the API's description."""

    def guard(view: View) -> View:
        described = blueprint.doc(security=SIGNED)(view)
        described = blueprint.alt_response(401, description="Not signed in.")(described)
        guarded: View = jwt_required()(described)
        return guarded

    return guard


def issue(user: User, session: Session) -> str:
    """An access token of this session, which it dies with."""
    claims = {"sid": str(session.uuid), "csrf": request_token(session)}
    return str(create_access_token(str(user.uuid), additional_claims=claims))


def check(token: str) -> None:
    """Raises NotSignedIn unless this is an access token of a session that is alive."""
    try:
        claims = decode_token(token)
    except (PyJWTError, JWTExtendedException, ValueError) as error:
        raise NotSignedIn("This token is not valid.") from error
    fits = claims["type"] == "access" and _is_complete({}, claims)
    if not fits or identity.by_token({}, claims) is None:
        raise NotSignedIn("This token is not valid.")


def is_ours(token: str) -> bool:
    """Whether this site issued the token, however long ago: nobody else is to see it."""
    try:
        decode_token(token, allow_expired=True)
    except (PyJWTError, JWTExtendedException, ValueError):
        return False
    return True


def request_token(session: Session) -> str:
    """What unsafe calls repeat as long as their session lasts; others cannot know it."""
    return signature(current_config().secret_key, "csrf", str(session.uuid))


def wants_cookies() -> bool:
    """Whether the caller is a browser that is to carry its tokens in cookies."""
    return request.headers.get(MODE_HEADER, "").lower() == "cookie"


def set_cookies(user: User, session: Session, refresh: str) -> None:
    """Let the answer carry the tokens where no script can read them."""
    access = issue(user, session)
    config = current_config()

    @after_this_request
    def carry(response: Response) -> Response:
        set_access_cookies(response, access)
        response.set_cookie(
            REFRESH_COOKIE,
            refresh,
            max_age=dt.timedelta(days=config.refresh_token_days),
            path=REFRESH_PATH,
            secure=config.production,
            httponly=True,
            samesite="Lax",
        )
        return response


def drop_cookies() -> None:
    """Let the answer take the tokens out of the browser."""

    @after_this_request
    def take(response: Response) -> Response:
        unset_access_cookies(response)
        response.delete_cookie(REFRESH_COOKIE, path=REFRESH_PATH, httponly=True, samesite="Lax")
        return response


def carried_refresh_token() -> str | None:
    """The refresh token in the caller's cookie.

    Raises Forbidden unless the call repeats the readable cookie, which no foreign page can.
    """
    token = request.cookies.get(REFRESH_COOKIE)
    if token is None:
        return None
    cookie, repeated = request.cookies.get(CSRF_COOKIE, ""), request.headers.get(CSRF_HEADER, "")
    if not cookie or not hmac.compare_digest(cookie.encode(), repeated.encode()):
        raise Forbidden(f"Repeat the cookie {CSRF_COOKIE} in {CSRF_HEADER}.")
    return token


def _is_complete(_header: Any, claims: dict[str, Any]) -> bool:
    return claims.keys() >= _REQUIRED


def _refuse(*_: Any) -> Response:
    """The one answer to every bad token; why it is bad is of no use to its owner."""
    detail = "Sign in, or renew the access token." if _shows_token() else ""
    response = answer(401, NotSignedIn.title, detail)
    response.headers["WWW-Authenticate"] = AUTHENTICATE
    return response


def _shows_token() -> bool:
    return "Authorization" in request.headers or ACCESS_COOKIE in request.cookies


def _refuse_request(_error: CSRFError) -> Response:
    return answer(403, Forbidden.title, f"Repeat the cookie {CSRF_COOKIE} in {CSRF_HEADER}.")
