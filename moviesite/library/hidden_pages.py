"""HTML doors of what somebody does not want to be offered: muting, and letting back in."""

from typing import Any

from flask import Blueprint, render_template, url_for
from werkzeug.wrappers import Response as AnyResponse

from moviesite.catalogue.queries import names_of_keywords
from moviesite.library import forms, muting_queries, service
from moviesite.library.pages import changed
from moviesite.web.conditional import keep_private
from moviesite.web.htmx import fragment, shown_path, wants_fragment
from moviesite.web.identity import current_user
from moviesite.web.personal import Notice, go_back
from moviesite.web.throttle import browse_limit

pages = Blueprint("hidden_pages", __name__)
pages.after_request(keep_private)

# Pages that show what is hidden, or no longer what is.
_REDRAWN = ("/hidden", "/for-you")
_WORDS = {
    "movie": ("This film is hidden", "This film is shown again"),
    "genre": ("This genre is hidden", "This genre is shown again"),
    "person": (
        "Films with this person are hidden",
        "Films with this person are shown again",
    ),
    "keyword": ("This keyword is hidden", "This keyword is shown again"),
}


@pages.get("/hidden")
@browse_limit
def hidden() -> str:
    """What is muted, each with the way back."""
    things = muting_queries.hidden_of(current_user())
    return render_template("library/hidden.html", things=things)


@pages.post("/hidden/<any(movie, genre, person, keyword):kind>/<id:target_id>")
@browse_limit
def hide(kind: str, target_id: int) -> AnyResponse:
    """Mute something, or let it be offered again."""
    user, keeps_away, met_at = current_user(), forms.kept(), forms.met_at()
    if keeps_away:
        change = service.hide(user, kind, target_id, met_at=met_at)
    else:
        change = service.unhide(user, kind, target_id)
    notice = Notice(f"{_WORDS[kind][0 if keeps_away else 1]}.", change.undo)
    path = shown_path()
    if not wants_fragment() or path.startswith(_REDRAWN):
        return go_back(url_for(".hidden"), notice)
    if kind == "movie":
        return changed(user, target_id, notice)
    shown: dict[str, Any] = {"kind": kind, "target_id": target_id, "hidden": keeps_away}
    parts = []
    # Its own page has the button that takes it back, and so has a film's for its keywords.
    if path.startswith(f"/{kind}/"):
        parts = ["library/_hide.html"]
    elif kind == "keyword" and met_at:
        parts = ["library/_hide_keyword.html"]
        shown |= {"movie_id": met_at, "name": names_of_keywords([target_id]).get(target_id)}
    return fragment("library/_changed.html", **shown, parts=parts, oob=True, notice=notice)
