"""Those who run the site choose lists for the programme. No web."""

from uuid import UUID

from moviesite.admin import list_queries
from moviesite.errors import Conflict
from moviesite.lists import service as lists
from moviesite.models import User
from moviesite.transactions import transactional


@transactional
def curate(actor: User, uuid: UUID, curated: bool) -> None:
    """Put a public list into the programme, or take any out of it.

    Raises NotFound, Forbidden, Conflict for a list that not everybody may see.
    """
    if curated and not list_queries.one(uuid).public:
        raise Conflict("Only public lists can be featured.")
    lists.edit(actor, uuid, {"curated": curated})
