"""JSON doors of the stored catalogue and of suggestions."""

from typing import Any

import msgspec
from flask import url_for
from flask_smorest import Blueprint

from moviesite.catalogue import finding, naming, search_syntax, suggesting
from moviesite.catalogue.browse import Stored
from moviesite.catalogue.browse_schemas import (
    BrowseArgs,
    StoredPageSchema,
    SuggestArgs,
    SuggestionsSchema,
    filters_of,
    ordering_of,
)
from moviesite.catalogue.filters import NO_FILTERS
from moviesite.catalogue.presenting import Listed
from moviesite.catalogue.search_syntax import Wording
from moviesite.library.presenting import offered, suggestions_for, with_viewer
from moviesite.providers.base import KeywordData, Suggestion
from moviesite.web.filters import movie_url, person_url
from moviesite.web.identity import user_or_none
from moviesite.web.images import image_url
from moviesite.web.paging import numbered_page
from moviesite.web.throttle import browse_limit, suggest_limit
from moviesite.web.viewing import adult_included, current_language

api = Blueprint("browse", __name__, url_prefix="/api/v1", description="Movies stored here.")


@api.get("/movies")
@browse_limit
@api.arguments(BrowseArgs(), location="query")
@api.response(200, StoredPageSchema)
def movies(args: dict[str, Any]) -> Any:
    """The stored catalog, filtered, searched and sorted.

    If no title has the words of `search` and the results are only close matches, `close_to`
    repeats the words.
    """
    wish = _wish(args)
    page, size = args["page"], args["page_size"]
    stored, close_to = finding.browse_closely(wish, ordering_of(args), page=page, page_size=size)
    return numbered_page(
        _listed(stored),
        page=page,
        page_size=size,
        count=stored.total,
        count_exact=stored.exact,
        not_understood=wish.not_understood,
        close_to=close_to,
    )


@api.get("/search/suggest")
@suggest_limit
@api.arguments(SuggestArgs, location="query")
@api.response(200, SuggestionsSchema)
def suggest(args: dict[str, Any]) -> Any:
    """Suggestions while typing: movies and people, or one kind."""
    words, kind = args["q"], args.get("kind", "")
    if kind == "keyword":
        return {"results": [_keyword(one) for one in naming.keywords_like(words)]}
    look = {"movie": suggesting.movies, "person": suggesting.people}.get(kind, suggesting.suggest)
    found = look(words, current_language(), adult=adult_included())
    return {"results": [_suggestion(one) for one in suggestions_for(found, user_or_none())]}


def _wish(args: dict[str, Any]) -> Wording:
    """What the words and the other parameters ask for; both must be met."""
    wish = search_syntax.read(args.get("search", ""))
    given = msgspec.structs.replace(filters_of(args), include_adult=adult_included())
    changes = {
        name: _both(name, getattr(wish.filters, name), value)
        for name, value in msgspec.structs.asdict(given).items()
    }
    return wish._replace(filters=msgspec.structs.replace(NO_FILTERS, **changes))


def _both(name: str, words: Any, given: Any) -> Any:
    usual = getattr(NO_FILTERS, name)
    if isinstance(given, tuple) and name not in ("languages", "countries"):
        return words + given
    return words if given == usual else given


def _listed(stored: Stored) -> list[Listed]:
    shown = offered(stored.movies, user_or_none())
    return with_viewer(
        [Listed(movie, stored.community[movie.id]) for movie in shown], user_or_none()
    )


def _keyword(one: KeywordData) -> dict[str, Any]:
    address = url_for("discover_pages.discover", with_keywords=one.id)
    return {"kind": "keyword", "id": one.id, "name": one.name, "url": address}


def _suggestion(one: Suggestion) -> dict[str, Any]:
    if one.movie:
        return {
            "kind": "movie",
            "id": one.movie.id,
            "title": one.movie.title,
            "year": one.movie.year,
            "poster_url": image_url(one.movie.poster_path, "poster", 92),
            "url": movie_url(one.movie),
        }
    person = one.person
    return {
        "kind": "person",
        "id": person.id if person else 0,
        "name": person.name if person else "",
        "photo_url": image_url(person.profile_path if person else None, "profile", 45),
        "url": person_url(person) if person else "",
    }
