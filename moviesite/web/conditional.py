"""ETag and 304 for what everybody may see; no-store for what only one person may."""

from flask import Flask, Response, request, session

from moviesite.web import identity
from moviesite.web.errors import is_api_request
from moviesite.web.public import PUBLIC_SECONDS, public_seconds, shows_who_asks


def init_app(app: Flask) -> None:
    """Bind to the application."""
    app.after_request(_label)


def keep_private(response: Response) -> Response:
    """For pages that no cache keeps, and whose addresses, which may hold a secret, stay here."""
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Referrer-Policy"] = "same-origin"
    return response


def keep_out_of_searches(response: Response) -> Response:
    """For what a secret address shows: whoever has it was given it, and no search engine gives
    it to others.
    """
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Referrer-Policy"] = "same-origin"
    return response


def _label(response: Response) -> Response:
    if request.method not in ("GET", "HEAD") and is_api_request():
        # What a write answers, tokens among it, is kept by nobody.
        response.headers.setdefault("Cache-Control", "no-store")
    if request.method not in ("GET", "HEAD") or response.direct_passthrough:
        return response
    if "Cache-Control" in response.headers or response.status_code != 200:
        return response
    response.vary.update(("Accept-Encoding",))
    if request.path.startswith("/api/"):
        _label_api(response)
    elif shows_who_asks(request.environ) and (identity.carried_secret() or session.modified):
        # Shared computers remember what is drawn for somebody otherwise, past the signing out;
        # and what is said once would be said again on the way back.
        response.headers["Cache-Control"] = "private, no-store"
        return response
    else:
        response.headers["Cache-Control"] = "private, no-cache"
    response.add_etag()
    response.make_conditional(request)
    return response


def _label_api(response: Response) -> None:
    response.vary.update(("Authorization", "Cookie"))
    if shows_who_asks(request.environ):
        response.headers["Cache-Control"] = "private, no-store"
        return
    seconds = public_seconds(request.environ)
    seconds = PUBLIC_SECONDS if seconds is None else seconds
    response.headers["Cache-Control"] = f"public, max-age={seconds}"
