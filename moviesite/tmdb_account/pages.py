"""HTML doors to favorites on TMDb: connect an account, see and change them, share them."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from moviesite.errors import Conflict, Forbidden, InvalidInput, MovieSiteError, NotFound
from moviesite.library import shelves as own_shelves
from moviesite.models import TmdbConnection, TmdbShare
from moviesite.models.lists import MAX_NAME
from moviesite.providers.base import Grant, MoviePage
from moviesite.text import is_clean
from moviesite.tmdb_account import live, queries, service
from moviesite.tmdb_account.presenting import KeptThere
from moviesite.web.arguments import page_number
from moviesite.web.conditional import keep_private
from moviesite.web.htmx import fragment, shown_path, wants_fragment
from moviesite.web.identity import current_user, tmdb_account, user_or_none
from moviesite.web.personal import Notice, go_back
from moviesite.web.throttle import discover_limit
from moviesite.web.viewing import current_language

pages = Blueprint("tmdb_pages", __name__)
pages.after_request(keep_private)

_PLACE = "tmdb"


class NotConnected(Conflict):
    """Something was asked of a TMDb account that is not connected."""


@pages.errorhandler(NotConnected)
def offer_connection(error: NotConnected) -> AnyResponse:
    """The page on which one is."""
    return _back(error.detail)


@pages.app_context_processor
def marks() -> dict[str, KeptThere]:
    """Lets every page mark what its reader keeps on TMDb."""
    return {"kept_there": KeptThere(tmdb_account)}


@pages.get("/account/tmdb")
@discover_limit
def account() -> str:
    """The connection, and the favorites behind it as TMDb has them now."""
    user = current_user()
    connection = queries.connection_of(user.id)
    grant = service.grant_of(user)
    found, problem = _favorites(connection, grant)
    return render_template(
        "tmdb_account/account.html",
        offered=service.is_offered(),
        connection=connection,
        connected=grant is not None,
        found=found,
        problem=problem,
        mine=own_shelves.mine(user, found.results if found else []),
        share=_share_of(connection),
        most=MAX_NAME,
    )


@pages.post("/account/tmdb/connect")
@discover_limit
def connect() -> AnyResponse:
    """Send somebody to TMDb, which asks whether this site may use their account."""
    user = current_user()
    try:
        return redirect(service.begin_connection(user), 303)
    except MovieSiteError as error:
        return _back(str(error))


@pages.get("/account/tmdb/return")
@discover_limit
def finish() -> AnyResponse:
    """Take back who was sent. What TMDb says of the approval is asked there, not believed here."""
    user = current_user()
    try:
        found = service.finish_connection(user, request.args.get("request_token", ""))
    except (Forbidden, NotFound):
        return _back(
            "TMDb was not connected: it was not approved there, or was started somewhere else."
        )
    except MovieSiteError as error:
        return _back(str(error))
    # Read by the time that the first page is to be marked.
    service.kept_there(str(found.account_id))
    return _back(f"Connected with {found.username or 'your TMDb account'}.")


@pages.post("/account/tmdb/end")
@discover_limit
def disconnect() -> AnyResponse:
    """Forget the account."""
    service.end_connection(current_user())
    return _back("TMDb is disconnected.")


@pages.post("/account/tmdb/share")
@discover_limit
def share() -> AnyResponse:
    """Show the favorites under a name."""
    grant, connection = _connected()
    try:
        service.share(grant, str(connection.account_id), _typed_name())
    except (InvalidInput, Conflict) as error:
        return _back(error.detail)
    return _back("Anyone who knows the name can now see your TMDb favorites.")


@pages.post("/account/tmdb/unshare")
@discover_limit
def unshare() -> AnyResponse:
    """Show them to nobody any more."""
    _, connection = _connected()
    service.stop_sharing(str(connection.account_id))
    return _back("Your TMDb favorites are no longer shared.")


@pages.post("/movie/<id:movie_id>/tmdb-favorite")
@discover_limit
def set_favorite(movie_id: int) -> AnyResponse:
    """Keep or drop a movie on TMDb; says so where it was asked."""
    grant, connection = _connected()
    keep = request.form.get("keep") == "1"
    try:
        service.set_favorite(grant, str(connection.account_id), movie_id, keep)
    except MovieSiteError as error:
        return _said(Notice(str(error), trouble=True))
    words = "Added to your TMDb favorites." if keep else "Removed from your TMDb favorites."
    # A film's own page has the button that takes it back.
    own = shown_path().partition("-")[0] == f"/movie/{movie_id}"
    parts = ["tmdb_account/_keep.html"] if own else []
    return _said(Notice(words), parts=parts, movie_id=movie_id, there=keep, oob=True)


@pages.get("/l/tmdb/<path:list_name>")
@discover_limit
def shared(list_name: str) -> tuple[str, int]:
    """Somebody's TMDb favorites under their name, for anyone."""
    row = queries.share_named(list_name)
    if row is None:
        raise NotFound("Nothing is shared under this name.")
    found, problem = None, None
    try:
        found = live.favorites(
            service.grant_for(row.account_id),
            row.account_id,
            page_number(),
            current_language(),
        )
    except MovieSiteError as error:
        problem = error
    mine = own_shelves.mine(user_or_none(), found.results if found else [])
    template = render_template(
        "tmdb_account/shared.html", share=row, found=found, problem=problem, mine=mine
    )
    return template, problem.status if problem else 200


def _said(notice: Notice, **shown: Any) -> AnyResponse:
    if wants_fragment():
        return fragment("library/_changed.html", notice=notice, **shown)
    return go_back(url_for(".account"), notice)


def _favorites(
    connection: TmdbConnection | None, grant: Grant | None
) -> tuple[MoviePage | None, MovieSiteError | None]:
    """A page of favorites, or why there is none. Nothing is asked where nothing is connected."""
    if connection is None or connection.account_id is None or grant is None:
        return None, None
    try:
        page, language = page_number(), current_language()
        return live.favorites(grant, connection.account_id, page, language), None
    except MovieSiteError as error:
        return None, error


def _share_of(connection: TmdbConnection | None) -> TmdbShare | None:
    account_id = connection.account_id if connection else None
    return queries.share_of(account_id) if account_id else None


def _connected() -> tuple[Grant, TmdbConnection]:
    user = current_user()
    grant, connection = service.grant_of(user), queries.connection_of(user.id)
    if grant is None or connection is None:
        raise NotConnected("No TMDb account is connected.")
    return grant, connection


def _typed_name() -> str:
    name = request.form.get("list_name", "").strip()
    if not 0 < len(name) <= MAX_NAME or not is_clean(name):
        message = f"Use a name of at most {MAX_NAME} characters."
        raise InvalidInput.of("list_name", message, "form")
    return name


def _back(words: str) -> AnyResponse:
    flash(words, _PLACE)
    return redirect(url_for(".account"), 303)
