"""Marks the films of a list that are favorites on TMDb. No request, no SQL."""

from collections.abc import Callable, Collection, Sequence
from functools import cached_property
from typing import Any

from moviesite.catalogue.presenting import Listed
from moviesite.providers.base import Grant
from moviesite.tmdb_account import live, service


class KeptThere:
    """Which films a reader keeps on TMDb, looked up once, when a page first asks for one.

    `account` tells the id of their account there, or None.
    """

    def __init__(self, account: Callable[[], str | None]) -> None:
        self._account = account

    def __contains__(self, movie_id: int) -> bool:
        return movie_id in self._ids

    @property
    def connected(self) -> bool:
        """Whether there is an account to keep films in."""
        return self._account() is not None

    @cached_property
    def _ids(self) -> Collection[int]:
        account_id = self._account()
        return frozenset(service.kept_there(account_id)) if account_id else ()


def marked(
    rows: Sequence[Listed], grant: Grant, account_id: str, language: str
) -> list[dict[str, Any]]:
    """The rows, each with `tmdb_favorite`: None where it is not known.

    Raises Forbidden where the grant is not that account's own.
    """
    favorites = live.favorites_for_marks(grant, account_id, language)
    return [{**row._asdict(), "tmdb_favorite": favorites.mark(row.movie.id)} for row in rows]
