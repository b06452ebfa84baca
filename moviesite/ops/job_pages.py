"""HTML door to background jobs, for those who run the site."""

from flask import Blueprint, render_template, url_for
from werkzeug.wrappers import Response as AnyResponse

from moviesite.errors import Conflict, NotFound
from moviesite.ops import job_queries, job_service
from moviesite.ops.job_service import State
from moviesite.web import admins
from moviesite.web.identity import current_user
from moviesite.web.throttle import browse_limit

pages = Blueprint("job_pages", __name__, url_prefix="/admin")
admins.guard(pages)

_WORDS = {
    State.QUEUED: "The job waits for a worker.",
    State.RUNNING: "The job is running at this moment.",
    State.CANCELLED: "The job was taken away.",
    State.STOPPING: "The job's worker ends it within some seconds.",
}


@pages.get("/jobs")
@browse_limit
def jobs() -> str:
    """How the jobs stand."""
    return render_template("ops/jobs.html", found=job_queries.jobs())


@pages.post("/jobs/<job_id>/retry")
@browse_limit
def retry(job_id: str) -> AnyResponse:
    """Let a job begin anew."""
    try:
        return _said(_WORDS[job_service.retry(current_user(), job_id)], "failed")
    except (NotFound, Conflict) as error:
        return _said(error.detail, "failed")


@pages.post("/jobs/<job_id>/cancel")
@browse_limit
def cancel(job_id: str) -> AnyResponse:
    """Take a job away."""
    try:
        return _said(_WORDS[job_service.cancel(current_user(), job_id)])
    except NotFound as error:
        return _said(error.detail)


@pages.post("/periodic/<job_name>/run")
@browse_limit
def run_now(job_name: str) -> AnyResponse:
    """Start a periodic job."""
    return _said(_WORDS[job_service.run_now(current_user(), job_name)], "periodic")


def _said(words: str, place: str | None = None) -> AnyResponse:
    return admins.done(words, url_for(".jobs", _anchor=place))
