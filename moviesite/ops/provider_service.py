"""Lets go of what came from TMDb, by hand. No web."""

from moviesite import audit
from moviesite.audit import Act, Subject
from moviesite.models import User
from moviesite.queue import Job, enqueue
from moviesite.transactions import transactional


@transactional
def purge(actor: User) -> None:
    """Have a worker delete everything that came from TMDb; what is people's own stays."""
    audit.record(actor, Act.TMDB_PURGE, Subject("source", "tmdb", "TMDb"))
    enqueue(Job.PURGE_TMDB)
