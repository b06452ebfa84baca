"""What a link shows: always the present content of a list, of favorites or of a watchlist."""

import datetime as dt
from collections.abc import Sequence
from typing import NamedTuple

from moviesite.lists import item_queries
from moviesite.lists.share_queries import Opened
from moviesite.models import Movie, User


class SharedItem(NamedTuple):
    """A shared movie with its genres; `position` is None and `note` empty but for a list's."""

    movie: Movie
    position: int | None
    note: str
    added_at: dt.datetime


class Content(NamedTuple):
    """A page of what a link shows."""

    rows: Sequence[SharedItem]
    total: int

    def pages(self, page_size: int) -> int:
        """How many pages of that size can be had."""
        return -(-self.total // page_size)


def content(opened: Opened, viewer: User | None, *, page: int, page_size: int) -> Content:
    """A page of what the link shows: one or two statements."""
    if opened.movie_list is None:
        return Content((), 0)
    adult = item_queries.shows_adult(viewer, opened.movie_list)
    found = item_queries.items(opened.movie_list, adult=adult, page=page, page_size=page_size)
    rows = [SharedItem(item.movie, item.position, item.note, item.added_at) for item in found.items]
    return Content(rows, found.total)
