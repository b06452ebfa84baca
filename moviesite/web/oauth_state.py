"""People who were sent to another site to sign in, until they come back. Kept in their cookie.

The cookie is signed, lives as long as the visit, and is sent back on the way home because it is
`SameSite=Lax`. Nothing in it is secret from the visitor it belongs to.
"""

import time
from enum import StrEnum
from typing import Any, NamedTuple

from flask import session

_KEY, _PENDING, _PROOF = "departures", "witnessed", "confirmation"
LONGEST_SECONDS = 600
# Tabs that may be on the way at one time; a cookie holds 4 kB.
_MOST = 3


class Errand(StrEnum):
    """What somebody went there for."""

    SIGN_IN = ""
    LINK = "link"
    CONFIRM = "confirm"


class Kept(NamedTuple):
    """What must fit when somebody comes back, and where they wanted to go afterwards."""

    nonce: str
    verifier: str
    next: str
    errand: str
    # Public id of the account that sent them there; empty for who wants to sign in.
    account: str
    # Seconds since 1970.
    left_at: int = 0


def keep(state: str, kept: Kept) -> None:
    """Remember a departure under its state; the oldest is forgotten."""
    waiting = [entry for entry in _waiting() if entry[0] != state]
    session[_KEY] = [*waiting, [state, *kept._replace(left_at=_now())]][-_MOST:]


def take(state: str) -> Kept | None:
    """The departure with this state, once, and for ten minutes."""
    waiting = _waiting()
    session[_KEY] = [entry for entry in waiting if entry[0] != state]
    found = next((entry for entry in waiting if state and entry[0] == state), None)
    return Kept(*found[1:]) if found else None


def keep_pending(facts: dict[str, Any]) -> None:
    """Remember who came back, until they have shown their password."""
    session[_PENDING] = {**facts, "at": _now()}


def pending() -> dict[str, Any] | None:
    """Who came back at most ten minutes ago."""
    facts = session.get(_PENDING)
    if not isinstance(facts, dict) or _now() - facts.get("at", 0) > LONGEST_SECONDS:
        return None
    return {name: value for name, value in facts.items() if name != "at"}


def keep_confirmation(secret: str) -> None:
    """Remember the secret by which somebody may do what cannot be undone."""
    session[_PROOF] = secret


def confirmation() -> str:
    """That secret, whether it is still good or not; empty without one."""
    return str(session.get(_PROOF, ""))


def _waiting() -> list[list[Any]]:
    return [entry for entry in session.get(_KEY, ()) if _now() - entry[-1] <= LONGEST_SECONDS]


def _now() -> int:
    return int(time.time())
