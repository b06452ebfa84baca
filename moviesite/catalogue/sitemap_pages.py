"""What search engines are told: robots.txt and sitemaps of what is public."""

import datetime as dt

from flask import Blueprint, Response, abort, render_template, url_for

from moviesite.bounds import MAX_ID
from moviesite.catalogue import genres, queries
from moviesite.config import current_config
from moviesite.lists import queries as list_queries
from moviesite.text import slug
from moviesite.web.public import public
from moviesite.web.throttle import browse_limit

pages = Blueprint("sitemaps", __name__)

# The most that one file may hold by the rules of sitemaps.org.
FILE_SIZE = 50_000
_LAST_FILE = MAX_ID // FILE_SIZE + 1
_HOUR = 3600
_STATIC = (
    *("catalogue.home", "discover_pages.discover", "trending_pages.trending"),
    *("listings.all_genres", "list_pages.lists", "trending_pages.how", "catalogue.about"),
)
_LISTINGS = ("popular", "top-rated", "now-playing", "upcoming")


@pages.get("/robots.txt")
@browse_limit
def robots() -> Response:
    """What may be read by programs: everything but answers to questions."""
    lines = (
        "User-agent: *",
        "Disallow: /api/",
        "Disallow: /search?",
        "Disallow: /discover?",
        "Disallow: /discover/",
        f"Sitemap: {_address('.index')}",
    )
    return _kept(Response("\n".join(lines) + "\n", mimetype="text/plain"))


@pages.get("/sitemap.xml")
@public()
@browse_limit
def index() -> Response:
    """The files of the sitemap: fixed pages, then films and public lists by their numbers.

    A file has those of 50,000 numbers, taken or not: counting all would be dear.
    """
    firsts = queries.first_ids(FILE_SIZE)
    ranges = list_queries.public_ranges(FILE_SIZE)
    files = [
        _address(".fixed"),
        *(_address(".films", first_id=first) for first in firsts),
        *(_address(".lists", number=number) for number in ranges),
    ]
    return _xml("sitemap/index.xml", files=files)


@pages.get("/sitemap-pages.xml")
@browse_limit
def fixed() -> Response:
    """Pages that are always there: lists and genres."""
    language = current_config().default_language
    places = [
        *(_address(endpoint) for endpoint in _STATIC),
        *(_address("listings.listing", key=key) for key in _LISTINGS),
        *(_address("listings.genre", slug=place.slug) for place in genres.everything(language)),
    ]
    return _xml("sitemap/urls.xml", places=[(place, None) for place in places])


@pages.get(f"/sitemap-films-<int(max={MAX_ID}):first_id>.xml")
@browse_limit
def films(first_id: int) -> Response:
    """Stored films from an id on, as far as its file goes."""
    found = queries.titles_from(first_id, FILE_SIZE) or abort(404)
    return _xml("sitemap/urls.xml", places=[_film(*row) for row in found])


@pages.get(f"/sitemap-lists-<int(min=1, max={_LAST_FILE}):number>.xml")
@browse_limit
def lists(number: int) -> Response:
    """Public lists with something in them, of one range of numbers, the oldest first."""
    found = list_queries.public_lists(number, FILE_SIZE) or abort(404)
    places = [
        (f"{_host()}/list/{uuid}", changed_at.date().isoformat()) for uuid, changed_at in found
    ]
    return _xml("sitemap/urls.xml", places=places)


def _film(movie_id: int, title: str, changed_at: dt.datetime) -> tuple[str, str]:
    end = slug(title)
    path = f"/movie/{movie_id}-{end}" if end else f"/movie/{movie_id}"
    return _host() + path, changed_at.date().isoformat()


def _address(endpoint: str, **values: object) -> str:
    return _host() + url_for(endpoint, **values)  # type: ignore[arg-type]


def _host() -> str:
    return current_config().public_url


def _xml(template: str, **context: object) -> Response:
    return _kept(Response(render_template(template, **context), mimetype="application/xml"))


def _kept(response: Response) -> Response:
    response.headers["Cache-Control"] = f"public, max-age={_HOUR}"
    return response
