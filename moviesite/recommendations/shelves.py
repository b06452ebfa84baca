"""Rows of what suits somebody, or goes with a film, for pages of the catalogue. No request."""

from moviesite.cache_kinds import PickedRow
from moviesite.catalogue.presenting import Relatives
from moviesite.library import kept_queries
from moviesite.library.shelves import OwnShelf
from moviesite.models import User
from moviesite.providers.base import MovieData
from moviesite.recommendations.presenting import said_of
from moviesite.recommendations.recommending import Wish, alike, neighbours_of, picks_for

ROW = 12
# Of so many recommendations rows are made.
_LOOKED_AT = 60
_LEAST = 4
_MOST_CAUSES = 2


def rows_for(user: User | None) -> list[OwnShelf]:
    """What suits somebody, and what does because of single films: one statement for all.

    Nothing for visitors, nor for those of whom nothing is known.
    """
    picks = picks_for(user, Wish(limit=_LOOKED_AT)) if user else None
    if picks is None or not picks.personal:
        return []
    # No film stands twice: what else speaks for a liked film comes after the first row.
    causes = _causes(picks.rows[ROW:])
    ids = {row.movie_id for row in picks.rows} | causes.keys()
    movies = {movie.id: movie for movie, _ in kept_queries.movies(sorted(ids))}
    shown = [movies[row.movie_id] for row in picks.rows if row.movie_id in movies]
    bases = {one.id: one.basis for row in picks.rows for one in row.reasons if one.basis}
    first = OwnShelf(
        "for-you", "For you", "Based on what you save, like, rate and watch", shown[:ROW]
    )
    return [
        first,
        *(
            _because(movies[cause], bases[cause], of, movies)
            for cause, of in causes.items()
            if cause in movies
        ),
    ]


def beside(movie_id: int) -> list[Relatives]:
    """What goes with a film: liked by the same people, as far as that is known here."""
    movies = liked_together(movie_id)
    if len(movies) < _LEAST:
        return []
    return [Relatives("together", "Liked together", "By people here who like this film", movies)]


def similar(movie_id: int) -> list[MovieData]:
    """Films that are made of the same, as far as this site knows them."""
    return _movies(alike(movie_id, ROW))


def liked_together(movie_id: int) -> list[MovieData]:
    """Films that people who like this one like."""
    return _movies(neighbours_of(movie_id, ROW))


def _movies(ids: list[int]) -> list[MovieData]:
    return [movie for movie, _ in kept_queries.movies(ids)] if ids else []


def _causes(rows: tuple[PickedRow, ...]) -> dict[int, list[int]]:
    """Of films that speak most for others: those others, for the few with the most."""
    found: dict[int, list[int]] = {}
    for row in rows:
        if row.reasons and row.reasons[0].kind == "movie":
            found.setdefault(row.reasons[0].id, []).append(row.movie_id)
    most = sorted(found.items(), key=lambda item: -len(item[1]))[:_MOST_CAUSES]
    return {cause: of[:ROW] for cause, of in most if len(of) >= _LEAST}


def _because(cause: MovieData, basis: str, of: list[int], movies: dict[int, MovieData]) -> OwnShelf:
    title = f"Because you {said_of(basis, cause.title)}"
    shown = [movies[movie_id] for movie_id in of if movie_id in movies]
    return OwnShelf(f"because-{cause.id}", title, "", shown)
