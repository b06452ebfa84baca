"""HTML doors of lists that are kept elsewhere: popular and its like, genres, series."""

from typing import Any

from flask import Blueprint, Response, render_template

from moviesite.catalogue import browse, forms, genres, live, presenting, shelves
from moviesite.catalogue.filters import Filters, Ordering, OrderName
from moviesite.catalogue.genres import GenrePlace
from moviesite.catalogue.overrides import OWN_IDS
from moviesite.catalogue.presenting import Source
from moviesite.config import current_config
from moviesite.errors import Unavailable
from moviesite.library import shelves as own_shelves
from moviesite.library.presenting import offered_page
from moviesite.providers.base import DiscoverQuery, MoviePage
from moviesite.web.arguments import one_of, page_number
from moviesite.web.htmx import render
from moviesite.web.identity import user_or_none
from moviesite.web.public import public
from moviesite.web.throttle import browse_limit
from moviesite.web.viewing import adult_included, current_language, current_region

pages = Blueprint("listings", __name__)

# Orders of a genre's page, in words; a score says little while few have voted.
GENRE_ORDERS = {
    "popularity.desc": "Popular",
    "vote_average.desc": "Top rated",
    "primary_release_date.desc": "Newest",
}
# The same of what is stored, by the first part of their names.
_STORED_ORDERS: dict[str, OrderName] = {
    "popularity": "popularity",
    "vote_average": "vote_average",
    "primary_release_date": "release_date",
}
_STORED_PAGE = 20
_LEAST_VOTES = {"live": 300, "demo": 10}


@pages.get("/<any(popular, 'top-rated', upcoming, 'now-playing'):key>")
@public("page")
@browse_limit
def listing(key: str) -> Response:
    """A list that the source keeps, page by page."""
    kind = shelves.LISTED[key]
    page = page_number()
    answer = live.listing(kind.listing, page, current_language(), current_region())
    shown = offered_page(answer.value, user_or_none())
    source = presenting.source_of(answer)
    return _films(shown, source, title=kind.title, note=shelves.note_of(kind), key=key)


@pages.get("/genre/<slug>")
@public("page", "sort_by")
@browse_limit
def genre(slug: str) -> Response:
    """Films of a genre, in one of three orders."""
    order, page = one_of("sort_by", GENRE_ORDERS), page_number()
    place = genres.by_slug(slug, current_language())
    shown, source, note = _films_of(place, order, page)
    return _films(
        shown,
        source,
        title=place.name,
        note=note,
        key="genre",
        genre=place,
        hidden=own_shelves.hides(user_or_none(), "genre", place.id),
        orders=GENRE_ORDERS,
        order=order,
    )


@pages.get("/genres")
@public()
@browse_limit
def all_genres() -> str:
    """Every genre by name."""
    return render_template("catalogue/genres.html", genres=genres.everything(current_language()))


@pages.get("/collection/<id:collection_id>", defaults={"slug": None})
@pages.get("/collection/<id:collection_id>-<slug>")
@public("without")
@browse_limit
def collection(collection_id: int, slug: str | None) -> Response:  # noqa: ARG001 - readable only
    """A series and its films; a film's page asks for the row alone."""
    without = forms.id_number("without")
    answer = live.collection(collection_id, current_language())
    parts = [part for part in answer.value.parts if part.id != without]
    return render(
        "catalogue/collection.html",
        "catalogue/_series.html",
        series=answer.value,
        mine=own_shelves.mine(user_or_none(), parts),
        parts=parts,
        source=presenting.source_of(answer),
    )


def _films_of(place: GenrePlace, order: str, page: int) -> tuple[MoviePage, Source | None, str]:
    """A page of a genre's films, its source, and in words which films these are.

    No source knows those of a genre of our own; while it is silent, what is stored is shown.
    Raises Unavailable where that is nothing.
    """
    if place.id >= OWN_IDS:
        return _stored(place, order, page), None, "Films chosen by this site"
    try:
        answer = live.discover(_of_genre(place, order, page))
    except Unavailable:
        shown = _stored(place, order, page)
        if not shown.total_results:
            raise
        note = f"Only films saved here, because {live.source_in_words()} is not answering"
        return shown, None, note
    note = f"{answer.value.total_results:,} films from {live.source_in_words()}"
    return answer.value, presenting.source_of(answer), note


def _stored(place: GenrePlace, order: str, page: int) -> MoviePage:
    wanted = Filters(genres=((str(place.id),),), include_adult=adult_included())
    name, _, _ = order.partition(".")
    ordering = Ordering(_STORED_ORDERS[name], descending=True)
    stored = browse.stored(wanted, ordering, page=page, page_size=_STORED_PAGE)
    return MoviePage(page, stored.pages(_STORED_PAGE), stored.total, tuple(stored.movies))


def _of_genre(place: GenrePlace, order: str, page: int) -> DiscoverQuery:
    scored = order.startswith("vote_average")
    least = _LEAST_VOTES["demo" if current_config().demo else "live"]
    return DiscoverQuery(
        page=page,
        language=current_language(),
        region=current_region(),
        include_adult=adult_included(),
        with_genres=str(place.id),
        sort_by=order,
        vote_count_gte=least if scored else None,
    )


def _films(shown: MoviePage, source: Source | None, **context: Any) -> Response:
    return render(
        "catalogue/listing.html",
        "catalogue/_listed.html",
        more="catalogue/_batch.html",
        results=shown,
        mine=own_shelves.mine(user_or_none(), shown.results),
        source=source,
        heading="h2",
        **context,
    )
