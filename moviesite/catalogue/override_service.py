"""Sees to it that what is said of films here outlives what sources tell. No web.

Whoever says something holds the film's row meanwhile; whoever stores what a source told has
written that row, and so holds it too, before `enforce` looks what is said: neither overlooks the
other.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import delete, update

from moviesite import clock
from moviesite.catalogue import override_queries, overrides, storage
from moviesite.catalogue.overrides import DETAIL, LINKS, SUMMARY
from moviesite.database import run_unseen
from moviesite.extensions import db
from moviesite.models import Movie, Override, User
from moviesite.models.overrides import MOVIE, REMOVED
from moviesite.providers.base import MovieData, MovieDetailData
from moviesite.queue import Job, enqueue
from moviesite.transactions import after_commit, transactional

Values = Mapping[str, Any]


@transactional
def enforce(movies: Sequence[MovieData], *, own_language: bool = True) -> None:
    """Let what is said here stand again after these were stored; one statement mostly.

    What the source says is kept beside it, if it is in the site's `own_language`.
    """
    rows = override_queries.overrides_of(MOVIE, {movie.id for movie in movies})
    if not rows:
        return
    removed = {row.subject_id for row in rows if row.field == REMOVED}
    if removed:
        db.session.execute(delete(Movie).where(Movie.id.in_(removed)))
    for movie in movies:
        mine = [row for row in rows if row.subject_id == movie.id and row.field != REMOVED]
        if mine and movie.id not in removed:
            _enforce(movie, mine, own_language)


def _enforce(movie: MovieData, rows: Sequence[Override], own_language: bool) -> None:
    detailed = isinstance(movie, MovieDetailData)
    known = (*SUMMARY, *DETAIL) if detailed else SUMMARY
    mine = [row for row in rows if row.field in known]
    if own_language:
        for row in mine:
            _note_source(row, movie)
    titles = {"title": movie.title, "original_title": movie.original_title}
    _write(movie.id, {row.field: row.value for row in mine}, titles)


def _note_source(row: Override, movie: MovieData) -> None:
    # Rows of lists that name no genre leave those that are known.
    if row.field in getattr(movie, "missing", ()) or (row.field == "genres" and not movie.genres):
        return
    source = overrides.as_json(row.field, getattr(movie, row.field))
    if source != row.source:
        row.source = source


def removed_among(movies: Sequence[MovieData]) -> set[int]:
    """Those that are not to be here: one statement, in the transaction that wrote their rows."""
    rows = override_queries.overrides_of(MOVIE, {movie.id for movie in movies})
    return {row.subject_id for row in rows if row.field == REMOVED}


def locked_movie(movie_id: int) -> Movie:
    """A stored film with its genres and keywords, held until the transaction ends.

    Raises NotFound.
    """
    return override_queries.fresh_movie(movie_id, held=True)


@transactional
def say(user: User, movie: Movie, changes: Values) -> None:
    """Say something of a locked film; what its source says as well is no saying of ours."""
    rows = _rows(movie.id)
    for field, value in changes.items():
        row = rows.get(field)
        source = row.source if row else overrides.as_json(field, getattr(movie, field))
        if value == source:
            if row:
                db.session.delete(row)
        elif row:
            row.value, row.set_by_id, row.set_at = value, user.id, clock.now()
        else:
            key = {"kind": MOVIE, "subject_id": movie.id, "field": field}
            db.session.add(Override(**key, value=value, source=source, set_by_id=user.id))
    _change(movie, changes)


@transactional
def take_back(movie: Movie, fields: Collection[str]) -> dict[str, Any]:
    """Let the source be right again in these fields of a locked film; its values, by field.

    Fields of which nothing was said are left out.
    """
    rows = _rows(movie.id)
    mine = {field: rows[field] for field in fields if field in rows}
    for row in mine.values():
        db.session.delete(row)
    restored = {
        field: overrides.source_of(field, row.source, movie.id) for field, row in mine.items()
    }
    if any(row.source is None for row in mine.values()):
        # What the source says was forgotten, or it says nothing: it is asked.
        enqueue(Job.SYNC_TMDB_MOVIE, movie.id)
    _change(movie, restored)
    return restored


def _rows(movie_id: int) -> dict[str, Override]:
    return {row.field: row for row in override_queries.overrides_of(MOVIE, [movie_id])}


def _change(movie: Movie, values: Values) -> None:
    db.session.flush()
    _write(movie.id, values, {"title": movie.title, "original_title": movie.original_title})
    after_commit(override_queries.changed)


def _write(movie_id: int, values: Values, titles: Mapping[str, str]) -> None:
    columns = {
        name: overrides.as_column(name, value)
        for name, value in values.items()
        if name not in LINKS
    }
    if columns.keys() & titles.keys():
        columns |= storage.search_columns(**{**titles, **_only(columns, titles)})
    if columns:
        mine = update(Movie).where(Movie.id == movie_id)
        run_unseen(mine.values(**columns))
    if "genres" in values:
        storage.set_genres(movie_id, values["genres"])
    if "keywords" in values:
        storage.set_keywords(movie_id, values["keywords"])


def _only(columns: Mapping[str, Any], names: Collection[str]) -> dict[str, Any]:
    return {name: value for name, value in columns.items() if name in names}
