"""Pages of the stored catalogue: filtered, in order, counted. Changes nothing.

At a million movies neither an exact count nor an OFFSET over whole rows is affordable. So what
the filters leave is counted first, up to a bound. Few movies are collected and sorted; of many,
an index in the right order is walked until the page is full. Ids come first, their rows after.
One genre has an index of its own for the orders that its entries tell.
"""

from collections.abc import Mapping, Sequence
from itertools import groupby
from operator import attrgetter, itemgetter
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import ColumnElement, func, literal, select, union_all
from sqlalchemy.orm import InstrumentedAttribute

from moviesite.bounds import page_count
from moviesite.catalogue import long_lists
from moviesite.catalogue.filter_sql import MOVIES, AnySelect, Rows, ids, rows_for
from moviesite.catalogue.filters import MOST_POPULAR, Filters, Ordering, OrderName
from moviesite.catalogue.queries import Community
from moviesite.database import one_of
from moviesite.extensions import db
from moviesite.models import Genre, Movie, movie_genres
from moviesite.providers.base import GenreData, MovieData

COUNTED = 10_000
# From here on a walk costs more than the page itself: it is then done for all pages at once.
DEEP = 1_000

# Orders by columns that are called otherwise.
_COLUMNS: dict[OrderName, str] = {
    "title": "title_key",
    "year": "release_date",
    "rating": "rating_average",
    "genre": "first_genre",
}
# Orders in which entries of genres can be walked.
_OF_ENTRIES = frozenset({"popularity", "release_date", "year"})

# Plain columns: twenty movies made of them take a third of the time that twenty entities do.
_FACTS = (
    *(Movie.title, Movie.original_title, Movie.original_language, Movie.overview),
    *(Movie.release_date, Movie.poster_path, Movie.backdrop_path, Movie.vote_average),
    *(Movie.vote_count, Movie.popularity, Movie.adult),
)
_FACT_NAMES = tuple(column.key for column in _FACTS)
_COUNTERS = tuple(getattr(Movie, name) for name in Community._fields)

Chosen = TypeVar("Chosen", bound=AnySelect)


class Stored(NamedTuple):
    """A page of stored movies and what people here made of them, by id.

    `total` stops at COUNTED, and `exact` says whether it did not.
    """

    movies: Sequence[MovieData]
    total: int
    exact: bool
    community: Mapping[int, Community] = {}

    def pages(self, page_size: int) -> int:
        """How many pages of that size can be had."""
        return page_count(self.total, page_size)


def stored(
    filters: Filters, ordering: Ordering = MOST_POPULAR, *, page: int = 1, page_size: int = 20
) -> Stored:
    """One page, in two statements whatever its size; a page past the end is empty."""
    rows = rows_for(filters)
    count, exact = long_lists.counted(filters, lambda: counted(ids(filters, rows)), COUNTED)
    offset = (page - 1) * page_size
    if offset >= count:
        return Stored((), count, exact)
    if exact:
        everything = ids(filters, rows, _column(ordering, rows))
        shown = ordered(everything, ordering, rows).offset(offset).limit(page_size)
    elif offset >= DEEP:
        known = long_lists.in_order(filters, ordering, lambda: _first_ids(filters, ordering))
        return page_of(known[offset : offset + page_size], count, exact=exact)
    else:
        shown = _walked(filters, ordering, offset, page_size)
    return _page(_shown(shown, ordering), count, exact=exact)


def counted(statement: AnySelect) -> tuple[int, bool]:
    """How many rows the statement has up to COUNTED, and whether these are all: one statement."""
    bounded = statement.limit(COUNTED + 1).subquery()
    rows = select(func.count()).select_from(bounded)
    count = db.session.scalar(rows, execution_options=statement.get_execution_options()) or 0
    return min(count, COUNTED), count <= COUNTED


def ordered(statement: Chosen, ordering: Ordering, rows: Rows = MOVIES) -> Chosen:
    """The statement in order; movies without a value come last both ways, ties go by id."""
    column = _column(ordering, rows)
    known_first = [column.is_(None)] if _may_lack(column) else []
    return statement.order_by(*known_first, *_keys(ordering, rows))


def chosen(movie_ids: Sequence[int]) -> Sequence[MovieData]:
    """The movies with these ids, with their genres, in the order of the ids: one statement."""
    return page_of(movie_ids, len(movie_ids)).movies


def page_of(movie_ids: Sequence[int], total: int, *, exact: bool = True) -> Stored:
    """Those of so many movies that are on a page, in the order of their ids: one statement."""
    if not movie_ids:
        return Stored((), total, exact)
    rows = {row.movie.id: row for row in _rows(one_of(Movie.id, movie_ids))}
    return _page([rows[each] for each in movie_ids if each in rows], total, exact=exact)


def among(movie_ids: Sequence[int], ordering: Ordering, *, page: int, page_size: int) -> Stored:
    """A page of these movies in another order than that of the ids: one statement."""
    wanted = ordered(select(Movie.id).where(one_of(Movie.id, movie_ids)), ordering)
    wanted = wanted.offset((page - 1) * page_size).limit(page_size)
    return _page(_shown(wanted, ordering), len(movie_ids), exact=True)


class _Row(NamedTuple):
    movie: MovieData
    community: Community
    place: Any


def _page(rows: Sequence[_Row], total: int, *, exact: bool) -> Stored:
    community = {row.movie.id: row.community for row in rows}
    return Stored([row.movie for row in rows], total, exact, community)


def _shown(wanted: AnySelect, ordering: Ordering) -> list[_Row]:
    """The movies of a SELECT of ids, put in order again: one statement."""
    shown = select(wanted.subquery("page").c.id)
    place, options = _column(ordering, MOVIES), wanted.get_execution_options()
    found = _rows(Movie.id.in_(shown), place, options)
    rows = sorted(found, key=attrgetter("movie.id"), reverse=ordering.descending)
    known = [row for row in rows if row.place is not None]
    lacking = [row for row in rows if row.place is None]
    return [*sorted(known, key=attrgetter("place"), reverse=ordering.descending), *lacking]


def _rows(
    wanted: ColumnElement[bool], place: Any = Movie.id, options: Mapping[str, Any] | None = None
) -> list[_Row]:
    """Genres come in the same statement, since a round trip costs more than longer rows."""
    statement = (
        select(Movie.id, Genre.id, Genre.name, place.label("place"), *_FACTS, *_COUNTERS)
        .outerjoin(movie_genres, movie_genres.c.movie_id == Movie.id)
        .outerjoin(Genre, Genre.id == movie_genres.c.genre_id)
        .where(wanted)
        .order_by(Movie.id, Genre.name)
    )
    rows = db.session.execute(statement, execution_options=options or {}).all()
    return [_row(list(group)) for _, group in groupby(rows, key=itemgetter(0))]


def _row(rows: Sequence[Any]) -> _Row:
    """A movie of its rows, one for each genre."""
    movie_id, _, _, place, *columns = rows[0]
    facts, counters = columns[: len(_FACTS)], columns[len(_FACTS) :]
    genres = tuple(GenreData(id=row[1], name=row[2]) for row in rows if row[1] is not None)
    named = dict(zip(_FACT_NAMES, facts, strict=True))
    return _Row(MovieData(id=movie_id, genres=genres, **named), Community(*counters), place)


def _walked(filters: Filters, ordering: Ordering, offset: int, page_size: int) -> AnySelect:
    """Ids along the index of the order; movies without a value are put behind the others."""
    walk, rows = _walk(filters, ordering)
    column = _column(ordering, rows)
    known = walk.order_by(*_keys(ordering, rows))
    if not _may_lack(column):
        return known.offset(offset).limit(page_size)
    known = known.where(column.is_not(None))
    passed = select(func.count()).select_from(known.limit(offset).subquery()).scalar_subquery()
    lacking = walk.where(column.is_(None)).order_by(_keys(ordering, rows)[1])
    parts = (
        _part(known.offset(offset), 0, page_size),
        _part(lacking.offset(literal(offset) - passed), 1, page_size),
    )
    both = union_all(*parts).subquery("both")
    by_id = both.c.id.desc() if ordering.descending else both.c.id
    page = select(both.c.id).order_by(both.c.part, by_id).limit(page_size)
    return page.execution_options(**walk.get_execution_options())


def _first_ids(filters: Filters, ordering: Ordering) -> Sequence[int]:
    """As many ids as are ever shown, in order: one statement, two where values may be lacking."""
    walk, rows = _walk(filters, ordering)
    column, keys = _column(ordering, rows), _keys(ordering, rows)
    known = walk.where(column.is_not(None)).order_by(*keys).limit(COUNTED)
    found = list(db.session.scalars(known))
    if _may_lack(column) and len(found) < COUNTED:
        lacking = walk.where(column.is_(None)).order_by(keys[1])
        found += db.session.scalars(lacking.limit(COUNTED - len(found)))
    return found


def _walk(filters: Filters, ordering: Ordering) -> tuple[AnySelect, Rows]:
    rows = rows_for(filters) if ordering.name in _OF_ENTRIES else MOVIES
    rows = rows._replace(walked=True)
    return ids(filters, rows), rows


def _part(wanted: AnySelect, number: int, page_size: int) -> AnySelect:
    rows = wanted.limit(page_size).subquery()
    return select(rows.c.id, literal(number).label("part"))


def _column(ordering: Ordering, rows: Rows) -> InstrumentedAttribute[Any]:
    return rows.column(_COLUMNS.get(ordering.name, ordering.name))


def _keys(ordering: Ordering, rows: Rows) -> tuple[ColumnElement[Any], ...]:
    column = _column(ordering, rows)
    if ordering.descending:
        return column.desc(), rows.id.desc()
    return column.asc(), rows.id.asc()


def _may_lack(column: InstrumentedAttribute[Any]) -> bool:
    return bool(column.nullable)
