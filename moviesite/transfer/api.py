"""JSON doors to bringing one's films along, and to taking them along."""

import hashlib
from typing import Any

from flask import Response, request
from flask_smorest import Blueprint

from moviesite.errors import NotFound
from moviesite.transfer import export, queries, service
from moviesite.transfer.schemas import ImportSchema
from moviesite.web import uploads
from moviesite.web.access_tokens import signed_in
from moviesite.web.downloads import download
from moviesite.web.idempotency_key import ONCE_HEADER, once
from moviesite.web.identity import current_user
from moviesite.web.openapi import SAVED
from moviesite.web.throttle import browse_limit

api = Blueprint(
    "transfer",
    __name__,
    url_prefix="/api/v1/me",
    description="Import from elsewhere, and export from here.",
)

_BESIDE = {
    "name": {
        "type": "string",
        "description": "What the file holds, if its name does not say: the name of a list, or"
        " for example `watchlist`.",
    }
}


@api.post("/import")
@browse_limit
@signed_in(api)
@api.doc(parameters=[ONCE_HEADER])
@uploads.takes_file(api, "file", _BESIDE)
@api.response(202, ImportSchema)
@api.alt_response(
    409, description="The last import is not finished, or the one started with this key is gone."
)
@api.alt_response(422, description="No file, or not a known export.")
def bring() -> Any:
    """Import an export from Letterboxd, IMDb, Trakt, TMDb, Yamtrack or this site.

    Movies are matched in the background. What is already in the library stays as it is, so a file
    can be sent again. Each list becomes a private list of the caller's, with its order, notes and
    description; when it is imported again, what is missing is added at the end.
    """
    user = current_user()
    upload = uploads.only_file("file", "Send one file as multipart/form-data.")
    content, called = upload.read(), request.form.get("name", "")
    key = once(f"import:{user.uuid}", f"{hashlib.sha256(content).hexdigest()}\n{called}")
    service.begin(user, upload.filename or "", content, called, once=key)
    return queries.report(user.id)


@api.get("/import")
@browse_limit
@signed_in(api)
@api.response(200, ImportSchema)
@api.alt_response(404, description="Nothing was imported.")
def progress() -> Any:
    """Progress of the last import, and what was not found."""
    return _report()


@api.post("/import/retry")
@browse_limit
@signed_in(api)
@api.response(202, ImportSchema)
@api.alt_response(404, description="Nothing was imported.")
def retry() -> Any:
    """Look for the remaining movies now instead of at the next automatic retry."""
    service.go_on(current_user())
    return _report()


@api.delete("/import")
@browse_limit
@signed_in(api)
@api.response(204)
def forget() -> None:
    """Stop the import and clear its report; what was already imported stays."""
    service.forget(current_user())


@api.get("/export")
@browse_limit
@signed_in(api)
@api.response(
    200, {"type": "string", "format": "binary"}, content_type="application/zip", headers=SAVED
)
def take() -> Response:
    """The caller's library and lists as a zip of CSV files, to import here or elsewhere."""
    user = current_user()
    return download(export.archive(user), export.file_name(user), "application/zip")


def _report() -> Any:
    found = queries.report(current_user().id)
    if found is None:
        raise NotFound("Nothing was imported.")
    return found
