"""HTML doors to bringing one's films along, and to taking them along."""

from flask import Blueprint, Response, redirect, request, url_for
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response as AnyResponse

from moviesite.errors import Conflict, InvalidInput, MovieSiteError
from moviesite.transfer import export, queries, service
from moviesite.web.conditional import keep_private
from moviesite.web.downloads import download
from moviesite.web.htmx import render
from moviesite.web.identity import current_user
from moviesite.web.throttle import browse_limit

pages = Blueprint("transfer_pages", __name__, url_prefix="/account")
pages.after_request(keep_private)


@pages.get("/import")
@browse_limit
def bringing() -> Response:
    """Choose a file; how far the last one is, and what was not found."""
    return _page()


@pages.post("/import")
@browse_limit
def bring() -> AnyResponse:
    """Begin to import a file."""
    user, upload = current_user(), request.files.get("file")
    if upload is None or not upload.filename:
        message = "Choose a file first."
        return _refused(InvalidInput.of("file", message, "files"))
    called = request.form.get("name", "")
    try:
        service.begin(user, upload.filename, upload.read(), called)
    except (InvalidInput, Conflict) as error:
        return _refused(error, called)
    return _back()


@pages.errorhandler(RequestEntityTooLarge)
def refuse_body(_error: RequestEntityTooLarge) -> AnyResponse:
    """A file so large that it was not read to its end."""
    current_user()
    error = InvalidInput({"files": {"file": ["At most 3 MB."]}}, "The file can be at most 3 MB.")
    error.status = 413
    return _refused(error)


@pages.post("/import/retry")
@browse_limit
def retry() -> AnyResponse:
    """Look now for the films that are left."""
    service.go_on(current_user())
    return _back()


@pages.post("/import/forget")
@browse_limit
def forget() -> AnyResponse:
    """Stop the import and forget its report."""
    service.forget(current_user())
    return _back()


@pages.get("/export")
@browse_limit
def take() -> Response:
    """One's library and lists as a zip of CSV files."""
    user = current_user()
    return download(export.archive(user), export.file_name(user), "application/zip")


def _page(problem: MovieSiteError | None = None, called: str = "") -> Response:
    report = queries.report(current_user().id)
    return render(
        *("transfer/import.html", "transfer/_report.html"),
        report=report,
        problem=problem,
        called=called,
    )


def _refused(error: MovieSiteError, called: str = "") -> AnyResponse:
    answer = _page(error, called)
    answer.status_code = error.status
    return answer


def _back() -> AnyResponse:
    return redirect(url_for(".bringing"), 303)
