"""What the demo remembers of accounts: favorites and ended sessions. Knows no films, no requests.

An account is whoever holds a v4 token or a v3 session: its id follows from that text alone, so
that no list of accounts is needed and the same token is the same account after a restart. Neither
tokens nor sessions are ever stored.
"""

import datetime as dt
import fcntl
import hashlib
import os
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import orjson

_MOST_ACCOUNTS: Final = 2_000_000_000
_CHECK_LENGTH: Final = 16
_TOKEN_HOUR: Final = dt.timedelta(hours=1)


def account_id_of(credential: str) -> int:
    """The account of a v4 token or a v3 session: 1 to 2,000,000,000, the same at every call."""
    digest = hashlib.blake2b(credential.encode(), digest_size=8, person=b"account").digest()
    return 1 + int.from_bytes(digest) % _MOST_ACCOUNTS


def new_request_token() -> tuple[str, str]:
    """A request token, approved from the start, and the moment it ends, in TMDb's writing."""
    nonce = secrets.token_hex(12)
    ends = dt.datetime.now(dt.UTC) + _TOKEN_HOUR
    return nonce + _check(nonce), ends.strftime("%Y-%m-%d %H:%M:%S UTC")


def session_of(request_token: str) -> str | None:
    """The session that a request token of ours opens; None for any other text."""
    nonce, check = request_token[:-_CHECK_LENGTH], request_token[-_CHECK_LENGTH:]
    if not nonce or check != _check(nonce):
        return None
    return hashlib.blake2b(request_token.encode(), digest_size=20, person=b"session").hexdigest()


def _check(nonce: str) -> str:
    return hashlib.blake2b(nonce.encode(), digest_size=8, person=b"token").hexdigest()


class Memory:
    """Favorites in the order in which they were kept, in a file if one is named.

    Several processes may share the file: each write reads it anew under a lock and replaces it
    whole, each read notices that it was replaced.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self._guard = threading.Lock()
        self._seen: tuple[int, int, int] | None = None
        self._state: dict[str, Any] = {"favorites": {}, "ended": []}

    def favorites(self, account_id: int) -> tuple[int, ...]:
        """Movie ids, the first kept first."""
        with self._guard:
            self._refresh()
            return tuple(self._state["favorites"].get(str(account_id), ()))

    def set_favorite(self, account_id: int, movie_id: int, keep: bool) -> bool:
        """Keep or drop a movie; whether that changed anything."""
        with self._changing() as state:
            kept: list[int] = state["favorites"].setdefault(str(account_id), [])
            if (movie_id in kept) == keep:
                return False
            if keep:
                kept.append(movie_id)
            else:
                kept.remove(movie_id)
            return True

    def end_session(self, session_id: str) -> None:
        """Make a session useless."""
        with self._changing() as state:
            state["ended"].append(_check(session_id))

    def is_ended(self, session_id: str) -> bool:
        """Whether a session was ended."""
        with self._guard:
            self._refresh()
            return _check(session_id) in self._state["ended"]

    @contextmanager
    def _changing(self) -> Iterator[dict[str, Any]]:
        with self._guard, self._locked():
            self._refresh()
            yield self._state
            self._save()

    @contextmanager
    def _locked(self) -> Iterator[None]:
        if self._path is None:
            yield
            return
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._path.with_name(f"{self._path.name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _refresh(self) -> None:
        if self._path is None or not self._path.exists():
            return
        found = self._path.stat()
        stamp = (found.st_ino, found.st_mtime_ns, found.st_size)
        if stamp != self._seen:
            self._state = _read(self._path)
            self._seen = stamp

    def _save(self) -> None:
        if self._path is None:
            return
        fresh = self._path.with_name(f"{self._path.name}.{os.getpid()}.new")
        fresh.write_bytes(orjson.dumps(self._state))
        fresh.replace(self._path)
        found = self._path.stat()
        self._seen = (found.st_ino, found.st_mtime_ns, found.st_size)


def _read(path: Path) -> dict[str, Any]:
    """What a file remembers. A damaged one remembers nothing: a demo need not stop for that."""
    empty: dict[str, Any] = {"favorites": {}, "ended": []}
    try:
        found = orjson.loads(path.read_bytes())
    except orjson.JSONDecodeError:
        return empty
    return {**empty, **found} if isinstance(found, dict) else empty
