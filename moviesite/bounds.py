"""Bounds that all of the site keeps to. Imports nothing of ours."""

from collections.abc import Sequence
from typing import Generic, NamedTuple, TypeVar

Row = TypeVar("Row")

# What fits a column of ids, here and at the sources.
MAX_ID = 2**31 - 1
# Pages by number go no further, here as at TMDb.
MAX_PAGE = 500
MAX_PAGE_SIZE = 100
# Rows on a page of the administration.
ADMIN_PAGE_SIZE = 50
# Years that a film may be from.
YEARS = range(1870, 2201)


def page_count(total: int, page_size: int) -> int:
    """How many pages of that size can be had of so many rows."""
    return min(-(-total // page_size), MAX_PAGE)


class Page(NamedTuple, Generic[Row]):
    """A page of rows; `total` counts those of all pages and stops at 10,000."""

    rows: Sequence[Row]
    total: int
    page_size: int

    @property
    def pages(self) -> int:
        """How many pages can be had."""
        return page_count(self.total, self.page_size)
