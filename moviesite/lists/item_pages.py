"""HTML doors to what an owner does with the films of a list: place, note, take out, bring back."""

from typing import Any
from uuid import UUID

from flask import Blueprint, make_response, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from moviesite.errors import Conflict, InvalidInput
from moviesite.lists import item_service
from moviesite.lists.item_service import NoSuchPosition, Placed
from moviesite.lists.page_forms import done, label, place_typed, taken_out, typed
from moviesite.lists.pages import list_context
from moviesite.lists.schemas import PlaceSchema
from moviesite.models import User
from moviesite.web.arguments import invalid
from moviesite.web.changed_fields import edited
from moviesite.web.htmx import vary_on_htmx, wants_fragment
from moviesite.web.identity import current_user
from moviesite.web.throttle import browse_limit

pages = Blueprint("list_item_pages", __name__, url_prefix="/list/<uuid:list_id>")
pages.after_request(label)

# What a button does to a film's place, counted from where it stands.
_STEPS = {"up": -1, "down": 1}


@pages.post("/films/<id:movie_id>")
@browse_limit
def change(list_id: UUID, movie_id: int) -> AnyResponse:
    """Move a film, write its note or take it out: the button that was pressed says which."""
    user, act = current_user(), request.form.get("do", "save")
    try:
        if act == "remove":
            return _remove(user, list_id, movie_id)
        placed = _place(user, list_id, movie_id, act)
    except NoSuchPosition as error:
        # People count from 1.
        trouble = f"Places in this list go from 1 to {error.last + 1}."
        return _answer(user, list_id, movie_id, trouble=trouble)
    except (InvalidInput, Conflict) as error:
        return _answer(user, list_id, movie_id, trouble=str(error))
    return _answer(user, list_id, movie_id, said=_said(placed, act))


@pages.post("/undo")
@browse_limit
def undo(list_id: UUID) -> AnyResponse:
    """Bring a film back that was taken out."""
    user = current_user()
    try:
        placed = item_service.bring_back(user, _token())
    except (InvalidInput, Conflict) as error:
        return _answer(user, list_id, 0, trouble=str(error))
    title = placed.item.movie.title
    return _answer(user, list_id, placed.item.movie_id, said=f"{title} is back in the list.")


def _place(user: User, list_id: UUID, movie_id: int, act: str) -> Placed:
    if act in _STEPS:
        here = place_typed()
        if here is None:
            raise invalid({"position": ["Its current place is missing."]})
        place = max(here + _STEPS[act], 0)
        return item_service.put_movie(user, list_id, movie_id, position=place)
    note = typed(PlaceSchema, *edited("note")).get("note")
    position = place_typed() if edited("place") else None
    return item_service.put_movie(user, list_id, movie_id, position=position, note=note)


def _remove(user: User, list_id: UUID, movie_id: int) -> AnyResponse:
    title = request.form.get("title", "")[:500] or "The film"
    taken = item_service.remove_movie(user, list_id, movie_id)
    said = f"{title} was removed from the list."
    if taken.undo is None:
        return _answer(user, list_id, movie_id, said=said)
    return _answer(user, list_id, movie_id, undo={"said": said, "token": str(taken.undo)})


def _said(placed: Placed, act: str) -> str:
    title, place = placed.item.movie.title, placed.item.position + 1
    if act == "save" and "note" in request.form and not request.form.get("moved"):
        return f"{title}: saved, number {place} of {placed.movie_list.movie_count}."
    return f"{title} is number {place} of {placed.movie_list.movie_count}."


def _token() -> UUID:
    try:
        return UUID(request.form.get("token", ""))
    except ValueError as error:
        raise invalid({"token": ["This cannot be undone."]}) from error


def _answer(user: User, list_id: UUID, movie_id: int, **shown: Any) -> AnyResponse:
    """The changed part of the page, or the way back to it."""
    if not wants_fragment():
        here = url_for(
            "list_pages.one_list", list_id=list_id, **_shown(), _anchor=f"film-{movie_id}"
        )
        undo = shown.get("undo")
        if undo:
            return taken_out(undo, here)
        trouble = shown.get("trouble", "")
        return done(trouble or shown["said"], here, trouble=bool(trouble))
    response = make_response(
        render_template("lists/_items.html", **list_context(list_id, user), **shown, anew=True)
    )
    vary_on_htmx(response)
    return response


def _shown() -> dict[str, Any]:
    """The part of the list that the form was on."""
    names = ("page", "ordering", "search", "seen")
    return {name: request.args[name] for name in names if name in request.args}
