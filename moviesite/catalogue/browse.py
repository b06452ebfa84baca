"""Pages of the stored catalogue: filtered, in order, counted. Changes nothing.

At a million movies neither an exact count nor an OFFSET over whole rows is affordable. So what
the filters leave is counted first, up to a bound. Few movies are collected and sorted; of many,
an index in the right order is walked until the page is full. Ids come first, their rows after.
"""

from collections.abc import Mapping, Sequence
from itertools import groupby
from operator import attrgetter, itemgetter
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import ColumnElement, func, literal, select, union_all
from sqlalchemy.orm import InstrumentedAttribute

from moviesite.catalogue import depths
from moviesite.catalogue.filters import MOST_POPULAR, Filters, Ordering, OrderName
from moviesite.catalogue.narrowing import AnySelect, narrowed
from moviesite.catalogue.queries import Community
from moviesite.database import one_of
from moviesite.extensions import db
from moviesite.models import Genre, Movie, movie_genres
from moviesite.providers.base import GenreData, MovieData

COUNTED = 10_000
MAX_PAGE = 500
# From here on a walk costs more than the page itself: it is then done for all pages at once.
DEEP = 1_000

_COLUMNS: dict[OrderName, InstrumentedAttribute[Any]] = {
    "title": Movie.title_key,
    "release_date": Movie.release_date,
    "year": Movie.release_date,
    "popularity": Movie.popularity,
    "vote_average": Movie.vote_average,
    "likes": Movie.likes,
    "rating": Movie.rating_average,
    "imdb_id": Movie.imdb_id,
    "genre": Movie.first_genre,
    "created_at": Movie.created_at,
}

# Plain columns: twenty movies made of them take a third of the time that twenty entities do.
_TOLD = (
    *(Movie.title, Movie.original_title, Movie.original_language, Movie.overview),
    *(Movie.release_date, Movie.poster_path, Movie.backdrop_path, Movie.vote_average),
    *(Movie.vote_count, Movie.popularity, Movie.adult),
)
_TOLD_NAMES = tuple(column.key for column in _TOLD)
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
        return min(-(-self.total // page_size), MAX_PAGE)


def stored(
    filters: Filters, ordering: Ordering = MOST_POPULAR, *, page: int = 1, page_size: int = 20
) -> Stored:
    """One page, in two statements whatever its size; a page past the end is empty."""
    everything = narrowed(select(Movie.id), filters)
    count, exact = depths.counted(filters, lambda: counted(everything), COUNTED)
    offset = (page - 1) * page_size
    if offset >= count:
        return Stored((), count, exact)
    if exact:
        ids = ordered(everything, ordering).offset(offset).limit(page_size)
    elif offset >= DEEP:
        known = depths.in_order(filters, ordering, lambda: _first_ids(filters, ordering))
        return page_of(known[offset : offset + page_size], count, exact=exact)
    else:
        ids = _walked(filters, ordering, offset, page_size)
    return _page(_shown(ids, ordering), count, exact=exact)


def counted(statement: AnySelect) -> tuple[int, bool]:
    """How many rows the statement has up to COUNTED, and whether these are all: one statement."""
    bounded = statement.limit(COUNTED + 1).subquery()
    count = db.session.scalar(select(func.count()).select_from(bounded)) or 0
    return min(count, COUNTED), count <= COUNTED


def ordered(statement: Chosen, ordering: Ordering) -> Chosen:
    """The statement in order; movies without a value come last both ways, ties go by id."""
    column = _COLUMNS[ordering.name]
    known_first = [column.is_(None)] if _may_lack(column) else []
    return statement.order_by(*known_first, *_keys(ordering))


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
    ids = ordered(select(Movie.id).where(one_of(Movie.id, movie_ids)), ordering)
    ids = ids.offset((page - 1) * page_size).limit(page_size)
    return _page(_shown(ids, ordering), len(movie_ids), exact=True)


class _Row(NamedTuple):
    movie: MovieData
    community: Community
    place: Any


def _page(rows: Sequence[_Row], total: int, *, exact: bool) -> Stored:
    community = {row.movie.id: row.community for row in rows}
    return Stored([row.movie for row in rows], total, exact, community)


def _shown(ids: AnySelect, ordering: Ordering) -> list[_Row]:
    """The movies of a SELECT of ids, put in order again: one statement."""
    shown = select(ids.subquery("page").c.id)
    found = _rows(Movie.id.in_(shown), _COLUMNS[ordering.name])
    rows = sorted(found, key=attrgetter("movie.id"), reverse=ordering.descending)
    known = [row for row in rows if row.place is not None]
    lacking = [row for row in rows if row.place is None]
    return [*sorted(known, key=attrgetter("place"), reverse=ordering.descending), *lacking]


def _rows(wanted: ColumnElement[bool], place: Any = Movie.id) -> list[_Row]:
    """Genres come in the same statement, since a round trip costs more than longer rows."""
    statement = (
        select(Movie.id, Genre.id, Genre.name, place.label("place"), *_TOLD, *_COUNTERS)
        .outerjoin(movie_genres, movie_genres.c.movie_id == Movie.id)
        .outerjoin(Genre, Genre.id == movie_genres.c.genre_id)
        .where(wanted)
        .order_by(Movie.id, Genre.name)
    )
    rows = db.session.execute(statement).all()
    return [_row(list(group)) for _, group in groupby(rows, key=itemgetter(0))]


def _row(rows: Sequence[Any]) -> _Row:
    """A movie of its rows, one for each genre."""
    movie_id, _, _, place, *columns = rows[0]
    told, counters = columns[: len(_TOLD)], columns[len(_TOLD) :]
    genres = tuple(GenreData(id=row[1], name=row[2]) for row in rows if row[1] is not None)
    named = dict(zip(_TOLD_NAMES, told, strict=True))
    return _Row(MovieData(id=movie_id, genres=genres, **named), Community(*counters), place)


def _walked(filters: Filters, ordering: Ordering, offset: int, page_size: int) -> AnySelect:
    """Ids along the index of the order; movies without a value are put behind the others."""
    column = _COLUMNS[ordering.name]
    walk = _walk(filters, ordering)
    known = walk.order_by(*_keys(ordering))
    if not _may_lack(column):
        return known.offset(offset).limit(page_size)
    known = known.where(column.is_not(None))
    passed = select(func.count()).select_from(known.limit(offset).subquery()).scalar_subquery()
    lacking = walk.where(column.is_(None)).order_by(_keys(ordering)[1])
    parts = (
        _part(known.offset(offset), 0, page_size),
        _part(lacking.offset(literal(offset) - passed), 1, page_size),
    )
    both = union_all(*parts).subquery("both")
    by_id = both.c.id.desc() if ordering.descending else both.c.id
    return select(both.c.id).order_by(both.c.part, by_id).limit(page_size)


def _first_ids(filters: Filters, ordering: Ordering) -> Sequence[int]:
    """As many ids as are ever shown, in order: one statement, two where values may be lacking."""
    column, walk = _COLUMNS[ordering.name], _walk(filters, ordering)
    known = walk.where(column.is_not(None)).order_by(*_keys(ordering)).limit(COUNTED)
    ids = list(db.session.scalars(known))
    if _may_lack(column) and len(ids) < COUNTED:
        lacking = walk.where(column.is_(None)).order_by(_keys(ordering)[1])
        ids += db.session.scalars(lacking.limit(COUNTED - len(ids)))
    return ids


def _walk(filters: Filters, ordering: Ordering) -> AnySelect:
    walk = narrowed(select(Movie.id), filters, walking=True)
    return walk.with_hint(Movie, f"INDEXED BY {_index(_COLUMNS[ordering.name])}", "sqlite")


def _part(ids: AnySelect, number: int, page_size: int) -> AnySelect:
    rows = ids.limit(page_size).subquery()
    return select(rows.c.id, literal(number).label("part"))


def _keys(ordering: Ordering) -> tuple[ColumnElement[Any], ...]:
    column = _COLUMNS[ordering.name]
    if ordering.descending:
        return column.desc(), Movie.id.desc()
    return column.asc(), Movie.id.asc()


def _may_lack(column: InstrumentedAttribute[Any]) -> bool:
    return bool(column.nullable)


def _index(column: InstrumentedAttribute[Any]) -> str:
    return f"ix_movies_{column.key}_id_adult"
