"""JSON door to background jobs, for those who run the site."""

from typing import Any

from flask_smorest import Blueprint

from moviesite.ops import job_queries, job_service
from moviesite.ops.job_schemas import ChangedJobSchema, JobsSchema
from moviesite.web.admins import admins_only
from moviesite.web.identity import current_user
from moviesite.web.throttle import browse_limit

api = Blueprint(
    "jobs", __name__, url_prefix="/api/v1/admin", description="The state of background jobs."
)


@api.get("/jobs")
@browse_limit
@admins_only(api)
@api.response(200, JobsSchema)
def jobs() -> Any:
    """Queues, jobs by state, workers, and when each periodic job runs next."""
    return job_queries.jobs()


@api.post("/jobs/<job_id>/retry")
@browse_limit
@admins_only(api)
@api.response(202, ChangedJobSchema)
def retry(job_id: str) -> Any:
    """Retry a failed job from the start; 409 if it is waiting or running."""
    return {"id": job_id, "state": job_service.retry(current_user(), job_id)}


@api.post("/jobs/<job_id>/cancel")
@browse_limit
@admins_only(api)
@api.response(202, ChangedJobSchema)
def cancel(job_id: str) -> Any:
    """Cancel a job; a running one stops within a few seconds (`stopping`)."""
    return {"id": job_id, "state": job_service.cancel(current_user(), job_id)}


@api.post("/periodic/<job_name>/run")
@browse_limit
@admins_only(api)
@api.response(202, ChangedJobSchema)
def run_now(job_name: str) -> Any:
    """Start a periodic job now, by its `name` in the list of jobs."""
    return {"id": job_name, "state": job_service.run_now(current_user(), job_name)}
