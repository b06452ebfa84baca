"""How passwords are hashed and which are refused. No database, no web."""

import unicodedata
from functools import lru_cache
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST, LONGEST = 8, 128

# The least that OWASP's cheat sheet names for Argon2id: 19 MiB, two passes, one lane.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
# Of a password nobody knows: what is checked for people who are not there, at the same cost.
_NOBODYS = (
    "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA"
    "$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
)
_COMMON_FILE = Path(__file__).parent / "common_passwords.txt"


def hash_of(password: str) -> str:
    """An Argon2id hash with its parameters and salt; about 16 ms and 19 MiB."""
    return _HASHER.hash(_normal(password))


def matches(stored: str | None, password: str) -> bool:
    """Whether the password is the one that was hashed; as slow where there is no hash."""
    try:
        return _HASHER.verify(stored or _NOBODYS, _normal(password)) and stored is not None
    except (VerificationError, InvalidHashError):
        return False


def is_outdated(stored: str) -> bool:
    """Whether the hash was made with other parameters than are used now."""
    return _HASHER.check_needs_rehash(stored)


def problem_with(password: str, *names: str) -> str | None:
    """Why the password is refused, in a sentence; `names` are the account's name and address."""
    if len(password) < SHORTEST:
        return f"A password needs at least {SHORTEST} characters."
    if len(password) > LONGEST:
        return f"A password can have at most {LONGEST} characters."
    plain = _normal(password).casefold()
    if plain in _common() or len(set(plain)) == 1:
        return "This password is too common. Choose another."
    own = {part for name in names for part in (name, name.partition("@")[0])}
    if plain in {_normal(name).casefold() for name in own if name}:
        return "A password cannot be your username or email address."
    return None


def _normal(password: str) -> str:
    """The same characters typed on two keyboards must be the same bytes."""
    return unicodedata.normalize("NFKC", password)


@lru_cache(maxsize=1)
def _common() -> frozenset[str]:
    lines = _COMMON_FILE.read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))
