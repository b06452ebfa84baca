"""Favorites as TMDb has them this moment. Nothing is kept: neither grants nor what they open."""

from collections.abc import Iterator
from typing import NamedTuple

import msgspec

from moviesite.catalogue.live import shown
from moviesite.errors import Forbidden, Unavailable
from moviesite.providers.base import AccountData, Grant, MoviePage
from moviesite.providers.tmdb import current_tmdb

# How many favorites, in pages of 20, are looked through to mark films of another list: while a
# caller waits, and behind a reader's back.
_PAGES_READ, _PAGES_KNOWN = 10, 25


class Favorites(NamedTuple):
    """Ids of favorites; `complete` unless there are more than were read."""

    ids: frozenset[int]
    complete: bool

    def mark(self, movie_id: int) -> bool | None:
        """Whether a movie is one of them; None where that is not known."""
        return True if movie_id in self.ids else False if self.complete else None


def own_account(grant: Grant, account_id: str | None = None) -> AccountData:
    """Whose grant this is; raises Forbidden where it is not that of the account that is named."""
    account = current_tmdb().account(grant)
    if account_id is not None and account_id not in (account.id, account.object_id):
        raise Forbidden("This token belongs to another account.")
    return account


def favorites(grant: Grant | None, account_id: str, page: int, language: str) -> MoviePage:
    """A page of an account's favorites, newest first; without a grant as the operator sees them.

    Raises Forbidden where TMDb does not show them, Unavailable where it does not answer.
    """
    found = current_tmdb().account_favorites(grant, account_id, page, language)
    return msgspec.structs.replace(found, results=shown(found.results, language))


def set_favorite(grant: Grant, account_id: str, movie_id: int, favorite: bool) -> AccountData:
    """Keep or drop a favorite on TMDb, and whose; raises Forbidden, NotFound or Unavailable."""
    account = own_account(grant, account_id)
    current_tmdb().set_favorite(grant, account_id, movie_id, favorite)
    return account


def favorites_for_marks(grant: Grant, account_id: str, language: str) -> Favorites:
    """The newest favorites. While TMDb does not answer nothing is known of them."""
    own_account(grant, account_id)
    ids: set[int] = set()
    complete = False
    try:
        for found in _newest(grant, account_id, language, _PAGES_READ):
            ids.update(movie.id for movie in found.results)
            complete = found.page >= found.total_pages
    except Unavailable:
        complete = False
    return Favorites(frozenset(ids), complete)


def newest_ids(grant: Grant, account_id: str, language: str) -> tuple[int, ...]:
    """Ids of the newest favorites, 500 at most; raises Forbidden and Unavailable."""
    pages = _newest(grant, account_id, language, _PAGES_KNOWN)
    return tuple(movie.id for page in pages for movie in page.results)


def _newest(grant: Grant, account_id: str, language: str, most: int) -> Iterator[MoviePage]:
    for page in range(1, most + 1):
        found = current_tmdb().account_favorites(grant, account_id, page, language)
        yield found
        if page >= found.total_pages:
            return
