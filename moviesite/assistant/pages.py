"""HTML doors to wishes in people's own words. No statement of their own."""

from typing import Any

from flask import Blueprint, Response, redirect, url_for
from werkzeug.wrappers import Response as AnyResponse

from moviesite.assistant import advice_service, presenting, quota_service, service
from moviesite.assistant.forms import LONGEST, MODEL, AskWish, ask_wish, asker, sent_wish
from moviesite.assistant.service import Reply
from moviesite.catalogue.presenting import source_of
from moviesite.errors import Unavailable
from moviesite.library import shelves as own_shelves
from moviesite.web.conditional import keep_private
from moviesite.web.htmx import push_address, render
from moviesite.web.identity import current_user, user_or_none
from moviesite.web.throttle import assistant_limit
from moviesite.web.viewing import current_language

pages = Blueprint("assistant_pages", __name__)
pages.after_request(keep_private)

# Each finds films in the demo catalogue, too.
EXAMPLES = (
    "90s heist films under two hours, not animated",
    "a feel-good British comedy",
    "something like Alien, but shorter",
    "highly rated science fiction from before 1980",
)


@pages.get("/ask")
@assistant_limit
def ask() -> Response:
    """A field for a wish, what it was taken for, and films for it; a model's if it was asked."""
    wish = ask_wish()
    if not wish.prompt:
        return _page(wish=wish, reply=None)
    try:
        earlier = advice_service.recalled(wish.prompt, asker()) if wish.by_model else None
        reply = earlier or service.search(wish.prompt, asker(), wish.off)
    except Unavailable as error:
        response = _page(wish=wish, reply=None, trouble=error.detail)
        response.status_code = 503
        return response
    forgotten = wish.by_model and earlier is None and user_or_none() is not None
    response = _answered(wish, reply, forgotten=forgotten)
    return push_address(response, _address(wish.prompt)) if wish.by_model else response


@pages.post("/ask")
@assistant_limit
def ask_model() -> AnyResponse:
    """Ask the model for the films of a wish, and show them under an address of their own."""
    current_user()
    prompt = sent_wish()
    if prompt:
        advice_service.search(prompt, asker())
    return redirect(_address(prompt), 303)


def _address(prompt: str) -> str:
    return url_for(".ask", q=prompt, by=MODEL)


def _answered(wish: AskWish, reply: Reply, *, forgotten: bool) -> Response:
    movies = [hit.movie for hit in reply.hits]
    return _page(
        wish=wish,
        reply=reply,
        forgotten=forgotten,
        source=source_of(reply.answer) if reply.answer else None,
        names=presenting.names_in(reply.interpretation, current_language()),
        ids=presenting.ids,
        address=presenting.discover_query(reply.interpretation.filters),
        mine=own_shelves.mine(user_or_none(), movies),
    )


def _page(**context: Any) -> Response:
    user = user_or_none()
    has_model = advice_service.has_model()
    return render(
        "assistant/ask.html",
        "assistant/_answered.html",
        examples=EXAMPLES,
        longest=LONGEST,
        has_model=has_model,
        quota=quota_service.quota_of(user) if user and has_model else None,
        **context,
    )
