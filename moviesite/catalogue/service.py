"""Keeps what was seen upstream: movies, people and the last good answers. No web."""

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import delete

from moviesite import cache_kinds, clock
from moviesite.catalogue import override_service, storage
from moviesite.database import changed_rows
from moviesite.inserts import upsert
from moviesite.models import Movie, Person, TmdbSnapshot
from moviesite.providers.base import (
    GenreData,
    MovieData,
    MovieDetailData,
    PersonData,
    PersonRef,
)
from moviesite.queue import Job, enqueue
from moviesite.transactions import transactional


@transactional
def keep_snapshot(key: str, body: bytes, fetched_at: dt.datetime) -> None:
    """Keep an answer for the time when its source is down."""
    row = {"key": key, "body": body, "fetched_at": fetched_at}
    upsert(TmdbSnapshot, [row], update=("body", "fetched_at"))


@transactional
def store_movies(movies: Sequence[MovieData], *, translated: bool = False) -> None:
    """Store rows of lists. `translated` ones are in another language: they only add movies."""
    now = clock.now()
    upsert(
        Movie,
        [storage.summary_row(movie, now) for movie in movies],
        update=() if translated else storage.SUMMARY_COLUMNS,
    )
    with_genres = [movie for movie in movies if movie.genres]
    if with_genres and not translated:
        storage.store_movie_genres(with_genres)
    override_service.enforce(movies, own_language=not translated)


@transactional
def store_row(movie: MovieData) -> None:
    """Store a movie as a list told it, unless it is stored; a job sees to the rest of it.

    One that was removed here stays away.
    """
    store_movies([movie], translated=True)
    if override_service.removed_among([movie]):
        return
    storage.store_movie_genres([movie])
    override_service.enforce([movie], own_language=False)
    enqueue(Job.SYNC_TMDB_MOVIE, movie.id)


def store_detail(movie: MovieDetailData) -> None:
    """Store everything that one call told about a movie; parts that it did not tell stay."""
    store_details([movie])


@transactional
def store_details(movies: Sequence[MovieDetailData]) -> None:
    """Store everything that was told about these movies, each at most once among them."""
    now = clock.now()
    store_movies([row for movie in movies for row in (movie, *movie.similar, *movie.recommended)])
    removed = override_service.removed_among(movies)
    movies = [movie for movie in movies if movie.id not in removed]
    storage.store_collections(movies)
    rows = [storage.detail_row(movie, now) for movie in movies]
    upsert(Movie, rows, update=storage.DETAIL_COLUMNS)
    storage.store_credits(movies)
    storage.store_keywords(movies)
    storage.store_parts(movies)
    storage.store_availability(movies)
    override_service.enforce(movies)


@transactional
def store_person(person: PersonData) -> None:
    """Store a person and the movies of the filmography."""
    store_movies([credit.movie for credit in person.credits])
    row = {
        **storage.person_row(PersonRef(person.id, person.name, person.profile_path)),
        "biography": person.biography,
        "birthday": person.birthday,
        "deathday": person.deathday,
        "place_of_birth": person.place_of_birth,
        "known_for": person.known_for,
        "imdb_id": person.imdb_id,
        "detailed_at": clock.now(),
    }
    upsert(Person, [row], update=[name for name in row if name != "id"])


@transactional
def store_genres(genres: Sequence[GenreData]) -> None:
    """Store genres under their names."""
    storage.store_genres(genres)


@transactional
def purge_expired() -> int:
    """Delete answers that are older than they may be kept; returns how many."""
    oldest = clock.now() - cache_kinds.LONGEST_KEPT
    return changed_rows(delete(TmdbSnapshot).where(TmdbSnapshot.fetched_at < oldest))
