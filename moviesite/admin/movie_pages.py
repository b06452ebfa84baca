"""HTML doors of films for those who run the site. No statement of its own."""

from flask import Blueprint, request
from flask import url_for as address_of
from werkzeug.wrappers import Response as AnyResponse

from moviesite.admin import (
    movie_forms,
    movie_queries,
    movie_service,
    removal_service,
)
from moviesite.admin.movie_schemas import AddedMovieSchema, AdminMoviesArgs, MovieFieldsSchema
from moviesite.admin.page_forms import REFUSALS, answered
from moviesite.admin.schemas import page_asked
from moviesite.catalogue.queries import stored_genres
from moviesite.web import admins
from moviesite.web.admins import confirmed, done
from moviesite.web.identity import current_user
from moviesite.web.page_forms import Form
from moviesite.web.throttle import browse_limit

pages = Blueprint("admin_movie_pages", __name__, url_prefix="/admin/movies")
admins.guard(pages)

# In words, as the form and the audit log have them.
LABELS = {
    "title": "Title",
    "original_title": "Original title",
    "original_language": "Original language",
    "overview": "Overview",
    "tagline": "Tagline",
    "release_date": "Release date",
    "runtime": "Runtime in minutes",
    "status": "Status",
    "imdb_id": "IMDb id",
    "homepage": "Website",
    "budget": "Budget in US dollars",
    "revenue": "Revenue in US dollars",
    "poster_path": "Poster",
    "backdrop_path": "Backdrop",
    "adult": "Adult film",
    "genres": "Genres",
    "keywords": "Keywords",
}
HELD_BY = {
    "favorites": "favorites",
    "watchlist_items": "watchlist entries",
    "viewings": "history entries",
    "movie_likes": "likes",
    "movie_votes": "votes",
    "movie_views": "counted views",
    "feedback": "feedback on recommendations",
    "reviews": "ratings and reviews",
    "list_items": "list entries",
}


@pages.get("")
@browse_limit
def movies() -> AnyResponse:
    """Films by words or id, and the field that brings one in."""
    return _list(Form("add"))


@pages.post("")
@browse_limit
def add() -> AnyResponse:
    """Bring in a film by its TMDb id."""
    form = Form("add", {"id": request.form.get("id", "").strip()[:20]})
    try:
        text = form.shown("id")
        given = int(text) if text.isascii() and text.isdecimal() else text
        movie_id = form.load(AddedMovieSchema, {"id": given})["id"]
        movie_service.add(current_user(), movie_id, {})
    except REFUSALS as error:
        return _list(form.fail(error))
    return done("The film is added.", address_of(".movie", movie_id=movie_id))


@pages.get("/<id:movie_id>")
@browse_limit
def movie(movie_id: int) -> AnyResponse:
    """Everything about one film, to be changed."""
    sheet = movie_queries.sheet(movie_id)
    return _sheet(movie_id, Form("film", movie_forms.shown_values(sheet)))


@pages.post("/<id:movie_id>")
@browse_limit
def edit(movie_id: int) -> AnyResponse:
    """Say something of a film instead of its source."""
    form = Form("film", movie_forms.typed())
    try:
        changes = form.load(MovieFieldsSchema, movie_forms.changed(form.values))
        movie_service.edit(current_user(), movie_id, movie_service.as_said(changes))
    except REFUSALS as error:
        form.values |= movie_forms.typed()
        return _sheet(movie_id, form.fail(error))
    words = "Saved. The change shows right away and survives syncs."
    return done(words if changes else "Nothing was changed.", _address(movie_id))


@pages.post("/<id:movie_id>/reset")
@browse_limit
def reset(movie_id: int) -> AnyResponse:
    """Let the source be right again in one field, or in all."""
    field = request.form.get("field", "")
    fields = [field] if field in LABELS else list(LABELS)
    movie_service.edit(current_user(), movie_id, {}, reset=fields)
    return done("Reset to the source’s version.", _address(movie_id))


@pages.post("/<id:movie_id>/sync")
@browse_limit
def sync(movie_id: int) -> AnyResponse:
    """Have the workers fetch a film anew."""
    movie_service.sync(current_user(), movie_id)
    return done("The film is being fetched. Check back in a moment.", _address(movie_id))


@pages.get("/<id:movie_id>/remove")
@browse_limit
@confirmed
def ask_removal(movie_id: int) -> AnyResponse:
    """What goes with a film, before it goes."""
    return _removal(movie_id, Form("remove"))


@pages.post("/<id:movie_id>/remove")
@browse_limit
@confirmed
def remove(movie_id: int) -> AnyResponse:
    """Remove a film with all that people have of it."""
    sheet = movie_queries.sheet(movie_id)
    held = request.form.get("held", "0")
    known = int(held) if held.isascii() and held.isdecimal() and len(held) < 12 else 0
    try:
        removal_service.remove(current_user(), movie_id, held=known)
    except REFUSALS as error:
        return _removal(movie_id, Form("remove").fail(error))
    return done(f"“{sheet.title}” is removed.", address_of(".movies", show="removed"))


@pages.post("/<id:movie_id>/restore")
@browse_limit
def restore(movie_id: int) -> AnyResponse:
    """Let a removed film in again."""
    removal_service.restore(current_user(), movie_id)
    return done("The film is restored and is being fetched.", address_of(".movies"))


def _list(form: Form) -> AnyResponse:
    args = page_asked(AdminMoviesArgs, request.args)
    search, show, page = args.get("search", ""), args["show"], args["page"]
    found = movie_queries.movies(search, show, page=page)
    shown = {"found": found, "search": search, "show": show, "page": page}
    return answered("admin/movies.html", form, labels=LABELS, **shown)


def _sheet(movie_id: int, form: Form) -> AnyResponse:
    sheet, genres = movie_queries.sheet(movie_id), stored_genres()
    return answered("admin/movie.html", form, sheet=sheet, all_genres=genres, labels=LABELS)


def _removal(movie_id: int, form: Form) -> AnyResponse:
    sheet = movie_queries.sheet(movie_id)
    held = {HELD_BY.get(name, name): count for name, count in sheet.held_by.items() if count}
    return answered("admin/movie_remove.html", form, sheet=sheet, held=held)


def _address(movie_id: int) -> str:
    return address_of(".movie", movie_id=movie_id)
