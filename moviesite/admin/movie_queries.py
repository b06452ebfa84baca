"""Films as those who run the site look after them. Changes nothing."""

import datetime as dt
from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import Select, func, select

from moviesite.bounds import ADMIN_PAGE_SIZE, MAX_ID, Page
from moviesite.catalogue import browse, finding, override_queries, overrides, search_syntax
from moviesite.database import tables_about
from moviesite.extensions import db
from moviesite.models import Movie, Override, User
from moviesite.models.overrides import MOVIE, REMOVED
from moviesite.text import whole_number

ALL, CHANGED, REMOVED_ONES = "all", "changed", "removed"
SHOWN = (ALL, CHANGED, REMOVED_ONES)


class MovieLine(NamedTuple):
    """A film in a list; `overridden` names the fields that are said here."""

    id: int
    title: str
    release_date: dt.date | None
    overridden: Sequence[str]
    fetched_at: dt.datetime | None
    detailed_at: dt.datetime | None
    removed: bool = False


class Saying(NamedTuple):
    """What is said here of a field, and what its source said last."""

    value: Any
    source: Any
    set_at: dt.datetime
    set_by: str | None


class MovieSheet(NamedTuple):
    """Everything about one film: values as JSON holds them, what is said here, who holds it."""

    id: int
    values: dict[str, Any]
    overrides: dict[str, Saying]
    genres: Sequence[tuple[int, str]]
    keywords: Sequence[tuple[int, str]]
    held_by: dict[str, int]
    created_at: dt.datetime
    fetched_at: dt.datetime
    detailed_at: dt.datetime | None

    @property
    def title(self) -> str:
        """What the film is called here."""
        return str(self.values["title"])


def movies(
    search: str, shown: str, *, page: int = 1, page_size: int = ADMIN_PAGE_SIZE
) -> Page[MovieLine]:
    """A page of films by words or id, of all, the changed or the removed.

    At most six statements, whatever the size of the page.
    """
    if shown == ALL:
        return _stored(search, page, page_size)
    wanted = _edited(shown).order_by(Override.subject_id)
    total, _ = browse.counted(wanted)
    ids = list(db.session.scalars(wanted.limit(page_size).offset((page - 1) * page_size)))
    return Page(_lines(ids), total, page_size)


def _stored(search: str, page: int, page_size: int) -> Page[MovieLine]:
    # An id, as addresses have it; titles that are numbers come after it.
    movie_id = whole_number(search, 1, MAX_ID) if page == 1 else None
    exact = browse.chosen([movie_id]) if movie_id else []
    found = finding.browse_stored(search_syntax.read(search), page=page, page_size=page_size)
    ids = dict.fromkeys([*(m.id for m in exact), *(m.id for m in found.movies)])
    return Page(_lines(list(ids)[:page_size]), max(found.total, len(ids)), page_size)


def _edited(shown: str) -> Select[Any]:
    wanted = select(Override.subject_id).where(Override.kind == MOVIE).distinct()
    if shown == REMOVED_ONES:
        return wanted.where(Override.field == REMOVED)
    return wanted.where(Override.field != REMOVED)


def _lines(ids: Sequence[int]) -> list[MovieLine]:
    """Two statements; a removed film is named as it was."""
    columns = (Movie.id, Movie.title, Movie.release_date, Movie.fetched_at, Movie.detailed_at)
    rows = {row.id: row for row in db.session.execute(select(*columns).where(Movie.id.in_(ids)))}
    edits: dict[int, dict[str, Override]] = {}
    for one in override_queries.overrides_of(MOVIE, ids):
        edits.setdefault(one.subject_id, {})[one.field] = one
    return [_line(id_, rows.get(id_), edits.get(id_, {})) for id_ in ids]


def _line(movie_id: int, row: Any, edits: dict[str, Override]) -> MovieLine:
    gone = edits.get(REMOVED)
    fields = sorted(name for name in edits if name != REMOVED)
    if row is None:
        title = str(gone.source or "") if gone else ""
        return MovieLine(movie_id, title, None, fields, None, None, removed=bool(gone))
    return MovieLine(
        movie_id, row.title, row.release_date, fields, row.fetched_at, row.detailed_at, bool(gone)
    )


def sheet(movie_id: int) -> MovieSheet:
    """Everything about one film: five statements. Raises NotFound."""
    movie = override_queries.fresh_movie(movie_id)
    genres = [(genre.id, genre.name) for genre in movie.genres]
    keywords = sorted(((word.id, word.name) for word in movie.keywords), key=lambda pair: pair[1])
    return MovieSheet(
        id=movie.id,
        values=state(movie),
        overrides=_sayings(movie_id),
        genres=genres,
        keywords=keywords,
        held_by=held_by(movie_id),
        created_at=movie.created_at,
        fetched_at=movie.fetched_at,
        detailed_at=movie.detailed_at,
    )


def state(movie: Movie) -> dict[str, Any]:
    """What can be said of a film, as JSON holds it; genres and keywords must be loaded."""
    return {name: overrides.as_json(name, getattr(movie, name)) for name in overrides.FIELDS}


def removed_title(movie_id: int) -> str | None:
    """What a removed film was called; None where it was not removed: one statement."""
    row = db.session.get(Override, (MOVIE, movie_id, REMOVED))
    return str(row.source or movie_id) if row else None


def held_by(movie_id: int) -> dict[str, int]:
    """How many things of people's hang on a film, by kind: one statement."""
    counts = [
        select(func.count()).where(table.c.movie_id == movie_id).scalar_subquery()
        for table in HOLDERS.values()
    ]
    row = db.session.execute(select(*counts)).one()
    return dict(zip(HOLDERS, row, strict=True))


def _sayings(movie_id: int) -> dict[str, Saying]:
    rows = db.session.execute(
        select(Override, User.username)
        .outerjoin(User, User.id == Override.set_by_id)
        .where(Override.kind == MOVIE, Override.subject_id == movie_id, Override.field != REMOVED)
        .execution_options(populate_existing=True)
    )
    return {row.field: Saying(row.value, row.source, row.set_at, name) for row, name in rows}


# Tables whose rows are people's own and keep a film from being deleted, by name.
HOLDERS = {table.name: table for table in tables_about(Movie, "RESTRICT")}
