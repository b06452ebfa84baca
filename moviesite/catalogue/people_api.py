"""JSON doors of people."""

from typing import Any

from flask_smorest import Blueprint

from moviesite.catalogue import live, presenting
from moviesite.catalogue.people_schemas import PersonSchema
from moviesite.library.presenting import filmography_for
from moviesite.web.identity import user_or_none
from moviesite.web.public import public
from moviesite.web.schemas import ViewingArgs
from moviesite.web.throttle import browse_limit
from moviesite.web.viewing import current_language

api = Blueprint("people", __name__, url_prefix="/api/v1", description="Who made the movies.")


@api.get("/people/<id:person_id>")
@public()
@browse_limit
@api.arguments(ViewingArgs, location="query")
@api.response(200, PersonSchema)
@api.alt_response(404, description="No such person.")
def person(_args: dict[str, Any], person_id: int) -> Any:
    """A person with a filmography, newest first."""
    shown = presenting.filmography(live.person(person_id, current_language()))
    return filmography_for(shown, user_or_none())
