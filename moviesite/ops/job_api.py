"""JSON door to background jobs, for those who run the site."""

from typing import Any

from flask_smorest import Blueprint

from moviesite.ops import job_queries, job_service
from moviesite.ops.job_schemas import ChangedJobSchema, JobsSchema
from moviesite.web.admins import admins_only
from moviesite.web.identity import current_user
from moviesite.web.throttle import browse_limit

api = Blueprint(
    "jobs", __name__, url_prefix="/api/v1/admin", description="Background jobs: how they stand."
)


@api.get("/jobs")
@browse_limit
@admins_only(api)
@api.response(200, JobsSchema)
def jobs() -> Any:
    """Queues, jobs that run, wait, pause and failed, workers, and when each job comes again."""
    return job_queries.jobs()


@api.post("/jobs/<job_id>/retry")
@browse_limit
@admins_only(api)
@api.response(202, ChangedJobSchema)
def retry(job_id: str) -> Any:
    """Let a job that failed begin anew, with all its tries; 409 where it waits or runs."""
    return {"id": job_id, "state": job_service.retry(current_user(), job_id)}


@api.post("/jobs/<job_id>/cancel")
@browse_limit
@admins_only(api)
@api.response(202, ChangedJobSchema)
def cancel(job_id: str) -> Any:
    """Take a job away; one that runs is ended within some seconds (`stopping`)."""
    return {"id": job_id, "state": job_service.cancel(current_user(), job_id)}


@api.post("/periodic/<job_name>/run")
@browse_limit
@admins_only(api)
@api.response(202, ChangedJobSchema)
def run_now(job_name: str) -> Any:
    """Start a periodic job at once, by the `name` that the list of jobs tells."""
    return {"id": job_name, "state": job_service.run_now(current_user(), job_name)}
