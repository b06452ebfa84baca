"""Those who run the site look after accounts. One of them is always left. No web."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select

from moviesite import audit
from moviesite.accounts import profile_service, session_service
from moviesite.assistant import tier_service
from moviesite.audit import Act, Subject
from moviesite.errors import Conflict, NotAdmin, NotFound
from moviesite.extensions import db
from moviesite.models import Session, User
from moviesite.transactions import transactional

# What takes more than a session: it lets somebody in everywhere, or shuts somebody out.
DANGEROUS = frozenset({"is_admin", "is_active"})


@transactional
def edit(actor: User, uuid: UUID, changes: Mapping[str, Any]) -> None:
    """Change some of `tier` (None is the default), `is_active` and `is_admin`.

    Raises NotFound (account or tier), Forbidden for an actor who runs the site no more, Conflict
    where nobody would be left who runs it, or for closing one's own account.
    """
    admins = profile_service.locked_admins()
    if actor.id not in admins:
        raise NotAdmin
    user = _locked(uuid)
    after = {**_state(user), **changes}
    _check_somebody_left(actor, user, after, admins)
    # First, while it is sure that the actor runs the site: it may be their own leave.
    _note(actor, user, after)
    if "tier" in changes:
        tier_service.assign(user, changes["tier"])
    if "is_admin" in changes:
        user.is_admin = changes["is_admin"]
    if changes.get("is_active") is False and user.is_active:
        profile_service.deactivate(user)
    elif changes.get("is_active"):
        user.is_active = True


@transactional
def end_sessions(actor: User | None, uuid: UUID, *, but: Session | None = None) -> int:
    """Sign somebody out everywhere, but for one session; says in how many places.

    `actor` is None for the command line.

    Raises NotFound, Forbidden.
    """
    user = _locked(uuid)
    ended = session_service.end_all(user, but=but)
    audit.record(actor, Act.USER_END_SESSIONS, _subject(user), after={"ended": ended})
    return ended


@transactional
def set_admin_by_operator(user: User, is_admin: bool) -> None:
    """From the command line, which needs nobody's leave: let somebody run the site, or no more."""
    _note(None, user, {**_state(user), "is_admin": is_admin})
    user.is_admin = is_admin


@transactional
def deactivate_by_operator(user: User) -> None:
    """From the command line: close an account, and sign it out everywhere."""
    _note(None, user, {**_state(user), "is_active": False})
    profile_service.deactivate(user)


def _locked(uuid: UUID) -> User:
    wanted = select(User).where(User.uuid == uuid).with_for_update()
    user = db.session.scalar(wanted.execution_options(populate_existing=True))
    if user is None:
        raise NotFound("There is no such account.")
    return user


def _check_somebody_left(
    actor: User, user: User, after: Mapping[str, Any], admins: set[int]
) -> None:
    if actor.id == user.id and not after["is_active"]:
        raise Conflict("Another admin has to close your account.")
    serves = after["is_admin"] and after["is_active"]
    if not serves and admins == {user.id}:
        raise profile_service.nobody_left()


def _state(user: User) -> dict[str, Any]:
    return {"tier": user.tier_code, "is_active": user.is_active, "is_admin": user.is_admin}


def _note(actor: User | None, user: User, after: Mapping[str, Any]) -> None:
    before = _state(user)
    if after != before:
        audit.record(actor, Act.USER_EDIT, _subject(user), before=before, after=after)


def _subject(user: User) -> Subject:
    return Subject("user", user.uuid, user.username)
