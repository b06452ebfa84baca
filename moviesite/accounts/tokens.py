"""Secrets that people carry, and what is kept of them. Pure; no database, no clock."""

import hashlib
import hmac
import secrets
from base64 import urlsafe_b64encode


def new_token() -> str:
    """256 random bits, fit for addresses and cookies."""
    return secrets.token_urlsafe(32)


def digest(text: str) -> str:
    """What is kept of a random secret: it needs no salt and no slow hash."""
    return hashlib.sha256(text.encode()).hexdigest()


def derived_key(secret_key: str, purpose: str) -> bytes:
    """A key of its own for each purpose, so that what one signs is worth nothing to another."""
    return hmac.digest(secret_key.encode(), f"moviesite/{purpose}".encode(), "sha256")


def successor(token: str, secret_key: str) -> str:
    """The token that follows this one: always the same, and only we can tell which."""
    made = hmac.digest(derived_key(secret_key, "refresh"), token.encode(), "sha256")
    return urlsafe_b64encode(made).decode().rstrip("=")


def request_token(session_id: str, secret_key: str) -> str:
    """What a page repeats in `X-CSRF-Token` as long as its session lasts."""
    made = hmac.digest(derived_key(secret_key, "csrf"), session_id.encode(), "sha256")
    return urlsafe_b64encode(made).decode().rstrip("=")
