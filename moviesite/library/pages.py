"""HTML doors of what somebody does with a film: keep, put aside, see, like, vote, take back."""

import re
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, request, session, url_for
from werkzeug.wrappers import Response as AnyResponse

from moviesite.errors import Conflict
from moviesite.extensions import csrf
from moviesite.library import forms, service, shelves
from moviesite.lists import presenting
from moviesite.models import User
from moviesite.web import identity
from moviesite.web.conditional import keep_private
from moviesite.web.htmx import fragment, shown_path, wants_fragment
from moviesite.web.identity import current_user
from moviesite.web.personal import Notice, go_back
from moviesite.web.throttle import browse_limit, client_key

pages = Blueprint("library_pages", __name__)
pages.after_request(keep_private)

# Whether films leave the watchlist once they are seen: a matter of this browser.
STAYS = "watchlist_stays"
_NOTHING = "none"
_FEEDBACK = {
    "more": "You will see more like this.",
    "less": "You will see less like this.",
    "not_interested": "This film will not be suggested.",
    _NOTHING: "Feedback removed.",
}
# Pages that are drawn anew where something comes back to them.
_RECOMMENDED = "/for-you"
_REDRAWN = (_RECOMMENDED, "/history", "/hidden", "/reviews", "/statistics")
_LIST = re.compile(r"/list/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})")
_REDRAWN_FOR = {"watchlist": ("/watchlist",), "rating": ("/movie",)}


@pages.post("/movie/<id:movie_id>/favorite")
@browse_limit
def favorite(movie_id: int) -> AnyResponse:
    """Keep a film, or keep it no longer."""
    user = current_user()
    if forms.kept():
        change, words = service.add_favorite(user, movie_id), "Added to favorites."
    else:
        change, words = service.remove_favorite(user, movie_id), "Removed from favorites."
    return changed(user, movie_id, Notice(words, change.undo))


@pages.post("/movie/<id:movie_id>/watchlist")
@browse_limit
def watchlist(movie_id: int) -> AnyResponse:
    """Put a film on the watchlist, or take it off."""
    user = current_user()
    if forms.kept():
        change, words = service.keep_on_watchlist(user, movie_id), "Added to your watchlist."
    else:
        change = service.remove_from_watchlist(user, movie_id)
        words = "Removed from your watchlist."
    return changed(user, movie_id, Notice(words, change.undo))


@pages.post("/movie/<id:movie_id>/seen")
@browse_limit
def seen(movie_id: int) -> AnyResponse:
    """Mark a film as seen now, or delete its newest play."""
    user = current_user()
    if not forms.kept():
        change = service.unmark(user, movie_id)
        words = (
            "Your latest viewing was removed. Earlier ones remain."
            if change.row
            else "No longer marked as seen."
        )
        return changed(user, movie_id, Notice(words, change.undo), plays=True)
    change = service.mark_seen(user, movie_id)
    notice = after_seeing(user, movie_id, "Marked as seen", change.undo)
    return changed(user, movie_id, notice, plays=True)


@pages.post("/movie/<id:movie_id>/like")
@browse_limit
def like(movie_id: int) -> AnyResponse:
    """Like a film, or no longer."""
    user = current_user()
    act, words = (service.like, "Liked.") if forms.kept() else (service.unlike, "Like removed.")
    return changed(user, movie_id, Notice(words, act(user, movie_id).undo))


@pages.post("/movie/<id:movie_id>/vote/<any(up, down):value>")
@browse_limit
def vote(movie_id: int, value: service.VoteValue) -> AnyResponse:
    """Vote for a film or against it, or take the vote back."""
    user = current_user()
    if forms.kept():
        change, words = service.vote(user, movie_id, value), f"Voted {value}."
    else:
        change, words = service.withdraw_vote(user, movie_id), "Vote removed."
    return changed(user, movie_id, Notice(words, change.undo))


@pages.post("/movie/<id:movie_id>/feedback")
@browse_limit
def feedback(movie_id: int) -> AnyResponse:
    """Say what to suggest, or nothing any more."""
    user, value = current_user(), forms.one_of("value", _FEEDBACK)
    if value == _NOTHING:
        change = service.withdraw_feedback(user, movie_id)
    else:
        change = service.give_feedback(user, movie_id, value)
    notice = Notice(_FEEDBACK[value], change.undo)
    if shown_path().startswith(_RECOMMENDED):
        return go_back(_RECOMMENDED, notice)
    return changed(user, movie_id, notice)


@pages.post("/movie/<id:movie_id>/views")
@csrf.exempt  # Pages for everybody carry no token; one more view is no harm to anybody.
@browse_limit
def views(movie_id: int) -> Response:
    """Count that a film's page is looked at."""
    found = identity.viewer()
    service.count_view(movie_id, found.user if found else None, client_key())
    return Response(status=204)


@pages.post("/undo/<uuid:token>")
@browse_limit
def undo(token: UUID) -> AnyResponse:
    """Take the last change back; what went with it, under `also`, as well."""
    user = current_user()
    try:
        undone = service.undo(user, token)
        _undo_also(user)
    except Conflict as error:
        if wants_fragment():
            raise
        return go_back("/", Notice(error.detail, trouble=True))
    notice = Notice("Undone.")
    redrawn = (*_REDRAWN, *_REDRAWN_FOR.get(undone.kind, ()))
    if undone.movie_id is None or shown_path().startswith(redrawn):
        return go_back("/", notice)
    return changed(user, undone.movie_id, notice, plays=True)


def changed(user: User, movie_id: int, notice: Notice, *, plays: bool = False) -> AnyResponse:
    """The film's actions as they are now, and what was done; a plain browser goes back.

    Where `plays` changed on the page of a list, so did how much of it is seen.
    """
    if not wants_fragment():
        return go_back(url_for("catalogue.movie", movie_id=movie_id), notice)
    path = shown_path()
    # A readable end may follow the number.
    whole = path.partition("-")[0] == f"/movie/{movie_id}"
    shown = shelves.touched(user, movie_id, whole=whole)
    if plays:
        shown |= _seen_of_list(user, path)
    return fragment("library/_changed.html", **shown, notice=notice)


def after_seeing(user: User, movie_id: int, words: str, undo: UUID | None) -> Notice:
    """What is seen leaves the watchlist, unless this browser wants otherwise."""
    if session.get(STAYS) or undo is None:
        return Notice(f"{words}.", undo)
    left = service.remove_from_watchlist(user, movie_id)
    if left.undo is None:
        return Notice(f"{words}.", undo)
    return Notice(f"{words} and removed from your watchlist.", undo, also=left.undo)


def _seen_of_list(user: User, path: str) -> dict[str, Any]:
    """How much they have seen by now, where the page is that of a list."""
    found = _LIST.fullmatch(path)
    seen = presenting.seen_by_now(user, UUID(found[1])) if found else None
    return {"seen": seen, "parts": ["lists/_seen.html"], "oob": True} if seen else {}


def _undo_also(user: User) -> None:
    also = request.args.get("also", type=UUID)
    if also:
        service.undo(user, also)
