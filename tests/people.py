"""The cast: the same few people in every test, and the devices they sit at."""

from functools import lru_cache
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import delete

from moviesite import clock
from moviesite.accounts import passwords, session_service
from moviesite.accounts.client import Client
from moviesite.accounts.names import folded
from moviesite.extensions import db
from moviesite.models import User
from moviesite.transactions import transactional
from moviesite.web import access_tokens

PASSWORD = "rain on the fourth of May"
DEVICE = Client("192.0.2.1", "192.0.2.1", "Firefox on Linux")

# Ada and Ben are people like others, Cleo runs the site.
CAST: dict[str, dict[str, Any]] = {
    "ada": {},
    "ben": {},
    "cleo": {"is_admin": True},
}


@lru_cache(maxsize=1)
def password_hash() -> str:
    """The hash of everybody's password, made once: it is slow on purpose."""
    return passwords.hash_of(PASSWORD)


@transactional
def join(name: str, **changes: Any) -> User:
    """One of the cast, with an account of their own; `changes` are columns."""
    usual = {"username": name, "email": f"{name}@example.org", "password_hash": password_hash()}
    user = User(**{**usual, "email_verified_at": clock.now(), **CAST[name], **changes})
    user.username_folded, user.email_folded = folded(user.username), folded(user.email)
    db.session.add(user)
    return user


@transactional
def succeed(user: User, name: str, **changes: Any) -> User:
    """Another of the cast, with the number of an account that goes at this moment.

    As SQLite gives it by itself where nobody came in between.
    """
    number = user.id
    db.session.execute(delete(User).where(User.id == number))
    db.session.expunge_all()
    return join(name, id=number, **changes)


def signed_in_program(app: Flask, user: User) -> FlaskClient:
    """A program that sends somebody's access token with each call."""
    opened = session_service.open_api(user, DEVICE)
    client = app.test_client(use_cookies=False)
    client.environ_base["HTTP_AUTHORIZATION"] = (
        f"Bearer {access_tokens.issue(user, opened.session)}"
    )
    return client


def signed_in_browser(app: Flask, user: User) -> FlaskClient:
    """A browser with the cookie of somebody's session."""
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie["_user_id"] = session_service.open_browser(user, DEVICE)
    return client


def form_token(client: FlaskClient) -> str:
    """The token that this browser's forms carry."""
    with client.session_transaction() as cookie:
        raw = cookie.setdefault("csrf_token", "f" * 40)
    key = client.application.config["SECRET_KEY"]
    return str(URLSafeTimedSerializer(key, salt="wtf-csrf-token").dumps(raw))
