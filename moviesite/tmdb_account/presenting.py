"""Marks the films of a list that are favorites on TMDb. No request, no SQL."""

from collections.abc import Sequence
from typing import Any

from moviesite.catalogue.presenting import Listed
from moviesite.providers.base import Grant
from moviesite.tmdb_account import live


def marked(
    rows: Sequence[Listed], grant: Grant, account_id: str, language: str
) -> list[dict[str, Any]]:
    """The rows, each with `tmdb_favorite`: None where it is not known.

    Raises Forbidden where the grant is not that account's own.
    """
    favorites = live.favorites_for_marks(grant, account_id, language)
    return [{**row._asdict(), "tmdb_favorite": favorites.mark(row.movie.id)} for row in rows]
