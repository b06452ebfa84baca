"""Cursors: the place of a row in a list that is read by keyset, as a word for addresses."""

import base64
from collections.abc import Callable
from typing import TypeVar

from moviesite.errors import InvalidInput

T = TypeVar("T")

_BAD_CURSOR = "This cursor is not valid."


def cursor_of(place: str) -> str:
    """The cursor of a place, such as the id of a page's last row."""
    return base64.urlsafe_b64encode(place.encode()).decode().rstrip("=")


def place_of(cursor: str, read: Callable[[str], T]) -> T:
    """What `read` makes of the place; it raises ValueError or OverflowError for no place of ours.

    Raises InvalidInput then, and for what is no cursor at all.
    """
    try:
        return read(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode())
    except (ValueError, OverflowError) as error:
        raise InvalidInput.of("cursor", _BAD_CURSOR, "query") from error
