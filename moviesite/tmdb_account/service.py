"""Connects TMDb accounts and names their favorites. Grants are kept encrypted or not at all."""

import secrets
from collections.abc import Collection
from functools import partial
from urllib.parse import quote, urlencode

import structlog
from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError

from moviesite import cache_kinds, caching, clock
from moviesite.accounts import service as accounts
from moviesite.accounts.names import folded
from moviesite.cipher import Cipher, Undecipherable, current_cipher
from moviesite.config import DEFAULT_TMDB_BASE_URL, current_config
from moviesite.errors import Conflict, Forbidden, MovieSiteError, NotFound
from moviesite.extensions import db
from moviesite.inserts import upsert
from moviesite.models import TmdbConnection, TmdbShare, User
from moviesite.providers.base import AccountData, Grant
from moviesite.providers.tmdb import current_tmdb
from moviesite.tmdb_account import live, queries
from moviesite.transactions import after_commit, transactional

APPROVAL_URL = "https://www.themoviedb.org/authenticate/"
RETURN_PATH = "/account/tmdb/return"
# Seconds in which all of somebody's favorites are read, or never.
_LONGEST_READING = 300

log = structlog.get_logger(__name__)


def is_offered() -> bool:
    """Whether accounts can be connected here: a grant that cannot be encrypted is not taken."""
    return current_cipher() is not None


def share(grant: Grant, account_id: str, name: str) -> tuple[TmdbShare, bool]:
    """Show an account's favorites under a name, or under another one; says whether it is new.

    Raises Forbidden where the grant is not the account's own, Conflict where the name is taken.
    """
    account = live.own_account(grant, account_id)
    try:
        return _named(account.id, name)
    except IntegrityError as error:
        message = "This name is taken."
        raise Conflict(message, errors={"json": {"list_name": [message]}}) from error


@transactional
def _named(account_id: str, name: str) -> tuple[TmdbShare, bool]:
    known = queries.share_of(account_id)
    row = known or TmdbShare(account_id=account_id)
    row.name, row.name_folded = name, folded(name)
    db.session.add(row)
    db.session.flush()
    return row, known is None


@transactional
def stop_sharing(account_id: str) -> None:
    """Let an account's favorites have no name any more."""
    db.session.execute(delete(TmdbShare).where(TmdbShare.account_id == account_id))


def begin_connection(user: User) -> str:
    """The address at which somebody lets us use their TMDb account; they come back from there.

    Raises Unavailable, and Conflict where this site cannot keep grants.
    """
    cipher = _cipher()
    request_token = current_tmdb().request_token()
    _remember_pending(user.id, cipher.encrypt(request_token))
    return _approval_url(request_token)


def finish_connection(user: User, request_token: str | None = None) -> TmdbConnection:
    """Take up what was approved. `request_token` is what TMDb sent back, if it did.

    Raises NotFound where nothing was begun, Forbidden where it is not approved, Unavailable.
    """
    cipher, begun = _cipher(), queries.connection_of(user.id)
    pending = _opened(cipher, begun.pending) if begun else None
    if pending is None:
        raise NotFound("No connection was started.")
    if request_token is not None and request_token != pending:
        raise Forbidden("This approval was started somewhere else.")
    grant = current_tmdb().open_session(pending)
    return _connected(user.id, cipher.encrypt(grant.session_id), live.own_account(grant))


def approved_connection(user: User) -> TmdbConnection | None:
    """The connection that was begun, if its owner has approved it by now; raises Unavailable."""
    begun = queries.connection_of(user.id)
    if begun is None or begun.pending is None:
        return None
    try:
        return finish_connection(user)
    except (Forbidden, NotFound):
        return None


@transactional
def _remember_pending(user_id: int, pending: str) -> None:
    row = {"user_id": user_id, "pending": pending, "created_at": clock.now()}
    upsert(TmdbConnection, [row], update=("pending", "created_at"))


@transactional
def _connected(user_id: int, grant: str, account: AccountData) -> TmdbConnection:
    row = queries.connection_of(user_id) or TmdbConnection(user_id=user_id)
    row.pending, row.grant = None, grant
    row.account_id, row.username, row.created_at = account.id, account.username, clock.now()
    db.session.add(row)
    return row


@transactional
def end_connection(user: User) -> None:
    """Forget somebody's TMDb account with its name, and end the session there if it answers.

    The name stays where somebody else is connected with the same account.
    """
    connection = queries.connection_of(user.id)
    if connection is None:
        return
    account_id, grant = connection.account_id, _grant(connection)
    db.session.execute(delete(TmdbConnection).where(TmdbConnection.user_id == user.id))
    if account_id and queries.connection_to(account_id) is None:
        stop_sharing(account_id)
    after_commit(partial(_let_go, account_id, grant))


# The name hangs on TMDb's account, and the session there on nothing of ours.
accounts.part_by(end_connection)


def _let_go(account_id: str | None, grant: Grant | None) -> None:
    if account_id:
        _note_change(account_id)
        caching.forget(cache_kinds.KEPT_AT_TMDB, {"account_id": account_id})
    if grant is None:
        return
    try:
        current_tmdb().end_session(grant)
    except MovieSiteError as error:
        log.info("session not ended upstream", problem=type(error).__name__)


def grant_of(user: User) -> Grant | None:
    """What speaks for somebody's connected account; None where none is, or no key opens it."""
    return _grant(queries.connection_of(user.id))


def grant_for(account_id: str) -> Grant | None:
    """The same by account, for whoever looks at what its owner has shared."""
    return _grant(queries.connection_to(account_id))


def _grant(connection: TmdbConnection | None) -> Grant | None:
    cipher = current_cipher()
    if cipher is None or connection is None:
        return None
    session_id = _opened(cipher, connection.grant)
    return Grant(session_id=session_id) if session_id else None


def set_favorite(grant: Grant, account_id: str, movie_id: int, favorite: bool) -> None:
    """Keep or drop a favorite on TMDb; raises Forbidden, NotFound or Unavailable."""
    account = live.set_favorite(grant, account_id, movie_id, favorite)
    _note_change(account.id)
    change = partial(_with if favorite else _without, movie_id)
    caching.amend(cache_kinds.KEPT_AT_TMDB, {"account_id": account.id}, change)


def kept_there(account_id: str) -> Collection[int]:
    """Ids of an account's newest favorites, as they were read last; one statement where that is
    long ago.

    Nobody waits for TMDb: nothing is known until they were read, which begins here.
    """
    params = {"account_id": account_id}
    found = caching.latest(cache_kinds.KEPT_AT_TMDB, params)
    grant = grant_for(account_id) if found.due else None
    if grant is not None:
        language = current_config().default_language
        load = partial(_kept_now, grant, account_id, language)
        version = partial(caching.peek, _changed(account_id))
        caching.load_later(cache_kinds.KEPT_AT_TMDB, params, load, version)
    return found.value or ()


def _kept_now(grant: Grant, account_id: str, language: str) -> tuple[int, ...]:
    try:
        return live.newest_ids(grant, account_id, language)
    except Forbidden as error:
        # Its owner took the grant back at TMDb: what was known through it is not to stay.
        raise NotFound from error


def _note_change(account_id: str) -> None:
    """Whoever reads an account's favorites at this moment may have read what was before."""
    caching.keep(_changed(account_id), secrets.token_bytes(8), _LONGEST_READING)


def _changed(account_id: str) -> str:
    return f"tmdb:account:{account_id}:changed"


def _with(movie_id: int, ids: tuple[int, ...]) -> tuple[int, ...]:
    return (movie_id, *_without(movie_id, ids))


def _without(movie_id: int, ids: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(one for one in ids if one != movie_id)


def renew_encryption() -> tuple[int, int]:
    """Encrypt every grant under the key in use; says how many were, and how many no key opens."""
    cipher, renewed, lost = _cipher(), 0, 0
    for user_id in [connection.user_id for connection in queries.connections()]:
        try:
            _renew(cipher, user_id)
            renewed += 1
        except Undecipherable:
            lost += 1
    return renewed, lost


@transactional
def _renew(cipher: Cipher, user_id: int) -> None:
    connection = queries.connection_of(user_id)
    if connection is None:
        return
    connection.pending = cipher.renew(connection.pending) if connection.pending else None
    connection.grant = cipher.renew(connection.grant) if connection.grant else None


def _cipher() -> Cipher:
    cipher = current_cipher()
    if cipher is None:
        raise Conflict("TMDb accounts cannot be connected here: ENCRYPTION_KEY is not set.")
    return cipher


def _opened(cipher: Cipher, text: str | None) -> str | None:
    try:
        return cipher.decrypt(text) if text else None
    except Undecipherable:
        return None


def _approval_url(request_token: str) -> str:
    """Only TMDb itself asks people; what stands in for it approves from the start."""
    config = current_config()
    back = config.public_url + RETURN_PATH
    if config.demo or config.tmdb_url != DEFAULT_TMDB_BASE_URL:
        return f"{back}?{urlencode({'request_token': request_token, 'approved': 'true'})}"
    return f"{APPROVAL_URL}{quote(request_token)}?{urlencode({'redirect_to': back})}"
