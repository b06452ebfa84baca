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
from moviesite.web.identity import current_user
from moviesite.web.once import ONCE_HEADER, once
from moviesite.web.throttle import browse_limit

api = Blueprint(
    "transfer",
    __name__,
    url_prefix="/api/v1/me",
    description="Bringing along what one has elsewhere, and taking along what one has here.",
)

_BESIDE = {
    "name": {
        "type": "string",
        "description": "What the file is called where it comes from, if its own name does not"
        " say so: the name of a list, or such as `watchlist`.",
    }
}


@api.post("/import")
@browse_limit
@signed_in(api)
@api.doc(parameters=[ONCE_HEADER], **uploads.described("file", _BESIDE))
@api.response(202, ImportSchema)
@api.alt_response(
    409, description="The last import is not finished yet, or what this key began is gone."
)
@api.alt_response(422, description="No file, or none of the exports that are known.")
def bring() -> Any:
    """Import what was exported from Letterboxd, IMDb, Trakt, TMDb, Yamtrack or here.

    Its films are found in the background. What is in the library already stays as it is, so that
    a file may be sent again. Each list in it becomes a private list of the caller's, with its
    order, notes and description; when it comes again, what is missing is added at its end.
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
    """How far the last import is, and what was not found."""
    return _report()


@api.post("/import/retry")
@browse_limit
@signed_in(api)
@api.response(202, ImportSchema)
@api.alt_response(404, description="Nothing was imported.")
def retry() -> Any:
    """Look now for the films that are left, instead of when it is tried again by itself."""
    service.go_on(current_user())
    return _report()


@api.delete("/import")
@browse_limit
@signed_in(api)
@api.response(204)
def forget() -> None:
    """Stop the import and forget its report; what came into library and lists stays there."""
    service.forget(current_user())


@api.get("/export")
@browse_limit
@signed_in(api)
@api.response(200, {"type": "string", "format": "binary"}, content_type="application/zip")
def take() -> Response:
    """One's library and lists as a zip of CSV files, which can be imported here and elsewhere."""
    user = current_user()
    return download(export.archive(user), export.file_name(user), "application/zip")


def _report() -> Any:
    found = queries.report(current_user().id)
    if found is None:
        raise NotFound("Nothing was imported.")
    return found
