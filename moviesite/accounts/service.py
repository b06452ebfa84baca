"""Accounts begin, prove themselves, recover and end. No web."""

import secrets
from collections.abc import Callable
from functools import partial
from uuid import UUID

import structlog
from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError

from moviesite import caching, clock, idempotency
from moviesite.accounts import (
    attempt_service,
    names,
    passwords,
    policy,
    queries,
    session_service,
    tokens,
)
from moviesite.accounts.attempt_service import Limit
from moviesite.accounts.client import Client
from moviesite.accounts.single_use_service import Purpose, redeem
from moviesite.errors import Conflict, InvalidInput, NotSignedIn, QuotaExceeded
from moviesite.extensions import db
from moviesite.idempotency import Once
from moviesite.models import Identity, Session, User
from moviesite.queue import Job, enqueue
from moviesite.transactions import after_commit, transactional

ACCOUNT_TRIES, ADDRESS_TRIES, ALL_TRIES = 10, 25, 600
_SIGN_IN_WINDOW = 300
_REGISTRATIONS = 5
_RESETS = 5
_HOUR = 3600

log = structlog.get_logger(__name__)

# What later features do when an account leaves whoever held it.
_PARTINGS: list[Callable[[User], None]] = []

# Nobody's id: a job for it does nothing, at the cost of one that does.
NOBODY = UUID(int=0)


def register(
    email: str,
    password: str | None,
    client: Client,
    *,
    username: str | None = None,
    verified: bool = False,
    once: Once | None = None,
) -> User:
    """A new account; the name is derived from the address where none is given.

    `verified` and no password are for people whom another provider vouches for. A request that
    is repeated under the same `once` finds the account that the first one made. Raises
    InvalidInput for what is refused, Conflict for an address or name that somebody has (naming
    the field in `errors`), QuotaExceeded after five tries an hour from one network.
    """
    if once and password and idempotency.earlier_result(once):
        return sign_in(email, password, client)
    try:
        return _register(email, password, client, username, verified, once)
    except Conflict:
        # Its twin, sent at the same moment, was faster.
        if once and password and idempotency.earlier_result(once):
            return sign_in(email, password, client)
        raise


def _register(
    email: str,
    password: str | None,
    client: Client,
    username: str | None,
    verified: bool,
    once: Once | None,
) -> User:
    check_names(email, username)
    if password is not None:
        check_password(password, username or "", email)
    count_telling(client)
    hashed = passwords.hash_of(password) if password else None
    return _create(User(email=email, password_hash=hashed), username, verified, once)


def sign_in(identifier: str, password: str, client: Client) -> User:
    """Who has this address or username and password; a session is opened by `session_service`.

    Raises NotSignedIn, in the same words and after the same work, for unknown names, wrong
    passwords and closed accounts; QuotaExceeded after too many tries.
    """
    user = queries.user_by_identifier(identifier)
    limits = sign_in_limits(user, identifier, client)
    taken_at = attempt_service.take(limits)
    right = passwords.matches(user.password_hash if user else None, password)
    if user is None or not right or not user.is_active:
        raise NotSignedIn("Name and password do not match.")
    attempt_service.give_back(limits, taken_at)
    if passwords.is_outdated(user.password_hash or ""):
        _replace_hash(user, passwords.hash_of(password))
    return user


def sign_in_limits(user: User | None, identifier: str, client: Client) -> list[Limit]:
    """What one try to prove a password counts against."""
    account = user.uuid if user else tokens.digest(names.folded(identifier))
    return [
        Limit(f"account:{account}", ACCOUNT_TRIES, _SIGN_IN_WINDOW),
        Limit(f"address:{client.network}", ADDRESS_TRIES, _SIGN_IN_WINDOW),
        Limit("everybody", ALL_TRIES, 60),
    ]


def check_password(password: str, username: str, email: str) -> None:
    """Raises InvalidInput naming `password` for one that is too short, too long or too common."""
    if problem := passwords.problem_with(password, username, email):
        raise InvalidInput.of("password", problem)


def request_password_reset(email: str, client: Client) -> None:
    """Have a reset mailed, if somebody has this address; the caller does not learn whether.

    Raises QuotaExceeded after many from one network; too many for one address are dropped.
    """
    attempt_service.take([Limit(f"reset-from:{client.network}", ADDRESS_TRIES, _HOUR)])
    user = queries.user_by_email(email)
    known = user is not None and user.is_active
    try:
        _ask_for_reset(email, user.uuid if user and known else NOBODY)
    except QuotaExceeded:
        log.info("too many resets of one address")


@transactional
def confirm_password_reset(token: str, password: str) -> User:
    """Set a new password by a mailed secret; every session ends and the address is proven.

    Where it had not been proven before, the account need not have been its owner's until now.
    Raises InvalidInput for a bad token or a refused password, which does not use up the token.
    """
    user, _ = redeem(token, Purpose.RESET_PASSWORD)
    check_password(password, user.username, user.email)
    if not user.email_verified:
        throw_out(user)
        user.email_verified_at = clock.now()
    _set_password(user, password)
    session_service.end_all(user)
    return user


@transactional
def throw_out(user: User) -> None:
    """Take from whoever opened an account with somebody else's address all that they hold of it.

    That is every way back in but the password, and whatever lets them look in from outside.
    """
    db.session.execute(delete(Identity).where(Identity.user_id == user.id))
    session_service.end_all(user)
    part(user)


def part_by(parting: Callable[[User], None]) -> None:
    """Have this done, in the same transaction, when an account is deleted or changes hands."""
    _PARTINGS.append(parting)


@transactional
def part(user: User) -> None:
    """Let go of what its holder has of an account beside the rows that hang on it."""
    for parting in _PARTINGS:
        parting(user)
    after_commit(partial(caching.forget_person, user.id, user.uuid))


def change_password(user: User, current: str, new: str, client: Client, kept: Session) -> None:
    """Change a password that is known; every session but `kept` ends.

    Raises InvalidInput naming `current` or `new`, Conflict where the account has no password
    yet (a reset by mail sets one), QuotaExceeded after too many tries, NotSignedIn where it was
    changed elsewhere at this moment.
    """
    if user.password_hash is None:
        raise Conflict("This account has no password yet. Ask for a reset link to set one.")
    limits = sign_in_limits(user, user.email, client)
    taken_at = attempt_service.take(limits)
    policy.confirm_identity(user, current, field="current")
    attempt_service.give_back(limits, taken_at)
    if problem := passwords.problem_with(new, user.username, user.email):
        raise InvalidInput.of("new", problem)
    _change_password(user, new, kept)


@transactional
def _change_password(user: User, new: str, kept: Session) -> None:
    session_service.check_unchanged(user)
    _set_password(user, new)
    session_service.end_all(user, but=kept)


@transactional
def _replace_hash(user: User, password_hash: str) -> None:
    session_service.check_unchanged(user)
    user.password_hash = password_hash


def _set_password(user: User, password: str) -> None:
    user.password_hash = passwords.hash_of(password)
    # Whoever asked for another address may be why the password is changed.
    user.pending_email = None
    enqueue(Job.SEND_EMAIL, "password_changed", str(user.uuid))


@transactional
def _ask_for_reset(email: str, user_id: UUID) -> None:
    attempt_service.take([Limit(f"reset:{tokens.digest(names.folded(email))}", _RESETS, _HOUR)])
    enqueue(Job.SEND_EMAIL, "reset_password", str(user_id))


def count_telling(client: Client) -> None:
    """Count that somebody is told whether an address has an account here.

    Raises QuotaExceeded after five times an hour from one network.
    """
    # The command line comes from no network.
    if client.network:
        attempt_service.take([Limit(f"register:{client.network}", _REGISTRATIONS, _HOUR)])


def check_names(email: str, username: str | None) -> None:
    """Raises InvalidInput naming `email` or `username` for what can be none."""
    problems = {}
    if not names.is_email(email):
        problems["email"] = ["This is not an email address."]
    if username is not None and not names.is_username(username):
        problems["username"] = ["At most 150 letters, digits, and . _ + - between them."]
    if problems:
        raise InvalidInput({"json": problems}, " ".join(p for [p] in problems.values()))


def _create(user: User, username: str | None, verified: bool, once: Once | None) -> User:
    """Look first, to name the field at fault, and let the database decide what came between."""
    taken = queries.taken_among(user.email, username or names.username_from(user.email))
    if at_fault := taken & ({"email", "username"} if username else {"email"}):
        raise taken_conflict(at_fault)
    user.username = username or _free_name(user.email, is_taken="username" in taken)
    user.email_verified_at = clock.now() if verified else None
    try:
        return _insert(user, once)
    except IntegrityError as error:
        taken = queries.taken_among(user.email, user.username)
        if username or taken != {"username"}:
            raise taken_conflict(taken) from error
    # Somebody got the derived name a moment ago; nobody gets this one by chance.
    user.username = _free_name(user.email, is_taken=True)
    return _insert(user, once)


@transactional
def _insert(user: User, once: Once | None) -> User:
    user.email_folded, user.username_folded = names.folded(user.email), names.folded(user.username)
    db.session.add(user)
    db.session.flush()
    if not user.email_verified:
        enqueue(Job.SEND_EMAIL, "verify_email", str(user.uuid))
    if once:
        idempotency.remember(once, str(user.uuid))
    return user


def _free_name(email: str, *, is_taken: bool) -> str:
    name = names.username_from(email)
    # A number that could be guessed would tell how many of that name there are.
    return f"{name}-{secrets.token_hex(3)}" if is_taken else name


def taken_conflict(fields: set[str]) -> Conflict:
    """The error that names which of `email` and `username` somebody else has."""
    words = {
        "email": "There is already an account with this address.",
        "username": "This username is taken.",
    }
    errors = {"json": {field: [words[field]] for field in sorted(fields)}}
    return Conflict(" ".join(words[field] for field in sorted(fields)), errors=errors)
