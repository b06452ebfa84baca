"""HTML doors to "add to list": which of one's lists hold a film, and a new one for it."""

from uuid import UUID

from flask import Blueprint, Response, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from moviesite.catalogue import live
from moviesite.errors import Conflict, InvalidInput
from moviesite.lists import item_service, queries, service
from moviesite.lists.page_forms import done, label, typed
from moviesite.lists.schemas import NewListSchema
from moviesite.web.arguments import invalid
from moviesite.web.htmx import render, wants_fragment
from moviesite.web.identity import current_user
from moviesite.web.throttle import browse_limit
from moviesite.web.viewing import current_language

pages = Blueprint("adding_pages", __name__, url_prefix="/movie/<id:movie_id>/lists")
pages.after_request(label)


@pages.get("")
@browse_limit
def menu(movie_id: int) -> Response:
    """One's lists, with a mark on those that hold the film."""
    return _menu(movie_id)


@pages.post("")
@browse_limit
def change(movie_id: int) -> AnyResponse:
    """Put the film into a list or a new one, or take it out."""
    try:
        said = _new_list(movie_id) if "name" in request.form else _toggle(movie_id)
    except (InvalidInput, Conflict) as error:
        return _menu(movie_id, trouble=str(error), status=error.status)
    if wants_fragment():
        return _menu(movie_id, said=said)
    return done(said, url_for(".menu", movie_id=movie_id))


def _new_list(movie_id: int) -> str:
    given = typed(NewListSchema, "name", "visibility")
    made = service.create(current_user(), given.pop("name"), **given, movie_ids=[movie_id])
    return f"“{made.name}” created with this film."


def _toggle(movie_id: int) -> str:
    user = current_user()
    try:
        list_id = UUID(request.form.get("list", ""))
    except ValueError as error:
        raise invalid({"list": ["Choose one of your lists."]}) from error
    if request.form.get("keep") == "1":
        placed = item_service.put_movie(user, list_id, movie_id)
        return f"Added to “{placed.movie_list.name}”."
    taken = item_service.remove_movie(user, list_id, movie_id)
    return f"Removed from “{taken.movie_list.name}”."


def _menu(movie_id: int, said: str = "", trouble: str = "", status: int = 200) -> Response:
    user = current_user()
    # What is stored can be put into lists while its source is silent.
    movie = queries.stored_movie(movie_id) or live.movie(movie_id, current_language()).value
    response = render(
        "lists/adding.html",
        "lists/_adding.html",
        movie=movie,
        own=queries.own_lists(user, containing=movie_id),
        said=said,
        trouble=trouble,
    )
    response.status_code = status
    return response
