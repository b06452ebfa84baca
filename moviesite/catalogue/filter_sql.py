"""Filters as SQL: narrows any SELECT that joins movies, or says which have what is wanted.

Knows no order and no page.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, and_, exists, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from moviesite.bounds import MAX_ID
from moviesite.catalogue.filters import NO_FILTERS, Filters, genre_slug
from moviesite.database import PLANNED_ANEW
from moviesite.models import (
    Genre,
    GenreEntry,
    Keyword,
    Movie,
    MovieCast,
    MovieCountry,
    MovieCrew,
    PersonTerm,
    movie_genres,
    movie_keywords,
)
from moviesite.text import fold, whole_number

_LAST = "\U0010ffff"

Condition = ColumnElement[bool]
Bound = float | dt.date | None
AnySelect = Select[*tuple[Any, ...]]


class Rows(NamedTuple):
    """What a list is read from: rows of one movie each, whose id is in the column `id`.

    Entries are those of the `genre` that was asked for. `walked` rows are read in the order of an
    index until there are enough: each movie is then asked, instead of first collecting all that a
    filter leaves.
    """

    table: type[Movie] | type[GenreEntry]
    id: SQLColumnExpression[int]
    genre: tuple[str, ...] = ()
    walked: bool = False

    def column(self, name: str) -> InstrumentedAttribute[Any]:
        """Of these rows where they have it, of the movies otherwise."""
        found: InstrumentedAttribute[Any] = getattr(self.table, name, None) or getattr(Movie, name)
        return found

    def linked(self, movie_id: Any, condition: Condition) -> Condition:
        """That a table, in which `movie_id` is the movie's, has such a row for it."""
        if self.walked:
            return exists().where(movie_id == self.id, condition)
        return self.id.in_(select(movie_id).where(condition))


MOVIES = Rows(Movie, Movie.id)
_ENTRIES = Rows(GenreEntry, GenreEntry.movie_id)


def rows_for(filters: Filters) -> Rows:
    """The entries of one genre where it has to be met, all movies otherwise."""
    for group in filters.genres:
        if len(group) == 1:
            return _ENTRIES._replace(genre=group)
    return MOVIES


def ids(filters: Filters, rows: Rows, *more: InstrumentedAttribute[Any]) -> AnySelect:
    """Ids of the movies that meet the filters, and `more` columns, read from these rows."""
    facts = list(_facts_of_movies(filters))
    statement: AnySelect = select(rows.id.label("id"), *more)
    if rows.table is not Movie and (facts or any(column.class_ is Movie for column in more)):
        statement = statement.join(Movie, Movie.id == rows.id)
    statement = statement.where(*_conditions(filters, rows), *facts)
    # How many movies are left, and so where to begin, depends on what is asked for.
    return statement if filters == NO_FILTERS else statement.execution_options(**PLANNED_ANEW)


def narrowed(statement: AnySelect, filters: Filters, *, walking: bool = False) -> AnySelect:
    """The statement with only those movies that meet the filters; `walking` as of `Rows`."""
    return statement.where(*conditions(filters, walking=walking))


def conditions(filters: Filters, *, walking: bool = False) -> list[Condition]:
    """What a movie must meet, one condition for each part of the filters."""
    rows = MOVIES._replace(walked=walking)
    return [*_facts_of_movies(filters), *_conditions(filters, rows)]


def _conditions(filters: Filters, rows: Rows) -> list[Condition]:
    return [*_facts(filters, rows), *_genres_met(filters, rows), *_links(filters, rows)]


def begins(column: InstrumentedAttribute[str], prefix: str) -> Condition:
    """That a text sorted by code point begins so: a range of its index."""
    return and_(column >= prefix, column < prefix + _LAST)


def people_named(name: str) -> Select[int]:
    """Ids of people of whose name every word begins with one of these words, in any order."""
    first, *rest = fold(name).split() or [_LAST]
    found = select(PersonTerm.person_id).where(begins(PersonTerm.term, first))
    for word in rest:
        also = select(PersonTerm.person_id).where(begins(PersonTerm.term, word))
        found = found.where(PersonTerm.person_id.in_(also))
    return found


def _facts(filters: Filters, rows: Rows) -> Iterator[Condition]:
    if not filters.include_adult:
        yield rows.column("adult").is_(False)
    first, last = filters.year_from, filters.year_to
    least = None if first is None else dt.date(first, 1, 1)
    most = None if last is None else dt.date(last, 12, 31)
    yield from _within(rows.column("release_date"), least, most)


def _facts_of_movies(filters: Filters) -> Iterator[Condition]:
    for word in fold(filters.title).split():
        yield (" " + Movie.title_key).contains(f" {word}", autoescape=True)
    if filters.imdb_id:
        yield Movie.imdb_id == filters.imdb_id
    yield from _within(Movie.runtime, filters.runtime_min, filters.runtime_max)
    yield from _within(Movie.vote_average, filters.rating_min, filters.rating_max)
    if filters.languages:
        yield Movie.original_language.in_([code.lower() for code in filters.languages])


def _within(column: InstrumentedAttribute[Any], least: Bound, most: Bound) -> Iterator[Condition]:
    if least is not None:
        yield column >= least
    if most is not None:
        yield column <= most


def _genres_met(filters: Filters, rows: Rows) -> Iterator[Condition]:
    genre_id = movie_genres.c.genre_id
    for group in filters.genres:
        ids = _genres(group)
        if group and group == rows.genre:
            yield GenreEntry.genre_id == ids[0]
        elif len(ids) == 1 and not rows.walked:
            yield _joined(ids[0], rows)
        else:
            yield rows.linked(movie_genres.c.movie_id, genre_id.in_(ids))
    if filters.without_genres:
        unwanted = genre_id.in_(_genres(filters.without_genres))
        yield ~rows.linked(movie_genres.c.movie_id, unwanted)


def _joined(genre_id: Any, rows: Rows) -> Condition:
    """One genre holds very many movies: they are gone through, not collected beforehand."""
    link = movie_genres.alias()
    return and_(link.c.movie_id == rows.id, link.c.genre_id == genre_id)


def _links(filters: Filters, rows: Rows) -> Iterator[Condition]:
    for group in filters.keywords:
        wanted = movie_keywords.c.keyword_id.in_(_keywords(group))
        yield rows.linked(movie_keywords.c.movie_id, wanted)
    if filters.countries:
        codes = [code.upper() for code in filters.countries]
        yield rows.linked(MovieCountry.movie_id, MovieCountry.code.in_(codes))
    for group in filters.people:
        cast = rows.linked(MovieCast.movie_id, _one_of(MovieCast.person_id, group))
        yield or_(cast, rows.linked(MovieCrew.movie_id, _one_of(MovieCrew.person_id, group)))
    for group in filters.cast:
        yield rows.linked(MovieCast.movie_id, _one_of(MovieCast.person_id, group))
    for group in filters.directors:
        directed = and_(MovieCrew.job == "Director", _one_of(MovieCrew.person_id, group))
        yield rows.linked(MovieCrew.movie_id, directed)


def _genres(values: Sequence[str]) -> list[Any]:
    """Ids of genres; a name is looked up once, as a value, and not joined row by row."""
    ids: list[Any] = list(_ids(values))
    slugs = [genre_slug(value) for value in values if not _is_id(value)]
    return ids + [select(Genre.id).where(Genre.slug == one).scalar_subquery() for one in slugs]


def _keywords(values: Sequence[str]) -> Select[int]:
    names = [value.casefold() for value in values if not _is_id(value)]
    return select(Keyword.id).where(or_(Keyword.id.in_(_ids(values)), Keyword.name.in_(names)))


def _one_of(person_id: Any, values: Sequence[str]) -> Condition:
    names = [person_id.in_(people_named(value)) for value in values if not _is_id(value)]
    ids = _ids(values)
    return or_(*names, person_id.in_(ids)) if ids or not names else or_(*names)


def _ids(values: Sequence[str]) -> list[int]:
    return [int(value) for value in values if _is_id(value)]


def _is_id(value: str) -> bool:
    return whole_number(value, 0, MAX_ID) is not None
