"""Filters as SQL: narrows any SELECT that joins movies. Knows no order and no page."""

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from moviesite.catalogue.filters import Filters, genre_slug
from moviesite.models import (
    Genre,
    Keyword,
    Movie,
    MovieCast,
    MovieCountry,
    MovieCrew,
    PersonTerm,
    movie_genres,
    movie_keywords,
)
from moviesite.text import fold

_MAX_ID = 2**31 - 1
_LAST = "\U0010ffff"

Condition = ColumnElement[bool]
AnySelect = Select[*tuple[Any, ...]]


def narrowed(statement: AnySelect, filters: Filters, *, walking: bool = False) -> AnySelect:
    """The statement with only those movies that meet the filters.

    `walking` is for a statement that reads movies in the order of an index until it has enough:
    each movie is then asked, instead of first collecting all that a filter leaves.
    """
    return statement.where(*conditions(filters, walking=walking))


def conditions(filters: Filters, *, walking: bool = False) -> list[Condition]:
    """What a movie must meet, one condition for each part of the filters."""
    return [*_facts(filters), *_links(filters, walking)]


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


def _facts(filters: Filters) -> Iterator[Condition]:
    if not filters.include_adult:
        yield Movie.adult.is_(False)
    for word in fold(filters.title).split():
        yield (" " + Movie.title_key).contains(f" {word}", autoescape=True)
    if filters.imdb_id:
        yield Movie.imdb_id == filters.imdb_id
    if filters.year_from is not None:
        yield Movie.release_date >= dt.date(filters.year_from, 1, 1)
    if filters.year_to is not None:
        yield Movie.release_date <= dt.date(filters.year_to, 12, 31)
    yield from _within(Movie.runtime, filters.runtime_min, filters.runtime_max)
    yield from _within(Movie.vote_average, filters.rating_min, filters.rating_max)
    if filters.languages:
        yield Movie.original_language.in_([code.lower() for code in filters.languages])


def _within(
    column: InstrumentedAttribute[Any], least: float | None, most: float | None
) -> Iterator[Condition]:
    if least is not None:
        yield column >= least
    if most is not None:
        yield column <= most


def _links(filters: Filters, walking: bool) -> Iterator[Condition]:
    genre_ids = movie_genres.c.genre_id
    for group in filters.genres:
        ids = _genres(group)
        if len(ids) == 1 and not walking:
            yield _joined(ids[0])
        else:
            yield _linked(movie_genres.c.movie_id, genre_ids.in_(ids), walking)
    if filters.without_genres:
        unwanted = genre_ids.in_(_genres(filters.without_genres))
        yield ~_linked(movie_genres.c.movie_id, unwanted, walking)
    for group in filters.keywords:
        wanted = movie_keywords.c.keyword_id.in_(_keywords(group))
        yield _linked(movie_keywords.c.movie_id, wanted, walking)
    if filters.countries:
        codes = [code.upper() for code in filters.countries]
        yield _linked(MovieCountry.movie_id, MovieCountry.code.in_(codes), walking)
    yield from _roles(filters, walking)


def _roles(filters: Filters, walking: bool) -> Iterator[Condition]:
    for group in filters.people:
        cast = _linked(MovieCast.movie_id, _one_of(MovieCast.person_id, group), walking)
        yield or_(cast, _linked(MovieCrew.movie_id, _one_of(MovieCrew.person_id, group), walking))
    for group in filters.cast:
        yield _linked(MovieCast.movie_id, _one_of(MovieCast.person_id, group), walking)
    for group in filters.directors:
        directed = and_(MovieCrew.job == "Director", _one_of(MovieCrew.person_id, group))
        yield _linked(MovieCrew.movie_id, directed, walking)


def _joined(genre_id: Any) -> Condition:
    """One genre holds very many movies: they are gone through, not collected beforehand."""
    link = movie_genres.alias()
    return and_(link.c.movie_id == Movie.id, link.c.genre_id == genre_id)


def _linked(movie_id: Any, condition: Condition, walking: bool) -> Condition:
    if walking:
        return exists().where(movie_id == Movie.id, condition)
    return Movie.id.in_(select(movie_id).where(condition))


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
    return value.isascii() and value.isdecimal() and int(value[:11]) <= _MAX_ID
