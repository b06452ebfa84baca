"""Encrypts what must be kept and read again: grants of people's accounts elsewhere.

Keys come from ENCRYPTION_KEY. The first one encrypts, the others are still read until everything
was renewed.
"""

import hashlib
from base64 import urlsafe_b64encode
from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from moviesite.config import current_config


class Undecipherable(Exception):
    """No key that is known opens this."""


class Cipher:
    """Texts in, unreadable texts out, and back."""

    def __init__(self, keys: Sequence[str]) -> None:
        self._fernet = MultiFernet([Fernet(_derived(key)) for key in keys])

    def encrypt(self, text: str) -> str:
        """The text, readable only with the key in use."""
        return self._fernet.encrypt(text.encode()).decode()

    def decrypt(self, text: str) -> str:
        """What was encrypted; raises Undecipherable."""
        try:
            return self._fernet.decrypt(text.encode()).decode()
        except InvalidToken as error:
            raise Undecipherable from error

    def renew(self, text: str) -> str:
        """The same under the key in use now; raises Undecipherable."""
        try:
            return self._fernet.rotate(text.encode()).decode()
        except InvalidToken as error:
            raise Undecipherable from error


def _derived(key: str) -> bytes:
    return urlsafe_b64encode(hashlib.sha256(b"moviesite/grants/" + key.encode()).digest())


def current_cipher() -> Cipher | None:
    """By the application's keys; None where the operator gave none."""
    keys = current_config().encryption_keys
    return Cipher(keys) if keys else None
