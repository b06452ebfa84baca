"""HTML doors of searching by words: films first, people beside them, and what to try next."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Response, redirect, url_for
from werkzeug.wrappers import Response as AnyResponse

from moviesite.catalogue import finding, forms, people_search, presenting, search_syntax, shelves
from moviesite.catalogue.finding import Found
from moviesite.catalogue.forms import SearchWish
from moviesite.catalogue.search_syntax import Wording
from moviesite.library import shelves as own_shelves
from moviesite.library.presenting import offered, offered_page
from moviesite.providers.base import MovieData, PersonRef
from moviesite.web.htmx import leave_for, render, wants_fragment
from moviesite.web.identity import user_or_none
from moviesite.web.throttle import search_limit
from moviesite.web.viewing import adult_included, current_language, current_region

pages = Blueprint("search_pages", __name__)

_MOST_PEOPLE, _MOST_GUESSES = 4, 12


@pages.get("/search")
@search_limit
def search() -> Response | AnyResponse:
    """Films by title and people by name; without words, something to begin with."""
    wanted = forms.search_wish()
    if not wanted.query:
        shelf = shelves.load(shelves.TRENDING, current_language(), current_region())
        return _page(wanted, Found(forms.EMPTY_PAGE), suggested=_offered(shelf.movies))
    wish = _wish(wanted)
    found = finding.search_everywhere(wish, wanted.page, current_language())
    found = found._replace(page=offered_page(found.page, user_or_none()))
    if found.opens is not None:
        address = url_for("catalogue.movie", movie_id=found.opens)
        return leave_for(address) if wants_fragment() else redirect(address)
    people = _people(wish, wanted.page)
    if found.page.results or wanted.page > 1 or found.problem:
        return _page(wanted, found, people=people, limited=wish.limited)
    return _page(wanted, found, people=people, **_instead(wish))


def _page(wanted: SearchWish, found: Found, **context: Any) -> Response:
    source = presenting.source_of(found.answer) if found.answer else None
    beside = [*context.get("close", ()), *context.get("suggested", ())]
    return render(
        "catalogue/search.html",
        "catalogue/_found.html",
        more="catalogue/_batch.html",
        wanted=wanted,
        found=found,
        results=found.page,
        source=source,
        mine=own_shelves.mine(user_or_none(), found.page.results, beside),
        **context,
    )


def _offered(movies: Sequence[MovieData]) -> list[MovieData]:
    return offered(movies, user_or_none())


def _wish(wanted: SearchWish) -> Wording:
    return search_syntax.read(wanted.query).narrowed(year=wanted.year, adult=adult_included())


def _people(wish: Wording, page: int) -> list[PersonRef]:
    """People whose names fit well; guesses are for films alone."""
    if not wish.words or page > 1:
        return []
    found = people_search.search_people(wish.words, guessing=False)[:_MOST_PEOPLE]
    return [one.person for one in found]


def _instead(wish: Wording) -> dict[str, Any]:
    """What may help where nothing was found: stored films that come close, else what trends."""
    close = finding.browse_stored(wish, page_size=_MOST_GUESSES).movies
    if close:
        return {"close": _offered(close)}
    shelf = shelves.load(shelves.TRENDING, current_language(), current_region())
    return {"suggested": _offered(shelf.movies)}
