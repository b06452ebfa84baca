"""What is somebody's own on pages of the catalogue: states of cards, rows of home. No request."""

from collections.abc import Collection, Iterable
from typing import Any, NamedTuple

from moviesite.catalogue import queries as catalogue_queries
from moviesite.catalogue.queries import Community
from moviesite.errors import NotFound
from moviesite.library import muting_queries, overlay_queries, own_queries
from moviesite.library.overlay_queries import ViewerState
from moviesite.models import Movie, User
from moviesite.providers.base import MovieData

ROW = 12


class OwnShelf(NamedTuple):
    """A row of somebody's own, with the fields of a row of the catalogue."""

    key: str
    title: str
    note: str
    movies: list[MovieData]
    source: None = None
    slug: None = None
    href: str | None = None


class OwnPart(NamedTuple):
    """What a film's page shows to one person.

    `hidden` is whether it is kept from suggestions, `keywords` are all that are, by TMDb's numbers.
    """

    plays: Any
    hidden: bool
    keywords: Collection[int]


def mine(user: User | None, *lists: Iterable[Any]) -> dict[int, ViewerState]:
    """What somebody has done with all these movies: one statement; nothing for visitors."""
    if user is None:
        return {}
    return overlay_queries.overlay(user.id, {movie.id for movies in lists for movie in movies})


def rows_for(user: User | None) -> list[OwnShelf]:
    """What somebody means to see and what they saw last, where there is any: one statement."""
    if user is None:
        return []
    own = own_queries.own_rows(user, ROW)
    rows = (
        OwnShelf("watchlist", "From your watchlist", "", own.watchlist),
        OwnShelf("watched", "Recently seen", "", own.watched),
    )
    return [row for row in rows if row.movies]


def film(movie_id: int) -> Movie:
    """A stored movie with its genres: one statement; raises NotFound."""
    found = catalogue_queries.with_genres(movie_id)
    if found is None:
        raise NotFound
    return found


def own_part(user: User | None, movie_id: int) -> OwnPart | None:
    """What is somebody's own on a film's page: two statements."""
    if user is None:
        return None
    muted, plays = muting_queries.muted(user.id), own_queries.plays_of(user, movie_id)
    return OwnPart(plays, movie_id in muted.movies, muted.keywords)


def hides(user: User | None, kind: str, target_id: int) -> bool | None:
    """Whether somebody hides a person or a genre: one statement; None for visitors."""
    return own_queries.is_hidden(user, kind, target_id) if user else None


def touched(user: User, movie_id: int, *, whole: bool) -> dict[str, Any]:
    """What is shown anew after a change; `whole` for the film's own page."""
    movie = film(movie_id)
    states = overlay_queries.overlay(user.id, [movie_id])
    shown = {"movie": movie, "mine": states, "state": states[movie_id]}
    if not whole:
        return shown
    community = catalogue_queries.community_of([movie_id]).get(movie_id, Community())
    return {**shown, "community": community, "own": own_part(user, movie_id)}
