"""Secrets that people carry, and what is kept of them. Pure; no database, no clock."""

import secrets

from moviesite.keys import digest, signature

__all__ = ["digest", "new_token", "successor"]


def new_token() -> str:
    """256 random bits, fit for addresses and cookies."""
    return secrets.token_urlsafe(32)


def successor(token: str, secret_key: str) -> str:
    """The token that follows this one: always the same, and only we can tell which."""
    return signature(secret_key, "refresh", token)
