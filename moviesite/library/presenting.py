"""Puts somebody's own part beside what is public about movies. No request, no SQL of its own."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from moviesite.catalogue import presenting
from moviesite.catalogue.presenting import Listed
from moviesite.catalogue.shelves import Shelf
from moviesite.errors import NotFound
from moviesite.library import kept_queries, muting_queries, overlay_queries
from moviesite.library.history_queries import Play
from moviesite.library.kept_queries import Kept
from moviesite.library.overlay_queries import UNTOUCHED
from moviesite.models import User
from moviesite.providers.base import MovieData, MoviePage, Suggestion


def with_viewer(listed: Sequence[Listed], user: User | None) -> list[Listed]:
    """The movies with what this person has done with each: one statement, none for nobody."""
    if user is None:
        return list(listed)
    states = overlay_queries.overlay(user.id, [item.movie.id for item in listed])
    return [item._replace(viewer=states.get(item.movie.id, UNTOUCHED)) for item in listed]


def offered(movies: Sequence[MovieData], user: User | None) -> list[MovieData]:
    """Those of the movies that this person does not mute, in their order."""
    return muting_queries.offered(user.id, movies) if user else list(movies)


def offered_page(page: MoviePage, user: User | None) -> MoviePage:
    """The page without what this person mutes; its numbers stay, for they are those of all."""
    if user is None:
        return page
    return msgspec.structs.replace(page, results=tuple(offered(page.results, user)))


def offered_rows(rows: Sequence[Shelf], user: User | None) -> list[Shelf]:
    """Rows of a page without what this person mutes: one statement for all of them."""
    everything = [movie for row in rows for movie in row.movies]
    allowed = {movie.id for movie in offered(everything, user)}
    return [row._replace(movies=[m for m in row.movies if m.id in allowed]) for row in rows]


def suggestions_for(found: Sequence[Suggestion], user: User | None) -> list[Suggestion]:
    """Those of the suggestions that this person does not mute: neither movies nor people."""
    if user is None:
        return list(found)
    movies = muting_queries.offered(user.id, [one.movie for one in found if one.movie])
    allowed, people = {movie.id for movie in movies}, muting_queries.muted(user.id).people
    return [
        one
        for one in found
        if (one.movie and one.movie.id in allowed) or (one.person and one.person.id not in people)
    ]


def listed_for(movies: Sequence[MovieData], user: User | None) -> list[Listed]:
    """The movies that this person may be offered, with everybody's part and their own."""
    return with_viewer(presenting.listed(offered(movies, user)), user)


def detail_for(detail: Mapping[str, Any], user: User | None) -> dict[str, Any]:
    """What a movie's JSON shows, with this person's part in it and in what is like it."""
    one = Listed(detail["movie"], detail["community"])
    first, *similar = with_viewer([one, *detail["similar"]], user)
    return {**detail, "viewer": first.viewer, "similar": similar}


def filmography_for(person: Mapping[str, Any], user: User | None) -> dict[str, Any]:
    """What a person's JSON shows, with what this person has done with each movie."""
    rows = person["filmography"]
    movies = with_viewer([row["movie"] for row in rows], user)
    shown = [{**row, "movie": movie} for row, movie in zip(rows, movies, strict=True)]
    return {**person, "filmography": shown}


def kept_movies(rows: Sequence[Kept | Play], user: User) -> list[Listed]:
    """The movies of a page of what somebody keeps: one statement."""
    return with_viewer([Listed(row.movie, row.community) for row in rows], user)


def stored_movie(movie_id: int, user: User) -> Listed:
    """A movie that something of somebody's was just hung on: one statement.

    Raises NotFound where it was removed in the meantime, and with it what hung on it.
    """
    found = overlay_queries.movie_for(user.id, movie_id)
    if found is None:
        raise NotFound
    movie, community, viewer = found
    return Listed(movie, community, viewer=viewer)


def stored_movies(movie_ids: Sequence[int], user: User | None) -> list[Listed]:
    """Movies that are stored, in the order of their ids: two statements."""
    rows = kept_queries.movies(movie_ids)
    return with_viewer([Listed(movie, community) for movie, community in rows], user)
