"""Leaves out what somebody does not want to be offered. Pure: no database, no request."""

from collections.abc import Collection, Iterable
from typing import NamedTuple

from moviesite.providers.base import MovieData


class Muted(NamedTuple):
    """What somebody does not want to be offered, by TMDb's numbers."""

    genres: frozenset[int] = frozenset()
    people: frozenset[int] = frozenset()
    keywords: frozenset[int] = frozenset()
    movies: frozenset[int] = frozenset()

    @property
    def nothing(self) -> bool:
        """Whether all may be offered."""
        return not any(self)


def unmuted(
    movies: Iterable[MovieData], muted: Muted, others: Collection[int] = ()
) -> list[MovieData]:
    """The movies that may be offered, in their order.

    `others` are ids of movies that are muted for what their rows do not tell: who made them and
    what they are about.
    """
    return [movie for movie in movies if movie.id not in others and not _is_muted(movie, muted)]


def _is_muted(movie: MovieData, muted: Muted) -> bool:
    return movie.id in muted.movies or any(genre.id in muted.genres for genre in movie.genres)
