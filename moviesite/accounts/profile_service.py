"""People change what is known about them, and leave. No web."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError

from moviesite.accounts import (
    attempt_service,
    avatars,
    media,
    names,
    policy,
    queries,
    service,
    session_service,
)
from moviesite.accounts.client import Client
from moviesite.extensions import db
from moviesite.models import User
from moviesite.queue import Job, enqueue
from moviesite.transactions import after_commit, transactional

# What may be changed by writing it down as it is; names and addresses take more.
PLAIN = ("locale", "time_zone", "bio", "region", "providers", "show_adult")

_UNUSED_SECONDS = 3600


def edit_profile(
    user: User, changes: Mapping[str, Any], client: Client, *, password: str | None = None
) -> User:
    """Change some of `username`, `email` and the plain fields.

    A new address takes the account's password, has to be verified anew, and the old one is told.
    Raises InvalidInput, Forbidden (wrong password), Conflict naming the field that is taken.
    """
    email, username = changes.get("email", user.email), changes.get("username", user.username)
    service.check_names(email, username)
    if names.folded(email) != user.email_folded:
        confirm(user, password, client)
    taken = queries.taken_among(email, username, besides=user.id)
    if taken:
        raise service.taken_conflict(taken)
    try:
        return _edit(user, changes, email, username)
    except IntegrityError as error:
        taken = queries.taken_among(email, username, besides=user.id)
        raise service.taken_conflict(taken) from error


def confirm(user: User, password: str | None, client: Client) -> None:
    """Let pass only who knows the account's password, where it has one; tries are limited."""
    limits = service.sign_in_limits(user, user.email, client)
    taken_at = attempt_service.take(limits)
    policy.confirm_identity(user, password)
    attempt_service.give_back(limits, taken_at)


def delete_account(user: User, password: str | None, client: Client) -> None:
    """Delete somebody with everything that is theirs, at once and for ever.

    Raises InvalidInput or Forbidden unless the account's password is given, where it has one.
    """
    confirm(user, password, client)
    _delete(user)


@transactional
def set_avatar(user: User, upload: bytes) -> User:
    """Give somebody another picture; raises InvalidInput for what is none."""
    name = media.keep(avatars.redrawn(upload))
    _replace_avatar(user, name)
    return user


@transactional
def remove_avatar(user: User) -> None:
    """Take somebody's picture away."""
    _replace_avatar(user, None)


def cleanup_media() -> int:
    """Delete pictures that nobody shows any more; says how many."""
    found = media.older_than(_UNUSED_SECONDS)
    orphans = set(found) - queries.avatars_among(found)
    for name in orphans:
        media.drop(name)
    return len(orphans)


@transactional
def promote(user: User) -> None:
    """Let somebody run the site."""
    user.is_admin = True


@transactional
def deactivate(user: User) -> None:
    """Close an account without deleting it; it is signed out everywhere."""
    user.is_active = False
    session_service.end_all(user)


@transactional
def _edit(user: User, changes: Mapping[str, Any], email: str, username: str) -> User:
    for name in PLAIN:
        if name in changes:
            setattr(user, name, changes[name])
    user.username, user.username_folded = username, names.folded(username)
    if names.folded(email) != user.email_folded:
        _move_to(user, email)
    db.session.flush()
    return user


def _move_to(user: User, email: str) -> None:
    enqueue(Job.SEND_EMAIL, "address_changed", user.id, user.email)
    user.email, user.email_folded, user.email_verified_at = email, names.folded(email), None
    enqueue(Job.SEND_EMAIL, "verify_email", user.id)


@transactional
def _delete(user: User) -> None:
    _replace_avatar(user, None)
    # Whatever is somebody's hangs on this row, and the database lets it go with it.
    db.session.execute(delete(User).where(User.id == user.id))


def _replace_avatar(user: User, name: str | None) -> None:
    left, user.avatar_path = user.avatar_path, name
    after_commit(lambda: media.drop(left))
