"""JSON doors of the catalogue."""

from collections.abc import Sequence
from typing import Any

from flask_smorest import Blueprint

from moviesite.caching import Answer
from moviesite.catalogue import detail, live, presenting
from moviesite.catalogue.schemas import (
    DetailArgs,
    GenresSchema,
    MovieDetailSchema,
    MoviePageSchema,
    RelatedPageSchema,
)
from moviesite.library.presenting import detail_for, listed_for
from moviesite.providers.base import MovieData, MovieDetailData, MoviePage
from moviesite.recommendations import shelves as picked
from moviesite.web.identity import user_or_none
from moviesite.web.paging import PageAnswer, numbered_page
from moviesite.web.public import public
from moviesite.web.schemas import PageArgs, ViewingArgs
from moviesite.web.throttle import browse_limit
from moviesite.web.viewing import current_language, current_region

PAGE_SIZE = 20

api = Blueprint(
    "movies", __name__, url_prefix="/api/v1", description="Movies, as TMDb and this site know them."
)


def page_answer(answer: Answer[MoviePage]) -> PageAnswer:
    page = answer.value
    return numbered_page(
        listed_for(page.results, user_or_none()),
        page=page.page,
        page_size=PAGE_SIZE,
        total_pages=page.total_pages,
        count=page.total_results,
        source=presenting.source_of(answer),
    )


# TMDb's own lists: the address, the list of `live.LISTINGS`, and what the description says.
_LISTS = (
    ("popular", "popular", "What TMDb's visitors are viewing now."),
    ("top-rated", "top_rated", "Top rated by TMDb's visitors."),
    ("upcoming", "upcoming", "Coming soon to theaters in the region."),
    ("now-playing", "now_playing", "In theaters in the region."),
)


def _open_list(path: str, key: str, words: str) -> None:
    def listing(args: dict[str, Any]) -> Any:
        return page_answer(live.listing(key, args["page"], current_language(), current_region()))

    listing.__name__, listing.__doc__ = key, words
    view = api.response(200, MoviePageSchema)(listing)
    view = api.arguments(PageArgs, location="query")(view)
    api.get(f"/movies/{path}")(public("page")(browse_limit(view)))


for _list in _LISTS:
    _open_list(*_list)


@api.get("/movies/<id:movie_id>")
@public()
@browse_limit
@api.arguments(DetailArgs, location="query")
@api.response(200, MovieDetailSchema)
@api.alt_response(404, description="No such movie.")
def movie(_args: dict[str, Any], movie_id: int) -> Any:
    """Everything about a movie; `source.missing` names the parts that are missing."""
    shown = presenting.detail(detail.movie(movie_id, current_language()), current_region())
    return detail_for(shown, user_or_none())


@api.get("/movies/<id:movie_id>/similar")
@public()
@browse_limit
@api.arguments(DetailArgs, location="query")
@api.response(200, RelatedPageSchema)
@api.alt_response(404, description="No such movie.")
def similar(_args: dict[str, Any], movie_id: int) -> Any:
    """Movies like this one in subject and makers."""
    answer = live.movie(movie_id, current_language())
    return _related(answer, answer.value.similar, picked.similar(movie_id))


@api.get("/movies/<id:movie_id>/recommendations")
@public()
@browse_limit
@api.arguments(DetailArgs, location="query")
@api.response(200, RelatedPageSchema)
@api.alt_response(404, description="No such movie.")
def recommendations(_args: dict[str, Any], movie_id: int) -> Any:
    """Movies that people who liked this one liked too."""
    answer = live.movie(movie_id, current_language())
    return _related(answer, answer.value.recommended, picked.liked_together(movie_id))


def _related(
    answer: Answer[MovieDetailData], upstream: Sequence[MovieData], own: Sequence[MovieData]
) -> dict[str, Any]:
    """What this site found first, then what the source says, each film once."""
    origins = {movie.id: "tmdb" for movie in upstream} | {movie.id: "moviesite" for movie in own}
    known = {movie.id for movie in own}
    movies = [*own, *(movie for movie in upstream if movie.id not in known)]
    shown = listed_for(movies, user_or_none())
    rows = [{**item._asdict(), "origin": origins[item.movie.id]} for item in shown]
    body, *_ = numbered_page(
        rows,
        page=1,
        page_size=max(PAGE_SIZE, len(rows)),
        count=len(rows),
    )
    return {**body, "source": presenting.source_of(answer)}


@api.get("/genres")
@public()
@browse_limit
@api.arguments(ViewingArgs, location="query")
@api.response(200, GenresSchema)
def genres(_args: dict[str, Any]) -> Any:
    """All genres."""
    return {"results": live.genres(current_language()).value}
