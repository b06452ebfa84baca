"""Reads of the stored catalogue. Changes nothing."""

import datetime as dt
from collections.abc import Collection
from typing import NamedTuple

from sqlalchemy import bindparam, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from moviesite.catalogue.filter_sql import begins
from moviesite.database import firsts, from_first, one_of, table_of
from moviesite.extensions import db
from moviesite.models import (
    Enrichment,
    ExternalRating,
    Genre,
    Keyword,
    Movie,
    Person,
    WatchProvider,
    movie_keywords,
)
from moviesite.providers.base import GenreData, KeywordData, MovieData

# Keywords among which the common ones are looked for.
_LOOKED_AT = 200


class Community(NamedTuple):
    """What this site's people made of a movie; `rating_average` is out of five or None."""

    likes: int = 0
    votes_up: int = 0
    votes_down: int = 0
    rating_average: float | None = None
    rating_count: int = 0


class Elsewhere(NamedTuple):
    """What other sources say of a movie: ratings by source, and OMDb's words where it has any."""

    ratings: list[ExternalRating]
    omdb: Enrichment | None


# Every list, film and write asks these; built once, since that takes as long as asking.
_MOVIES = table_of(Movie).c
_AMONG_THEM = one_of(_MOVIES.id, "ids")
_STORED = select(_MOVIES.id).where(_AMONG_THEM)
_COUNTERS = select(_MOVIES.id, *(_MOVIES[name] for name in Community._fields)).where(_AMONG_THEM)

_ELSEWHERE = (
    select(Enrichment, ExternalRating)
    .outerjoin(ExternalRating, ExternalRating.movie_id == Enrichment.movie_id)
    .where(Enrichment.movie_id == bindparam("movie_id"))
    .order_by(ExternalRating.source)
)


def community_of(movie_ids: Collection[int]) -> dict[int, Community]:
    """Counters of those of the movies that are stored: one statement."""
    if not movie_ids:
        return {}
    rows = db.session.execute(_COUNTERS, {"ids": movie_ids})
    return {row[0]: Community(*row[1:]) for row in rows}


def stored_among(movie_ids: Collection[int]) -> set[int]:
    """Those of the movies that are stored: one statement."""
    return set(db.session.scalars(_STORED, {"ids": movie_ids}))


def fetched_at(movie_id: int) -> dt.datetime | None:
    """When something was last stored of a movie; None where it is not stored."""
    return db.session.scalar(select(Movie.fetched_at).where(Movie.id == movie_id))


def detailed_ids() -> set[int]:
    """Ids of the movies that are stored with all their parts."""
    return set(db.session.scalars(select(Movie.id).where(Movie.detailed_at.is_not(None))))


def elsewhere(movie_id: int) -> Elsewhere:
    """What other sources say of a movie: one statement."""
    rows = db.session.execute(_ELSEWHERE, {"movie_id": movie_id}).all()
    omdb = rows[0][0] if rows else None
    facts = omdb and (omdb.imdb_rating, omdb.metascore, omdb.plot, omdb.awards)
    return Elsewhere([r for _, r in rows if r], omdb if any(facts or ()) else None)


def with_genres(movie_id: int) -> Movie | None:
    """The movie, if it is stored: one statement."""
    statement = select(Movie).where(Movie.id == movie_id).options(joinedload(Movie.genres))
    return db.session.scalars(statement).unique().one_or_none()


def by_imdb_ids(imdb_ids: Collection[str]) -> dict[str, Movie]:
    """Those of the movies that are stored, with their genres: two statements."""
    statement = select(Movie).where(Movie.imdb_id.in_(imdb_ids))
    movies = db.session.scalars(statement.options(selectinload(Movie.genres))).all()
    return {movie.imdb_id: movie for movie in movies if movie.imdb_id}


def stored_genres() -> list[GenreData]:
    """All genres that are stored, by name."""
    rows = db.session.execute(select(Genre.id, Genre.name).order_by(Genre.name))
    return [GenreData(id=row.id, name=row.name) for row in rows]


def as_data(movie: Movie) -> MovieData:
    """A stored movie in the words that every source speaks; its genres must be loaded."""
    return MovieData(
        id=movie.id,
        title=movie.title,
        original_title=movie.original_title,
        original_language=movie.original_language,
        overview=movie.overview,
        release_date=movie.release_date,
        genres=tuple(GenreData(id=genre.id, name=genre.name) for genre in movie.genres),
        poster_path=movie.poster_path,
        backdrop_path=movie.backdrop_path,
        vote_average=movie.vote_average,
        vote_count=movie.vote_count,
        popularity=movie.popularity,
        adult=movie.adult,
    )


def names_of_people(ids: Collection[int]) -> dict[int, str]:
    """Names of those of the people who are stored: one statement, none without ids."""
    return _names(Person, ids)


def names_of_keywords(ids: Collection[int]) -> dict[int, str]:
    """Names of those of the keywords that are stored: one statement, none without ids."""
    return _names(Keyword, ids)


def names_of_services(ids: Collection[int]) -> dict[int, str]:
    """Names of those of the services that are stored: one statement, none without ids."""
    return _names(WatchProvider, ids)


def _names(
    table: type[Person] | type[Keyword] | type[WatchProvider], ids: Collection[int]
) -> dict[int, str]:
    if not ids:
        return {}
    rows = db.session.execute(select(table.id, table.name).where(table.id.in_(ids)))
    return {row.id: row.name for row in rows}


def keyword_named(name: str) -> int | None:
    """Id of the keyword of exactly this name: one statement."""
    return db.session.scalar(select(func.min(Keyword.id)).where(Keyword.name == name))


def keywords_holding(start: str, most: int) -> list[KeywordData]:
    """Keywords with a word that begins so: the whole name first, then what most films have."""
    inside = Keyword.name.contains(f" {start}", autoescape=True)
    holding = select(Keyword.id).where(or_(begins(Keyword.name, start), inside)).limit(_LOOKED_AT)
    films = select(func.count()).where(movie_keywords.c.keyword_id == Keyword.id).scalar_subquery()
    rows = db.session.execute(
        select(Keyword.id, Keyword.name)
        .where(Keyword.id.in_(select(holding.subquery().c.id)))
        .order_by((Keyword.name == start).desc(), films.desc(), Keyword.name)
        .limit(most)
    )
    return [KeywordData(row.id, row.name) for row in rows]


def first_ids(size: int) -> list[int]:
    """The first of the stored movies among each `size` numbers: one statement."""
    shown = select(Movie.id).where(Movie.adult.is_(False))
    return list(db.session.scalars(firsts(shown, size)))


def titles_from(first_id: int, size: int) -> list[tuple[int, str, dt.datetime]]:
    """Id, title and age of the stored movies from an id to the end of its `size` numbers."""
    rows = db.session.execute(
        select(Movie.id, Movie.title, Movie.fetched_at)
        .where(from_first(Movie.id, first_id, size), Movie.adult.is_(False))
        .order_by(Movie.id)
    )
    return [(row.id, row.title, row.fetched_at) for row in rows]
