"""People change what is known about them, and leave. No web."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from moviesite.accounts import (
    address_service,
    avatars,
    media,
    names,
    proof_service,
    queries,
    service,
    session_service,
)
from moviesite.accounts.client import Client
from moviesite.accounts.proof_service import Proof
from moviesite.errors import Conflict
from moviesite.extensions import db
from moviesite.models import User
from moviesite.transactions import after_commit, transactional

# What may be changed by writing it down as it is; names and addresses take more.
PLAIN = ("locale", "time_zone", "bio", "region", "providers", "show_adult")

NOTHING_SHOWN = Proof()

_UNUSED_SECONDS = 3600
# A database takes only so many values at once.
_BATCH = 500


def edit_profile(
    user: User, changes: Mapping[str, Any], client: Client, proof: Proof = NOTHING_SHOWN
) -> User:
    """Change some of `username`, `email` and the plain fields.

    A new address takes what `proof_service` asks for, waits in `pending_email` until a link that
    is mailed there is followed, and the present one is told. Raises InvalidInput, Conflict naming
    the field that is taken, QuotaExceeded.
    """
    email, username = changes.get("email", user.email), changes.get("username", user.username)
    service.check_names(email, username)
    if names.folded(email) != user.email_folded:
        proof_service.check(user, proof, client)
        service.count_telling(client)
    taken = queries.taken_among(email, username, besides=user.id)
    if taken:
        raise service.taken_conflict(taken)
    try:
        return _edit(user, changes, username, proof)
    except IntegrityError as error:
        taken = queries.taken_among(email, username, besides=user.id)
        raise service.taken_conflict(taken) from error


def delete_account(user: User, proof: Proof, client: Client) -> None:
    """Delete somebody with everything that is theirs, at once and for ever.

    Raises InvalidInput unless what `proof_service` asks for is shown, Conflict where nobody would
    be left who runs the site.
    """
    proof_service.check(user, proof, client)
    _delete(user, proof)


def set_avatar(user: User, upload: bytes) -> User:
    """Give somebody another picture; raises InvalidInput for what is none."""
    # Drawing takes long, and on SQLite nobody else writes in a transaction's time.
    _replace_avatar(user, media.keep(avatars.redrawn(upload)))
    return user


def remove_avatar(user: User) -> None:
    """Take somebody's picture away."""
    _replace_avatar(user, None)


def cleanup_media() -> int:
    """Delete pictures that nobody shows any more; says how many."""
    found = media.older_than(_UNUSED_SECONDS)
    return sum(_drop_orphans(found[n : n + _BATCH]) for n in range(0, len(found), _BATCH))


def _drop_orphans(names: Sequence[str]) -> int:
    orphans = set(names) - queries.avatars_among(names)
    for name in orphans:
        media.drop(name)
    return len(orphans)


@transactional
def deactivate(user: User) -> None:
    """Close an account without deleting it; it is signed out everywhere."""
    user.is_active = False
    session_service.end_all(user)


@transactional
def _edit(user: User, changes: Mapping[str, Any], username: str, proof: Proof) -> User:
    email = changes.get("email", user.email)
    if names.folded(email) != user.email_folded:
        # First, because it reads the row anew.
        proof_service.use_up(user, proof)
        address_service.ask_for_change(user, email)
    for name in PLAIN:
        if name in changes:
            setattr(user, name, changes[name])
    user.username, user.username_folded = username, names.folded(username)
    db.session.flush()
    return user


@transactional
def locked_admins() -> set[int]:
    """Inner ids of all who run the site, held in one order: they act one after another."""
    serving = select(User.id).where(User.is_admin.is_(True), User.is_active.is_(True))
    return set(db.session.scalars(serving.order_by(User.id).with_for_update()))


def nobody_left() -> Conflict:
    """The error that keeps the last of them."""
    return Conflict("There would be no admin left. Make someone else an admin first.")


@transactional
def _delete(user: User, proof: Proof) -> None:
    if user.is_admin and locked_admins() == {user.id}:
        raise nobody_left()
    proof_service.use_up(user, proof)
    _replace_avatar(user, None)
    service.part(user)
    # Whatever else is somebody's hangs on this row, and the database lets it go with it.
    db.session.execute(delete(User).where(User.id == user.id))


@transactional
def _replace_avatar(user: User, name: str | None) -> None:
    left, user.avatar_path = user.avatar_path, name
    after_commit(lambda: media.drop(left))
