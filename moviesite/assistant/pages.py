"""HTML door to wishes in people's own words. No statement of its own."""

from typing import Any

from flask import Blueprint, Response

from moviesite.assistant import presenting, service
from moviesite.assistant.forms import LONGEST, ask_wish, asker
from moviesite.catalogue.presenting import source_of
from moviesite.errors import Unavailable
from moviesite.library import shelves as own_shelves
from moviesite.web.htmx import render
from moviesite.web.identity import user_or_none
from moviesite.web.throttle import assistant_limit
from moviesite.web.viewing import current_language

pages = Blueprint("assistant_pages", __name__)

EXAMPLES = (
    "90s heist films under two hours, not animated",
    "a feel-good Korean comedy",
    "something like Heat, but shorter",
    "highly rated science fiction from before 1980",
)


@pages.get("/ask")
@assistant_limit
def ask() -> Response:
    """A field for a wish, what it was taken for, and films for it."""
    wish = ask_wish()
    if not wish.prompt:
        return _page(wish=wish, reply=None)
    try:
        reply = service.search(wish.prompt, asker(), wish.off)
    except Unavailable as error:
        response = _page(wish=wish, reply=None, trouble=error.detail)
        response.status_code = 503
        return response
    movies = [hit.movie for hit in reply.hits]
    return _page(
        wish=wish,
        reply=reply,
        source=source_of(reply.answer) if reply.answer else None,
        names=presenting.names_in(reply.interpretation, current_language()),
        ids=presenting.ids,
        address=presenting.discover_query(reply.interpretation.filters),
        mine=own_shelves.mine(user_or_none(), movies),
    )


def _page(**context: Any) -> Response:
    return render(
        "assistant/ask.html",
        "assistant/_reply.html",
        examples=EXAMPLES,
        longest=LONGEST,
        **context,
    )
