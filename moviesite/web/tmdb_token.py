"""The caller's own TMDb token: where it travels, and nothing else. It is never kept or logged."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from flask import request

from moviesite.errors import NotSignedIn
from moviesite.providers.base import Grant
from moviesite.web.access_tokens import is_ours
from moviesite.web.openapi import MORE_PARAMETERS

View = TypeVar("View", bound=Callable[..., Any])

HEADER = "X-TMDb-Token"
MAX_TOKEN = 2000

_PARAMETER = {
    "in": "header",
    "name": HEADER,
    "schema": {"type": "string"},
    "description": "The caller's own TMDb v4 token. It is sent only to TMDb and never stored.",
}
# For the descriptions of views that take it.
DESCRIBED = {MORE_PARAMETERS: [_PARAMETER]}


def carried_grant(*, bearer: bool = False) -> Grant | None:
    """The caller's own TMDb token; with `bearer` it may also be the `Authorization` header's.

    A program that signs all of its calls sends this site's token there, which TMDb never gets.
    """
    token = request.headers.get(HEADER, "").strip()
    if not token and bearer:
        kind, _, rest = request.headers.get("Authorization", "").partition(" ")
        token = rest.strip() if kind.lower() == "bearer" and not is_ours(rest.strip()) else ""
    if len(token) > MAX_TOKEN:
        raise NotSignedIn("This TMDb token is too long to be one.")
    return Grant(token=token) if token else None


def needed_grant(*, bearer: bool = False) -> Grant:
    """The same; raises NotSignedIn where there is none."""
    grant = carried_grant(bearer=bearer)
    if grant is None:
        raise NotSignedIn(f"Send your own TMDb token in {HEADER}.")
    return grant


def tmdb_token_needed(view: View) -> View:
    """Let only calls with a TMDb token of their own through, before anything else is looked at."""

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        needed_grant(bearer=True)
        return view(*args, **kwargs)

    return guarded  # type: ignore[return-value]
