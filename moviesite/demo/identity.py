"""What is asked about accounts and sessions, and the writes. No HTTP; films only by their id."""

from typing import Any

from moviesite.demo.account import account_id_of, new_request_token, session_of
from moviesite.demo.answers import paged, summary
from moviesite.demo.endpoints import Ask, Demo
from moviesite.demo.errors import (
    BAD_PARAMETERS,
    DELETED,
    NO_PERMISSION,
    NO_SESSION,
    NOT_FOUND,
    SESSION_DENIED,
    SUCCESS,
    UPDATED,
    DemoError,
    status_body,
)


def authentication(_demo: Demo, _ask: Ask) -> Any:
    """Whether the key is good; by the time this answers, it is."""
    return status_body(SUCCESS)


def new_token(_demo: Demo, _ask: Ask) -> Any:
    """A request token. Nobody has to approve it."""
    token, expires_at = new_request_token()
    return {"success": True, "expires_at": expires_at, "request_token": token}


def new_session(_demo: Demo, ask: Ask) -> Any:
    """A session for a request token."""
    token = _field(ask, "request_token") or ask.params.text("request_token")
    session = session_of(token) if isinstance(token, str) else None
    if session is None:
        raise DemoError(SESSION_DENIED)
    return {"success": True, "session_id": session}


def end_session(demo: Demo, ask: Ask) -> Any:
    """End a session for good."""
    session = _field(ask, "session_id") or ask.params.text("session_id")
    if not isinstance(session, str) or not session or demo.memory.is_ended(session):
        raise DemoError(NO_SESSION)
    demo.memory.end_session(session)
    return {"success": True}


def account(demo: Demo, ask: Ask, account_id: str = "") -> Any:
    """Who the token or session belongs to."""
    owner = _owner(demo, ask, account_id)
    return {
        "avatar": {"gravatar": {"hash": f"{owner:032x}"}, "tmdb": {"avatar_path": None}},
        "id": owner,
        "iso_639_1": "en",
        "iso_3166_1": "US",
        "name": "",
        "include_adult": False,
        "username": f"demo-account-{owner}",
    }


def favorites(demo: Demo, ask: Ask, account_id: str) -> Any:
    """The account's favorite films, the first kept first unless `sort_by` turns it round."""
    kept = list(demo.memory.favorites(_owner(demo, ask, account_id)))
    order = ask.params.text("sort_by") or "created_at.asc"
    if order not in ("created_at.asc", "created_at.desc"):
        raise DemoError(BAD_PARAMETERS)
    if order == "created_at.desc":
        kept.reverse()
    films = [demo.catalogue.films[key] for key in kept if key in demo.catalogue.films]
    return paged(films, ask.params.page(), lambda film: summary(film, ask.language))


def set_favorite(demo: Demo, ask: Ask, account_id: str) -> tuple[Any, int]:
    """Keep or drop a film; body `{media_type, media_id, favorite}`."""
    owner = _owner(demo, ask, account_id)
    movie_id, keep = _field(ask, "media_id"), _field(ask, "favorite")
    kind = _field(ask, "media_type")
    if isinstance(movie_id, str) and movie_id.isascii() and movie_id.isdigit():
        movie_id = int(movie_id)
    if type(movie_id) is not int or type(keep) is not bool or kind not in ("movie", "tv"):
        raise DemoError(BAD_PARAMETERS)
    if kind == "tv" or movie_id not in demo.catalogue.films:
        raise DemoError(NOT_FOUND)
    is_new = demo.memory.set_favorite(owner, movie_id, keep)
    if not keep:
        return status_body(DELETED), 200
    return status_body(SUCCESS if is_new else UPDATED), 201


def _owner(demo: Demo, ask: Ask, account_id: str) -> int:
    """The caller's own account; refused when it is not the one in the address."""
    owner = ask.account_id
    if owner is None or (ask.session_id and demo.memory.is_ended(ask.session_id)):
        raise DemoError(NO_PERMISSION)
    if account_id and account_id != str(owner):
        raise DemoError(NO_PERMISSION)
    return owner


def _field(ask: Ask, name: str) -> Any:
    return (ask.body or {}).get(name)


def account_of(session_id: str, bearer: str) -> int | None:
    """A session speaks for its account, else a v4 token does; an api key alone for nobody."""
    credential = session_id or bearer
    return account_id_of(credential) if credential else None
