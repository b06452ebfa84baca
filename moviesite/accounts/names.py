"""Usernames and addresses: their shape, and which of them are the same. Pure."""

import re
import unicodedata

from moviesite.models.accounts import MAX_EMAIL, MAX_USERNAME
from moviesite.text import fold, is_clean

_USERNAME = re.compile(r"[\w.+\-]{1,150}", re.UNICODE)
_EMAIL = re.compile(r"[^@\s\"(),:;<>\[\\\]]{1,64}@[^@\s\"(),:;<>\[\\\]/]+\.[^@\s.,/]{2,}")
_MAX_DERIVED = 40


def folded(text: str) -> str:
    """What decides whether two names or addresses are the same."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text.strip()).casefold())


def is_username(text: str) -> bool:
    """Letters and digits of any script, `. _ + -`; never an `@`, which tells an address apart."""
    return bool(_USERNAME.fullmatch(text)) and len(folded(text)) <= 3 * MAX_USERNAME


def is_email(text: str) -> bool:
    """Whether mail could go there; only sending some would tell whether it arrives."""
    if len(text) > MAX_EMAIL or not is_clean(text) or ".." in text:
        return False
    local = text.partition("@")[0]
    return bool(_EMAIL.fullmatch(text)) and not local.startswith(".") and not local.endswith(".")


def username_from(email: str) -> str:
    """A name to begin with, from the part of an address before its `@`."""
    return "-".join(fold(email.partition("@")[0]).split())[:_MAX_DERIVED].strip("-") or "viewer"
