"""What was typed into the forms of lists, and how their pages answer. Changes nothing."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

import marshmallow as ma
from flask import Response, flash, get_flashed_messages, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from moviesite import clock
from moviesite.lists.item_queries import ItemOrder, ItemWish
from moviesite.models.lists import MAX_MOVIES
from moviesite.text import whole_number
from moviesite.web.arguments import invalid, one_of
from moviesite.web.conditional import keep_private
from moviesite.web.htmx import leave_for, wants_fragment
from moviesite.web.personal import SEEN, Notice, notify
from moviesite.web.versions import ask_each_time

# A film that was taken out, with the token that brings it back: told where it was.
_UNDO = "list-undo"

# Orders of a list's page, in words.
ORDERS = {
    "position": "List order",
    "-added_at": "Recently added",
    "title": "Title",
    "-release_date": "Newest",
    "release_date": "Oldest",
    "-vote_average": "Top rated",
}
DIRECTORY_ORDERS = {"-subscribers": "Most followed", "-created_at": "Newest"}
# Days that a link may work, in words; 0 is for ever.
LASTING = {
    0: "When you remove it",
    1: "After a day",
    7: "After a week",
    30: "After a month",
    365: "After a year",
}

_LABELS = {
    "name": "Name",
    "description": "Description",
    "visibility": "Who can see it",
    "note": "Note",
    "position": "Place",
    "expires": "Expires",
    "search": "Search",
    "ordering": "Sort by",
    "seen": "Show",
}


def typed(schema: type[ma.Schema], *names: str) -> Any:
    """These fields of the form as the schema reads them; raises InvalidInput in plain words."""
    given = {name: request.form[name] for name in names if name in request.form}
    try:
        return schema().load(given)
    except ma.ValidationError as error:
        raise invalid(error.messages_dict, _LABELS) from error


def place_typed() -> int | None:
    """The place that was typed, counted from 1 as people do; None for none. Raises InvalidInput."""
    given = request.form.get("place", "").strip()
    if not given:
        return None
    place = whole_number(given, 1, MAX_MOVIES)
    if place is None:
        raise invalid({"position": [f"Use a number from 1 to {MAX_MOVIES:,}."]}, _LABELS)
    return place - 1


def lasting_typed() -> dt.datetime | None:
    """Until when a link is to work; None for ever. Raises InvalidInput."""
    given = request.form.get("expires", "0")
    if given not in map(str, LASTING):
        raise invalid({"expires": ["Choose one of the durations offered."]}, _LABELS)
    return clock.now() + dt.timedelta(days=int(given)) if given != "0" else None


def item_wish() -> ItemWish:
    """What of a list the address asks for."""
    given = order_asked(ORDERS)
    order = ItemOrder(given.lstrip("-"), given[0] == "-")
    seen = SEEN.get(one_of("seen", ("", *SEEN), _LABELS))
    return ItemWish(words("search"), order=order, seen=seen)


def order_asked(orders: Mapping[str, str]) -> str:
    """The order that the address asks for, the first by default. Raises InvalidInput."""
    return one_of("ordering", orders, _LABELS)


def words(name: str, limit: int = 200) -> str:
    """Words in the address."""
    given = request.args.get(name, "").strip()
    if len(given) > limit or "\x00" in given:
        raise invalid({name: [f"Use at most {limit} ordinary characters."]}, _LABELS)
    return given.encode("utf-8", "ignore").decode()


def done(message: str, address: str, *, trouble: bool = False) -> AnyResponse:
    """Go on to a page that tells what was done, or why it was not."""
    notify(Notice(message, trouble=trouble))
    return leave_for(address) if wants_fragment() else redirect(address, 303)


def taken_out(undo: dict[str, str], address: str) -> AnyResponse:
    """Go on to the list that a film was taken out of: `said` and the `token` that undoes it."""
    flash(undo, _UNDO)  # type: ignore[arg-type]
    return redirect(address, 303)


def undo_offered() -> Any:
    """What `taken_out` left for the page that is drawn now; None where nothing can be undone."""
    left = get_flashed_messages(category_filter=[_UNDO])
    return left[-1] if left else None


def label(response: Response) -> Response:
    """What pages of lists tell caches: ask each time, and keep nothing that a form answered."""
    if request.method in ("GET", "HEAD"):
        return ask_each_time(response)
    return keep_private(response)
