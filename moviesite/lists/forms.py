"""Small readings of requests about lists, and what a refused edit shows. No statement here."""

import json
from collections.abc import Mapping
from typing import Any

from moviesite.errors import MovieSiteError, Outdated
from moviesite.lists import queries
from moviesite.lists.schemas import ListSchema
from moviesite.models import User


def asked_for(given: Mapping[str, Any]) -> str:
    """The same text for the same request, however its fields were ordered."""
    return json.dumps(given, sort_keys=True, default=str)


def state(error: Outdated, user: User) -> MovieSiteError:
    """The error with the list as its reader sees it now, in the shape of the API."""
    shown = queries.shown(error.present.uuid, user)
    told = Outdated(error.detail, present=error.present)
    told.extra = {"present": ListSchema().dump(shown)}
    return told
