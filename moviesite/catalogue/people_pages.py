"""HTML doors of people: who they are and what they took part in."""

from flask import Blueprint, redirect, render_template
from werkzeug.wrappers import Response as AnyResponse

from moviesite.catalogue import live, presenting
from moviesite.library import shelves as own_shelves
from moviesite.text import slug as slug_of
from moviesite.web.filters import person_url
from moviesite.web.identity import user_or_none
from moviesite.web.public import public
from moviesite.web.throttle import browse_limit
from moviesite.web.viewing import current_language

pages = Blueprint("people_pages", __name__)


@pages.get("/person/<id:person_id>", defaults={"slug": None})
@pages.get("/person/<id:person_id>-<slug>")
@public()
@browse_limit
def person(person_id: int, slug: str | None) -> str | AnyResponse:
    """A person with a filmography, by what they did."""
    answer = live.person(person_id, current_language())
    own = slug_of(answer.value.name)
    if slug and slug != own:
        return redirect(person_url(answer.value), 301)
    known_for, user = presenting.best_known(answer.value), user_or_none()
    return render_template(
        "catalogue/person.html",
        person=answer.value,
        source=presenting.source_of(answer),
        roles=presenting.roles(answer.value),
        known_for=known_for,
        mine=own_shelves.mine(user, known_for, (one.movie for one in answer.value.credits)),
        hidden=own_shelves.hides(user, "person", person_id),
    )
