"""Lets go of what came from TMDb, by hand. No web."""

from moviesite.admin import audit_service
from moviesite.admin.acts import Act
from moviesite.admin.audit_service import Subject
from moviesite.models import User
from moviesite.queue import Job, enqueue
from moviesite.transactions import transactional


@transactional
def purge(actor: User) -> None:
    """Have a worker delete everything that came from TMDb; what is people's own stays."""
    audit_service.record(actor, Act.TMDB_PURGE, Subject("source", "tmdb", "TMDb"))
    enqueue(Job.PURGE_TMDB)
