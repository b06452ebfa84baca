"""JSON doors of the catalogue."""

from typing import Any

from flask_smorest import Blueprint

from moviesite.caching import Answer
from moviesite.catalogue import live, presenting
from moviesite.catalogue.schemas import (
    DetailArgs,
    GenresSchema,
    MovieDetailSchema,
    MoviePageSchema,
    SearchArgs,
)
from moviesite.providers.base import MoviePage
from moviesite.web.paging import numbered_page
from moviesite.web.schemas import PageArgs, ViewingArgs
from moviesite.web.throttle import browse_limit, search_limit
from moviesite.web.viewing import current_language, current_region

PAGE_SIZE = 20

api = Blueprint(
    "movies", __name__, url_prefix="/api/v1", description="Movies, as TMDb and this site know them."
)


def _page(answer: Answer[MoviePage]) -> tuple[dict[str, Any], int, dict[str, str]]:
    page = answer.value
    body, headers = numbered_page(
        presenting.listed(page.results),
        page=page.page,
        page_size=PAGE_SIZE,
        total_pages=page.total_pages,
        count=page.total_results,
    )
    return {**body, "source": presenting.source_of(answer)}, 200, headers


def _listing(key: str, page: int) -> tuple[dict[str, Any], int, dict[str, str]]:
    return _page(live.listing(key, page, current_language(), current_region()))


@api.get("/movies/popular")
@browse_limit
@api.arguments(PageArgs, location="query")
@api.response(200, MoviePageSchema)
def popular(args: dict[str, Any]) -> Any:
    """What TMDb's visitors look at now."""
    return _listing("popular", args["page"])


@api.get("/movies/top-rated")
@browse_limit
@api.arguments(PageArgs, location="query")
@api.response(200, MoviePageSchema)
def top_rated(args: dict[str, Any]) -> Any:
    """What TMDb's visitors rate highest."""
    return _listing("top_rated", args["page"])


@api.get("/movies/upcoming")
@browse_limit
@api.arguments(PageArgs, location="query")
@api.response(200, MoviePageSchema)
def upcoming(args: dict[str, Any]) -> Any:
    """What comes to cinemas of the region soon."""
    return _listing("upcoming", args["page"])


@api.get("/movies/now-playing")
@browse_limit
@api.arguments(PageArgs, location="query")
@api.response(200, MoviePageSchema)
def now_playing(args: dict[str, Any]) -> Any:
    """What is in cinemas of the region."""
    return _listing("now_playing", args["page"])


@api.get("/movies/search")
@search_limit
@api.arguments(SearchArgs, location="query")
@api.response(200, MoviePageSchema)
def search(args: dict[str, Any]) -> Any:
    """Movies by title."""
    return _page(live.search(args["query"], args["page"], current_language(), args.get("year")))


@api.get("/movies/<int:movie_id>")
@browse_limit
@api.arguments(DetailArgs, location="query")
@api.response(200, MovieDetailSchema)
@api.alt_response(404, description="No such movie.")
def movie(_args: dict[str, Any], movie_id: int) -> Any:
    """Everything about a movie; `source.missing` names what could not be told."""
    return presenting.detail(live.movie(movie_id, current_language()), current_region())


@api.get("/genres")
@browse_limit
@api.arguments(ViewingArgs, location="query")
@api.response(200, GenresSchema)
def genres(_args: dict[str, Any]) -> Any:
    """All genres."""
    return {"results": live.genres(current_language()).value}
