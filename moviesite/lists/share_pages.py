"""HTML doors to one's links: what is shared, under which name, until when, and its end."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from moviesite.errors import Conflict, InvalidInput
from moviesite.lists import share_queries, share_service
from moviesite.lists.page_forms import LASTING, done, label, lasting_typed, typed
from moviesite.lists.schemas import NewShareSchema, share_address
from moviesite.models import MovieList, User
from moviesite.models.lists import FAVORITES, LIST, SHARE_SOURCES, WATCHLIST
from moviesite.web.arguments import invalid
from moviesite.web.htmx import render, wants_fragment
from moviesite.web.identity import current_user
from moviesite.web.qr import qr_svg
from moviesite.web.throttle import browse_limit

pages = Blueprint("share_pages", __name__, url_prefix="/shares")
pages.after_request(label)

_NAMES = {FAVORITES: "{}’s favorites", WATCHLIST: "{}’s watchlist"}
_SHOWN = 100


@pages.get("")
@browse_limit
def shares() -> Response:
    """Links to one thing (`source`, `list_id`) and the form for another, or all one's links."""
    return _shares(request.args.get("source", ""), request.args.get("list_id", ""))


@pages.post("")
@browse_limit
def share() -> AnyResponse:
    """Make a link."""
    user, source = current_user(), request.form.get("source", "")
    given_id = request.form.get("list_id", "")
    fields = ("source", "name", "list_id") if given_id else ("source", "name")
    try:
        given = typed(NewShareSchema, *fields)
        link = share_service.share(
            user,
            given["source"],
            given["name"],
            list_id=given.get("list_id"),
            expires_at=lasting_typed(),
        )
    except (InvalidInput, Conflict) as error:
        response = _shares(source, given_id, trouble=str(error))
        response.status_code = error.status
        return response
    return _done(source, given_id, "Your link is ready.", fresh=link.uuid)


@pages.post("/<uuid:share_id>/revoke")
@browse_limit
def revoke(share_id: UUID) -> AnyResponse:
    """End a link at once."""
    link = share_service.revoke(current_user(), share_id)
    said = f"The link “{link.name}” is removed and no longer works."
    return _done(request.form.get("source", ""), request.form.get("list_id", ""), said)


def _done(source: str, list_id: str, said: str, fresh: UUID | None = None) -> AnyResponse:
    if wants_fragment():
        return _shares(source, list_id, said=said, fresh=fresh)
    kept: dict[str, Any] = {"source": source or None, "list_id": list_id or None}
    return done(said, url_for(".shares", **kept))


def _shares(source: str, given_id: str, **besides: Any) -> Response:
    user = current_user()
    if source not in ("", *SHARE_SOURCES):
        raise invalid({"source": [f"Use one of: {', '.join(SHARE_SOURCES)}."]})
    movie_list = _own_list(user, given_id) if source == LIST else None
    list_id = movie_list.uuid if movie_list else None
    links, total = share_queries.shares_of(user, list_id=list_id, source=source, page_size=_SHOWN)
    return render(
        "lists/shares.html",
        "lists/_shares.html",
        **{
            "source": source,
            "list": movie_list,
            "name": movie_list.name if movie_list else _NAMES.get(source, "").format(user.username),
            "links": [(link, share_address(link.token)) for link in links],
            "total": total,
            "lasting": LASTING,
            "qr_svg": qr_svg,
            "fresh": None,
            "trouble": "",
            **besides,
        },
    )


def _own_list(user: User, given: str) -> MovieList:
    try:
        return share_queries.shared_list(user, UUID(given))
    except ValueError as error:
        raise invalid({"list_id": ["This is not the id of a list."]}) from error
