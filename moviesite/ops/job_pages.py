"""HTML door to background jobs, for those who run the site."""

from collections.abc import Callable
from functools import partial

from flask import Blueprint, render_template, url_for
from werkzeug.wrappers import Response as AnyResponse

from moviesite.errors import Conflict, NotFound, Unavailable
from moviesite.ops import job_queries, job_service
from moviesite.ops.job_service import State
from moviesite.web import admins
from moviesite.web.identity import current_user
from moviesite.web.throttle import browse_limit

pages = Blueprint("job_pages", __name__, url_prefix="/admin")
admins.guard(pages)

_WORDS = {
    State.QUEUED: "The job is waiting for a worker.",
    State.RUNNING: "The job is running right now.",
    State.CANCELLED: "The job was deleted and will not run.",
    State.STOPPING: "The job will stop within a few seconds.",
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
    return _tried(partial(job_service.retry, current_user(), job_id), "failed")


@pages.post("/jobs/<job_id>/cancel")
@browse_limit
def cancel(job_id: str) -> AnyResponse:
    """Take a job away."""
    return _tried(partial(job_service.cancel, current_user(), job_id))


@pages.post("/periodic/<job_name>/run")
@browse_limit
def run_now(job_name: str) -> AnyResponse:
    """Start a periodic job."""
    return _tried(partial(job_service.run_now, current_user(), job_name), "periodic")


def _tried(act: Callable[[], State], place: str | None = None) -> AnyResponse:
    """Back to the list, which says what came of it: jobs change while one looks at them."""
    try:
        words = _WORDS[act()]
    except (NotFound, Conflict, Unavailable) as error:
        words = error.detail
    return admins.done(words, url_for(".jobs", _anchor=place))
