"""Text made comparable: accents, case and punctuation aside. Pure."""

import re
import unicodedata
from functools import lru_cache
from typing import Final

# Letters that Unicode does not take apart.
_LETTERS: Final = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "æ": "ae", "œ": "oe", "þ": "th", "ı": "i"}
)
_APOSTROPHES: Final = str.maketrans("", "", "'’ʼ`´")
_BREAKS: Final = re.compile(r"[\W_]+")


@lru_cache(maxsize=4096)
def fold(text: str) -> str:
    """Lower case words parted by one space: `Amélie` → `amelie`, `WALL·E` → `wall e`."""
    bare = _unaccented(text).translate(_APOSTROPHES)
    return _BREAKS.sub(" ", bare).strip()


def searchable(*texts: str) -> str:
    """Every folded word with a space before it; words with inner marks also in one piece."""
    words: dict[str, None] = {}
    for text in texts:
        words.update(dict.fromkeys(fold(text).split()))
        for piece in text.split():
            joined = fold(piece).replace(" ", "")
            if joined:
                words[joined] = None
    return " " + " ".join(words)


def _unaccented(text: str) -> str:
    if text.isascii():
        return text.casefold()
    spread = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in spread if not unicodedata.combining(c)).translate(_LETTERS)
