"""HTML doors of the catalogue: home, a movie, about."""

from typing import Any

from flask import Blueprint, Response, redirect, render_template, send_from_directory, url_for
from werkzeug.wrappers import Response as AnyResponse

from moviesite.caching import Answer
from moviesite.catalogue import detail, genres, live, presenting, queries, sharing, shelves
from moviesite.catalogue.queries import Community
from moviesite.catalogue.shelves import Shelf
from moviesite.config import current_config
from moviesite.library import shelves as own_shelves
from moviesite.library.presenting import offered_rows
from moviesite.providers.base import MovieDetailData
from moviesite.recommendations import shelves as picked
from moviesite.text import slug as slug_of
from moviesite.trending import queries as charts
from moviesite.web.filters import absolute, movie_url
from moviesite.web.identity import user_or_none
from moviesite.web.public import public
from moviesite.web.throttle import browse_limit
from moviesite.web.viewing import current_language, current_region

pages = Blueprint("catalogue", __name__)

# Where all of a row of somebody's own is.
_OWN = {"for-you": "/for-you", "watchlist": "/watchlist", "watched": "/history"}
_WRITERS = ("Writer", "Screenplay", "Story", "Novel", "Characters")


@pages.get("/")
@public()
@browse_limit
def home() -> str:
    """Rows of what is worth a look now; those that cannot be had are named once, the rest stays."""
    user = user_or_none()
    public_rows = shelves.home(current_language(), current_region())
    # More than are shown: what somebody mutes takes no place.
    leading = public_rows[0]._replace(movies=charts.leaders(2 * shelves.LONGEST))
    ours, first, *rest = offered_rows([leading, *public_rows], user)
    rows = [shelves.counted_here(first, ours.movies[: shelves.LONGEST]), *rest]
    own = [*picked.rows_for(user), *own_shelves.rows_for(user)]
    lead = next((movie for row in rows for movie in row.movies if movie.backdrop_path), None)
    return render_template(
        "catalogue/home.html",
        shelves=[row._replace(href=_whole(row)) for row in rows if not row.away],
        silence=shelves.silence(rows),
        own_shelves=[row._replace(href=_OWN.get(row.key)) for row in own],
        mine=own_shelves.mine(user, *(row.movies for row in rows), *(row.movies for row in own)),
        lead=lead,
        whose=live.source_in_words(),
        genres=genres.everything(current_language()),
    )


def _whole(row: Shelf) -> str | None:
    """Where all of a row is."""
    if row.slug:
        return url_for("listings.genre", slug=row.slug)
    if row.key in shelves.LISTED:
        return url_for("listings.listing", key=row.key)
    return url_for("trending_pages.trending")


@pages.get("/movie/<id:movie_id>", defaults={"slug": None})
@pages.get("/movie/<id:movie_id>-<slug>")
@public()
@browse_limit
def movie(movie_id: int, slug: str | None) -> str | AnyResponse:
    """A movie's programme note."""
    answer = detail.movie(movie_id, current_language())
    if slug and slug != slug_of(answer.value.title):
        return redirect(movie_url(answer.value), 301)
    return render_template(
        "catalogue/movie.html", **_programme_note(answer), **_own_part(answer.value)
    )


def _own_part(movie: MovieDetailData) -> dict[str, Any]:
    """What people here made of the movie, and what the reader did with it and those beside it."""
    user = user_or_none()
    rows = [*picked.beside(movie.id), *presenting.relatives(movie)]
    beside = [other for row in rows for other in row.movies]
    return {
        "relatives": rows,
        "community": queries.community_of([movie.id]).get(movie.id, Community()),
        "elsewhere": queries.elsewhere(movie.id),
        "mine": own_shelves.mine(user, [movie], beside),
        "own": own_shelves.own_part(user, movie.id),
    }


def _programme_note(answer: Answer[MovieDetailData]) -> dict[str, Any]:
    movie, region = answer.value, current_region()
    return {
        "shared": sharing.movie_data(movie, absolute(movie_url(movie))),
        "movie": movie,
        "source": presenting.source_of(answer, movie.missing),
        "noteworthy": presenting.noteworthy(movie.missing),
        "region": region,
        "providers": presenting.providers_in(movie, region),
        "certificate": presenting.certificate_in(movie, region),
        "slugs": {place.id: place.slug for place in genres.everything(current_language())},
        "other_certificates": presenting.other_certificates(movie, region),
        "crew": presenting.crew_by_department(movie),
        "venue_regions": sorted({region, *(p.region for p in movie.watch_providers)}),
        "directors": presenting.makers(movie, "Director"),
        "writers": presenting.makers(movie, *_WRITERS),
    }


@pages.get("/about")
@public()
def about() -> str:
    """What this is, where its data comes from and what it does with people's own."""
    return render_template("catalogue/about.html")


@pages.get("/tmdb-logo.svg")
def tmdb_logo() -> Response:
    """TMDb's logo, once the operator has put it into the instance folder."""
    folder = current_config().instance_path / "img"
    return send_from_directory(folder, "tmdb-logo.svg", max_age=86400)
