"""What is derived from SECRET_KEY, and digests of secrets. Pure; imports nothing of ours."""

import hashlib
import hmac
from base64 import urlsafe_b64encode


def digest(text: str) -> str:
    """What is kept of a random secret: it needs no salt and no slow hash."""
    return hashlib.sha256(text.encode()).hexdigest()


def derived_key(secret_key: str, purpose: str) -> bytes:
    """A key of its own for each purpose, so that what one signs is worth nothing to another."""
    return hmac.digest(secret_key.encode(), f"moviesite/{purpose}".encode(), "sha256")


def signature(secret_key: str, purpose: str, text: str) -> str:
    """43 characters fit for addresses, headers and cookies that only we can make from `text`."""
    made = hmac.digest(derived_key(secret_key, purpose), text.encode(), "sha256")
    return urlsafe_b64encode(made).decode().rstrip("=")
