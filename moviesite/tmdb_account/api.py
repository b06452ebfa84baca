"""JSON doors to favorites that are kept on TMDb, by the caller's own token or connection."""

from typing import Any
from urllib.parse import quote

from flask_smorest import Blueprint

from moviesite.catalogue import presenting
from moviesite.catalogue.schemas import MoviePageSchema
from moviesite.config import current_config
from moviesite.errors import NotFound
from moviesite.models import TmdbConnection, TmdbShare
from moviesite.providers.base import MoviePage
from moviesite.tmdb_account import live, queries, service
from moviesite.tmdb_account.schemas import (
    FavoritesArgs,
    SharedArgs,
    TmdbConnectionSchema,
    TmdbFavoriteSchema,
    TmdbSharedPageSchema,
    TmdbSharedSchema,
    TmdbShareSchema,
)
from moviesite.web.access_tokens import signed_in
from moviesite.web.identity import current_user
from moviesite.web.paging import PageAnswer, numbered_page
from moviesite.web.throttle import discover_limit
from moviesite.web.tmdb_token import DESCRIBED, carried_grant, needed_grant, tmdb_token_needed
from moviesite.web.viewing import current_language

PAGE_SIZE = 20

api = Blueprint(
    "tmdb",
    __name__,
    url_prefix="/api/v1",
    description="Favorites on TMDb itself. The caller's own TMDb token travels in "
    "`X-TMDb-Token`, or under `/tmdb/` as the bearer; it is sent only to TMDb.",
)


@api.get("/tmdb/favorites")
@discover_limit
@tmdb_token_needed
@api.doc(**DESCRIBED)
@api.arguments(FavoritesArgs, location="query")
@api.response(200, MoviePageSchema)
@api.alt_response(401, description="No TMDb token was sent.")
@api.alt_response(403, description="TMDb refused the token, or it belongs to another account.")
def favorites(args: dict[str, Any]) -> Any:
    """An account's favorites as they are on TMDb now, newest first."""
    grant = needed_grant(bearer=True)
    account = live.own_account(grant, args["account_id"])
    return _answered(live.favorites(grant, account.id, args["page"], current_language()))


@api.put("/tmdb/favorites")
@discover_limit
@tmdb_token_needed
@api.doc(**DESCRIBED)
@api.arguments(TmdbFavoriteSchema)
@api.response(200, TmdbFavoriteSchema)
@api.alt_response(401, description="No TMDb token was sent.")
@api.alt_response(403, description="TMDb refused the token, or it belongs to another account.")
@api.alt_response(404, description="TMDb has no such movie.")
def set_favorite(given: dict[str, Any]) -> Any:
    """Add or remove a favorite on TMDb. Nothing is stored here."""
    grant = needed_grant(bearer=True)
    service.set_favorite(grant, given["account_id"], given["movie_id"], given["favorite"])
    return given


@api.post("/tmdb/shares")
@discover_limit
@tmdb_token_needed
@api.doc(**DESCRIBED)
@api.arguments(TmdbShareSchema)
@api.response(201, TmdbSharedSchema)
@api.alt_response(200, schema=TmdbSharedSchema, description="The account's share has a new name.")
@api.alt_response(401, description="No TMDb token was sent.")
@api.alt_response(403, description="TMDb refused the token, or it belongs to another account.")
@api.alt_response(409, description="Another account has this name.")
def share(given: dict[str, Any]) -> Any:
    """Share an account's favorites under a name. Only the account and the name are stored."""
    grant = needed_grant(bearer=True)
    row, is_new = service.share(grant, given["account_id"], given["list_name"])
    return _record(row), 201 if is_new else 200


@api.get("/tmdb/shared/<path:list_name>")
@discover_limit
@api.doc(**DESCRIBED)
@api.arguments(SharedArgs, location="query")
@api.response(200, TmdbSharedPageSchema)
@api.alt_response(403, description="TMDb does not show these favorites with this token.")
@api.alt_response(404, description="Nothing is shared under this name.")
def shared(args: dict[str, Any], list_name: str) -> Any:
    """Someone's shared favorites, as they are on TMDb now.

    Read with the caller's own token, or else with what their owner has approved for this site.
    """
    row = queries.share_named(list_name)
    if row is None:
        raise NotFound("Nothing is shared under this name.")
    grant = carried_grant(bearer=True) or service.grant_for(row.account_id)
    found = live.favorites(grant, row.account_id, args["page"], current_language())
    body, status, headers = _answered(found)
    return {**body, "name": row.name, "account_id": row.account_id}, status, headers


@api.get("/me/tmdb")
@discover_limit
@signed_in(api)
@api.response(200, TmdbConnectionSchema)
def connection() -> Any:
    """Whether the caller's account is connected to a TMDb account."""
    return _state(queries.connection_of(current_user().id))


@api.post("/me/tmdb")
@discover_limit
@signed_in(api)
@api.response(201, TmdbConnectionSchema)
@api.alt_response(200, schema=TmdbConnectionSchema, description="Approved and connected.")
@api.alt_response(409, description="This site cannot connect accounts.")
def connect() -> Any:
    """Start connecting a TMDb account: its owner approves at `authorize_url`.

    Call it again after that to complete the connection.
    """
    user = current_user()
    approved = service.approved_connection(user)
    if approved:
        return _state(approved), 200
    authorize_url = service.begin_connection(user)
    state = _state(queries.connection_of(user.id))
    return {**state, "authorize_url": authorize_url}, 201


@api.delete("/me/tmdb")
@discover_limit
@signed_in(api)
@api.response(204)
def disconnect() -> None:
    """Disconnect, here and at TMDb."""
    service.end_connection(current_user())


def _answered(found: MoviePage) -> PageAnswer:
    return numbered_page(
        presenting.listed(found.results),
        page=found.page,
        page_size=PAGE_SIZE,
        total_pages=found.total_pages,
        count=found.total_results,
    )


def _record(row: TmdbShare) -> dict[str, Any]:
    url = f"{current_config().public_url}/l/tmdb/{quote(row.name)}"
    return {"account_id": row.account_id, "name": row.name, "url": url}


def _state(row: TmdbConnection | None) -> dict[str, Any]:
    connected = row is not None and row.grant is not None
    return {
        "connected": connected,
        "account_id": row.account_id if row else None,
        "username": row.username if row and connected else None,
        "connected_at": row.created_at if row and connected else None,
    }
