"""Folding, shortening and plain words, the same everywhere. Pure; imports nothing of ours."""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

# Letters that carry a stroke or are joined have no decomposition in Unicode.
_UNDECOMPOSED = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ß": "ss", "ı": "i"}
)
# Of Latin, Greek and Cyrillic letters. Elsewhere such marks make other letters.
ACCENTS = r"[\u0300-\u036f]"
_ACCENTS = re.compile(ACCENTS)
_NOT_WORD = re.compile(r"[^\w]+", re.UNICODE)
_LONGEST_NUMBER = 18


def fold(text: str) -> str:
    """Lower case, no accents, single spaces, punctuation gone: `Amélie!` becomes `amelie`."""
    decomposed = unicodedata.normalize("NFKD", text.casefold().translate(_UNDECOMPOSED))
    bare = "".join(char for char in decomposed if not unicodedata.combining(char))
    return _NOT_WORD.sub(" ", bare.replace("'", "").replace("’", "")).replace("_", " ").strip()


def unaccented(text: str) -> str:
    """Lower case and no accents, all else as it is: what databases can make of a text as well."""
    return _ACCENTS.sub("", unicodedata.normalize("NFKD", text)).lower()


@lru_cache(maxsize=8192)
def slug(text: str, limit: int = 60) -> str:
    """The readable end of an address: `The Lord of the Rings` becomes `the-lord-of-the-rings`."""
    return "-".join(fold(text).split())[:limit].strip("-")


def wait_in_words(seconds: int) -> str:
    """`40 seconds`, `2 minutes`, `14 hours`: never less than has to be waited."""
    if seconds <= 5:
        return "a few seconds"
    if seconds < 90:
        return f"{seconds} seconds"
    minutes, hours = -(-seconds // 60), -(-seconds // 3600)
    return f"{minutes} minutes" if minutes < 90 else f"{hours} hours"


def capital(words: str) -> str:
    """The words as a sentence begins with them; other capitals stay."""
    return words[:1].upper() + words[1:]


def enumerated(names: Sequence[str]) -> str:
    """`Heat`, `Heat and Ran`, `Heat, Ran and Solaris`: one name at least."""
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))


def halves(rating: float) -> str:
    """`4½` for 4.5, `½` for 0.5."""
    whole, half = divmod(rating, 1)
    return f"{int(whole) or ''}{'½' if half else ''}"


def whole_number(text: str, least: int, most: int) -> int | None:
    """A number in plain digits, from `least` to `most`; None for anything else, however long."""
    if not (text.isascii() and text.isdecimal() and len(text) <= _LONGEST_NUMBER):
        return None
    number = int(text)
    return number if least <= number <= most else None


def is_clean(text: str) -> bool:
    """Whether a database can hold the text: no NUL, no lone surrogate."""
    return "\x00" not in text and not any("\ud800" <= char <= "\udfff" for char in text)
