"""What a refused edit of a list shows. No statement here."""

from moviesite.errors import MovieSiteError, Outdated
from moviesite.lists import queries
from moviesite.lists.schemas import ListSchema
from moviesite.models import User


def state(error: Outdated, user: User) -> MovieSiteError:
    """The error with the list as its reader sees it now, in the shape of the API."""
    shown = queries.shown(error.present.uuid, user)
    outdated = Outdated(error.detail, present=error.present)
    outdated.extra = {"present": ListSchema().dump(shown)}
    return outdated
