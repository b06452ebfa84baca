"""Which other origins may call the API (CORS) and whose forms are taken. Authenticates nobody."""

import re
from urllib.parse import urlsplit

from flask import Flask, Response, request
from flask_cors import CORS

from moviesite.config import Config, current_config
from moviesite.errors import Forbidden
from moviesite.web.errors import is_api_request

_UNSAFE = ("POST", "PUT", "PATCH", "DELETE")
_PATHS = r"/(api|compat)/.*"
_TAKEN_HEADERS = (
    *("Authorization", "Content-Type", "Idempotency-Key", "If-Match", "If-None-Match"),
    *("X-Auth-Mode", "X-CSRF-Token", "X-Request-ID", "X-TMDb-Token"),
)
_SHOWN_HEADERS = (
    *("Content-Disposition", "ETag", "Link", "Location", "Retry-After"),
    *("RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset", "Undo-Token", "X-Request-ID"),
)
_PREFLIGHT_SECONDS = 600


def init_app(app: Flask, config: Config) -> None:
    """Bind to the application."""
    app.before_request(_refuse_foreign_forms)
    if config.cors_origins:
        CORS(
            app,
            resources={_PATHS: {"origins": [_exactly(one) for one in config.cors_origins]}},
            supports_credentials=config.cors_allow_credentials,
            allow_headers=list(_TAKEN_HEADERS),
            expose_headers=list(_SHOWN_HEADERS),
            methods=["GET", "HEAD", "OPTIONS", *_UNSAFE],
            max_age=_PREFLIGHT_SECONDS,
            always_send=False,
        )
        app.after_request(_vary_on_origin)


def _exactly(origin: str) -> re.Pattern[str]:
    """Flask-CORS would take an IPv6 address, for its brackets, for a pattern of many origins."""
    return re.compile(rf"{re.escape(origin)}\Z", re.IGNORECASE)


def _vary_on_origin(response: Response) -> Response:
    if is_api_request():
        response.vary.add("Origin")
    return response


def _refuse_foreign_forms() -> None:
    """Pages take what our own pages send; browsers say where a request comes from.

    The token in each form stands beside this, for browsers that say nothing.
    """
    if request.method not in _UNSAFE or is_api_request():
        return
    origin = request.headers.get("Origin")
    site = request.headers.get("Sec-Fetch-Site", "none")
    same = origin in _own_origins() if origin else site in ("same-origin", "none")
    if not same:
        raise Forbidden("This form was sent from another site.")


def _own_origins() -> set[str]:
    config = current_config()
    public = urlsplit(config.public_url)
    own = {request.host_url.rstrip("/"), f"{public.scheme}://{public.netloc}"}
    return own | set(config.csrf_origins)
