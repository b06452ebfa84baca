"""Background entry points of imports: one call each."""

from uuid import UUID

from moviesite.transfer import service


def import_library(import_id: str, _after: int = 0) -> None:
    """Do the next turn of an import; `_after` keeps its turns apart in the queue."""
    service.carry_on(UUID(import_id))
