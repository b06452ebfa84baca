"""Remembers for a minute what is costly of very long lists: that they are, and their order.

At a million movies a common genre takes a while to count up to its bound, and longer to walk to
its last page. Neither changes from one page to the next. Asks no database itself.
"""

from array import array
from collections.abc import Callable, Sequence
from hashlib import sha256

import msgspec

from moviesite import caching
from moviesite.catalogue.filters import Filters, Ordering

REMEMBERED_SECONDS = 60
_YES = b"1"


def counted(
    filters: Filters, count: Callable[[], tuple[int, bool]], bound: int
) -> tuple[int, bool]:
    """The count, or the bound where the list was longer than that a moment ago."""
    key = f"movies:long:{_digest(filters)}"
    if caching.peek(key) == _YES:
        return bound, False
    found, exact = count()
    if not exact:
        caching.keep(key, _YES, REMEMBERED_SECONDS)
    return found, exact


def in_order(
    filters: Filters, ordering: Ordering, walk: Callable[[], Sequence[int]]
) -> Sequence[int]:
    """The ids of the list's movies as far as it is shown; `walk` brings them where need be."""
    key = f"movies:order:{_digest(filters, ordering)}"
    if body := caching.peek(key):
        return array("I", body)
    ids = array("I", walk())
    caching.keep(key, ids.tobytes(), REMEMBERED_SECONDS)
    return ids


def _digest(*parts: object) -> str:
    return sha256(msgspec.json.encode(parts)).hexdigest()[:32]
