"""Reads what those who run the site say of films, genres and keywords. Changes nothing."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from moviesite.catalogue.overrides import Overlay
from moviesite.catalogue.queries import names_of_keywords
from moviesite.errors import NotFound
from moviesite.extensions import db
from moviesite.local_copies import Replica
from moviesite.models import Genre, Movie, Override
from moviesite.models.overrides import GENRE, KEYWORD, MOVIE, REMOVED

# More ids than these are no part of a statement: what is said is less than what is stored.
_MOST_NAMED = 1_000


def overlay() -> Overlay:
    """Everything that is said here, as it is now; no statement while nothing changed."""
    return _OVERLAY.value()


def changed() -> None:
    """Have every process look anew, once the present change is committed."""
    _OVERLAY.changed()


def edition() -> object:
    """Another one after each change: asked without a statement."""
    return _OVERLAY.mark()


def overrides_of(kind: str, ids: Collection[int]) -> list[Override]:
    """What is said of these things: one statement."""
    about = select(Override).where(Override.kind == kind)
    if len(ids) <= _MOST_NAMED:
        about = about.where(Override.subject_id.in_(ids))
    return [row for row in db.session.scalars(about) if row.subject_id in ids]


def fresh_movie(movie_id: int, *, held: bool = False) -> Movie:
    """A film as it is stored now, with its genres and keywords: three statements.

    Raises NotFound. `held` ones are nobody else's to change until the transaction ends.
    """
    wanted = select(Movie).where(Movie.id == movie_id)
    linked = selectinload(Movie.genres), selectinload(Movie.keywords)
    fresh = wanted.options(*linked).execution_options(populate_existing=True)
    movie = db.session.scalar(fresh.with_for_update() if held else fresh)
    if movie is None:
        raise NotFound("There is no such film here.")
    return movie


def _load() -> Overlay:
    """Three statements, two where no film has keywords of ours."""
    rows = db.session.scalars(select(Override).order_by(Override.subject_id)).all()
    movies: dict[int, dict[str, object]] = {}
    for row in rows:
        if row.kind == MOVIE and row.field != REMOVED:
            movies.setdefault(row.subject_id, {})[row.field] = row.value
    genres = db.session.execute(select(Genre.id, Genre.name))
    return Overlay(
        movies=movies,
        removed_movies=_removed(rows, MOVIE),
        genre_names={row.id: row.name for row in genres},
        renamed_genres=_names(rows, GENRE),
        removed_genres=_removed(rows, GENRE),
        keyword_names=_keywords(movies) | _names(rows, KEYWORD),
        removed_keywords=_removed(rows, KEYWORD),
    )


def _keywords(movies: dict[int, dict[str, object]]) -> dict[int, str]:
    lists = (values.get("keywords") for values in movies.values())
    ids = {id_ for given in lists if isinstance(given, list) for id_ in given}
    return names_of_keywords(ids)


def _names(rows: Collection[Override], kind: str) -> dict[int, str]:
    mine = (row for row in rows if row.kind == kind and row.field == "name")
    return {row.subject_id: str(row.value) for row in mine}


def _removed(rows: Collection[Override], kind: str) -> frozenset[int]:
    mine = (row for row in rows if row.kind == kind and row.field == REMOVED)
    return frozenset(row.subject_id for row in mine)


_OVERLAY: Replica[Overlay] = Replica("overrides", _load)
